// Runs the end-to-end tests in two lanes at once: one engine leaves most of a machine idle, and docker's files must not meet each other.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const jest = [
  ...["--no-warnings", "--experimental-vm-modules", "node_modules/jest/bin/jest.js"],
  ...["--config", "jest.e2e.config.mjs"],
];
/** Files of the first lane: all that use docker or podman, and about half of the rest by time. */
const first = "__tests__/e2e/(?:vllm-container|container-|action|workflow-lint|demo|html-report)";
const lanes = [
  ["--testPathPatterns", first],
  ["--testPathIgnorePatterns", first],
];

const asked = process.argv.slice(2);
const codes = await Promise.all((asked.length > 0 ? [asked] : lanes).map(run));
process.exitCode = codes.find((code) => code !== 0) ?? 0;

/** Whole lines only, so that the lanes never mix within one. */
function run(words) {
  const child = spawn(process.execPath, [...jest, ...words], { stdio: ["ignore", "pipe", "pipe"] });
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ])
    createInterface({ input: from }).on("line", (line) => to.write(`${line}\n`));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}
