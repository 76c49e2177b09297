/** Copies a folder to where the test looks for artifacts. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import * as core from "@actions/core";

const name = core.getInput("name");
cpSync(core.getInput("path", { required: true }), join(process.env.EVIDENCE ?? "", "artifacts", name), {
  recursive: true,
});
core.setOutput("artifact-url", `https://github.invalid/artifacts/${name}`);
