/** The engines of the drivers as processes of this machine, from a virtual environment. */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { markedProcesses } from "../fixtures/marked-processes.ts";
import type { EnginePlace } from "./planted-changes.ts";
import { installAside, otherJinja2, realVllmForTests } from "./real-vllm.ts";

/** The suite's command stays the same; what it runs gets another package in front. */
export async function processPlace(folder: string): Promise<EnginePlace> {
  const { python } = await realVllmForTests();
  const packages = join(folder, "packages");
  const interpreter = (before: string) => {
    writeFileSync(join(folder, "python"), `#!/bin/sh\n${before}exec '${python}' "$@"\n`);
    chmodSync(join(folder, "python"), 0o755);
  };
  interpreter("");
  const words = { command: ["./python"] };
  return {
    words,
    moved: async () => {
      installAside(python, packages, [`jinja2==${otherJinja2}`]);
      interpreter(`PYTHONPATH='${packages}' `);
      return { words, back: () => interpreter("") };
    },
    toldOfMoved: ["package.jinja2"],
    facts: { "runtime.name": "process" },
    left: () => markedProcesses(folder),
  };
}
