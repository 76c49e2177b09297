/** The gate inside the container of a job, made as the runner makes it: the engine's container is started beside it, on the same docker. */

import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { buildBundles } from "./build-bundles.ts";
import { type ContainerHost, containerHost, serverInside } from "./container-host.ts";
import { realPartsForTests } from "./real-parts.ts";

let host: ContainerHost;
/** The runner's work folder on the host. */
let work = "";
let root = "";
/** Of this test alone, to tell its containers from those of others. */
const repository = `test/${randomUUID()}`;
/** The runner makes one for each job. */
const network = `github_network_${randomUUID().replaceAll("-", "")}`;
beforeAll(async () => {
  host = await containerHost();
  host.run("docker", "network", "create", network);
  root = mkdtempSync(join(tmpdir(), "container-job-"));
  work = join(root, "_work");
  for (const folder of ["_temp/_github_home", "_temp/_github_workflow", "_actions", "_tool", "app/app/models"])
    mkdirSync(join(work, folder), { recursive: true });
  buildBundles(join(work, "_actions", "dist"));
  cpSync("drivers", join(work, "_actions", "drivers"), { recursive: true });
  copyFileSync((await realPartsForTests()).modelPath, join(work, "app/app/models/small.gguf"));
  writeSuite("models/small.gguf");
});
afterAll(async () => {
  rmSync(root, { recursive: true, force: true });
  host.run("docker", "network", "rm", network);
  await host.stop();
});

function writeSuite(model: string, more: readonly string[] = []): void {
  const lines = [
    "version: 1",
    "name: app",
    "runtime: docker",
    `image: ${host.imageName}@${host.imageDigest}`,
    ...more,
    "engine:",
    "  name: llama-cpp",
    `  command: ${JSON.stringify(serverInside)}`,
    "  args: { ctx-size: 256, threads: 1, parallel: 1 }",
    `model: { name: small, path: ${model} }`,
    "sampling: { temperature: 0, seed: 42, max_tokens: 12 }",
    "cases: [{ id: harbour, prompt: The old harbour town }]",
    "",
  ];
  writeFileSync(join(work, "app/app/suite.yml"), lines.join("\n"));
}

/** Mounts and variables as actions/runner 2.336.0 gives them; the programs of this machine, since the image has neither Node nor docker. */
function inJob(...words: readonly string[]): { readonly code: number | null; readonly text: string } {
  const mounts = [
    "/var/run/docker.sock:/var/run/docker.sock",
    `${work}:/__w`,
    `${work}/_temp:/__w/_temp`,
    `${work}/_actions:/__w/_actions`,
    `${work}/_tool:/__w/_tool`,
    `${work}/_temp/_github_home:/github/home`,
    `${work}/_temp/_github_workflow:/github/workflow`,
    "/usr:/usr:ro",
  ];
  const env = [
    "GITHUB_ACTIONS=true",
    "CI=true",
    "HOME=/github/home",
    "RUNNER_WORKSPACE=/__w/app",
    "GITHUB_WORKSPACE=/__w/app/app",
    `GITHUB_REPOSITORY=${repository}`,
    "INFERENCE_GATE_STATE=/__w/_temp/state",
    "PATH=/usr/local/bin:/usr/bin:/bin",
  ];
  const done = spawnSync(
    "docker",
    [
      ...["run", "--rm", "--network", network, "--workdir", "/__w/app/app"],
      ...mounts.flatMap((mount) => ["-v", mount]),
      ...env.flatMap((one) => ["-e", one]),
      `${host.imageName}@${host.imageDigest}`,
      ...words,
    ],
    { encoding: "utf8" },
  );
  return { code: done.status, text: `${done.stdout}${done.stderr}` };
}

const gate = (...words: readonly string[]) =>
  inJob(process.execPath, "/__w/_actions/dist/inference-gate.mjs", ...words, "--suite", "suite.yml");

/** Containers and networks of the gate in this test. */
const left = () =>
  [
    ["ps", "--all"],
    ["network", "ls"],
  ].map((words) =>
    host
      .run("docker", ...(words as [string]), "--quiet", "--filter", `label=inference-gate.repository=${repository}`)
      .trim(),
  );

test("record and check reach the engine beside the job, on a network without a way out, with the model from the work folder", () => {
  const recorded = gate("record", "--allow-ci");
  expect([recorded.code, recorded.text]).toEqual([0, expect.stringContaining("written  harbour")]);
  const checked = gate("check");
  expect([checked.code, checked.text]).toEqual([0, expect.stringContaining("MATCH")]);
  expect(left()).toEqual(["", ""]);
});

test("with an ordinary network as well, where a port of the host would not be ours", () => {
  writeSuite("models/small.gguf", ["container: { network: allow }"]);
  const recorded = gate("record", "--allow-ci", "--mode", "all", "--reason", "network: allow");
  writeSuite("models/small.gguf");
  expect([recorded.code, recorded.text]).toEqual([0, expect.stringContaining("written  harbour")]);
  expect(left()).toEqual(["", ""]);
});

test("a model that only the job's container has is refused, with the mount that would give it", () => {
  writeSuite("/opt/models/small.gguf");
  const script = 'mkdir -p /opt/models && cp models/small.gguf /opt/models/ && exec "$0" "$@"';
  const ran = inJob(
    ...["sh", "-c", script, process.execPath, "/__w/_actions/dist/inference-gate.mjs"],
    ...["record", "--allow-ci", "--mode", "all", "--reason", "elsewhere", "--suite", "suite.yml"],
  );
  writeSuite("models/small.gguf");
  expect(ran.code).toBe(3);
  expect(ran.text).toContain("[runtimes/path-not-mounted]");
  expect(ran.text.replace(/\s+/g, " ")).toContain('container: { volumes: ["/path/on/the/host:/opt/models:ro"] }');
  expect(left()).toEqual(["", ""]);
});
