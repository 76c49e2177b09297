/** Copies the folder that the test gives for a repository at a commit into the workspace; knows no other one. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import * as core from "@actions/core";

const asked = `${core.getInput("repository", { required: true })}@${core.getInput("ref", { required: true })}`;
const folder: unknown = JSON.parse(process.env.CHECKOUTS ?? "{}")[asked];
if (typeof folder === "string") {
  cpSync(folder, join(process.env.GITHUB_WORKSPACE ?? "", core.getInput("path")), { recursive: true });
} else {
  core.setFailed(`the test gives no ${asked}`);
}
