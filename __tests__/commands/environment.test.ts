import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { measureEnvironment } from "../../src/commands/environment.ts";
import { nodeWorkbench } from "../../src/commands/node-workbench.ts";
import { problemsFrom } from "../suite/suite-folder.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "environment-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program that is ready, tells these facts, and ends when it is told to. */
function suiteWith(facts: object): string {
  const ready = { type: "ready", protocol: 1, engine: { name: "own", version: "1.2" }, facts };
  writeFileSync(
    join(folder, "engine.mjs"),
    `console.log(${JSON.stringify(JSON.stringify(ready))}); process.stdin.on("data", (data) => { if (String(data).includes('"bye"')) process.exit(0); });`,
  );
  const path = join(folder, "suite.yml");
  writeFileSync(
    path,
    `version: 1\nruntime: process\nengine: { name: command, command: [${JSON.stringify(process.execPath)}, engine.mjs] }\nsampling: { seed: 1, max_tokens: 4 }\ncases: [{ id: a, prompt: b }]\n`,
  );
  return path;
}
const bench = () =>
  nodeWorkbench({
    onProgress: () => {},
    signal: new AbortController().signal,
    env: { INFERENCE_GATE_CACHE: join(folder, "cache"), HF_HUB_CACHE: join(folder, "hub") },
  });

test("what an engine tells is sorted into its groups, most telling first, and nothing is replayed", async () => {
  const facts = { "package.certifi": "1", "package.torch": "2.13.0", "config.model.dtype": "bfloat16", device: "cpu" };
  const { hardwareClass, groups } = await measureEnvironment(suiteWith(facts), bench());
  expect(hardwareClass).toMatch(/^cpu-/);
  const keysOf = (wanted: string) => groups.find(({ group }) => group === wanted)?.facts.map(({ key }) => key);
  expect(keysOf("packages")).toEqual(["package.torch", "package.certifi"]);
  expect(keysOf("settings")).toContain("engine.config.model.dtype");
  expect(keysOf("engine")).toEqual(expect.arrayContaining(["engine.name", "engine.version", "engine.device"]));
  expect(keysOf("image")).toBeUndefined();
});

test("an engine that cannot be started says why", async () => {
  const path = suiteWith({});
  rmSync(join(folder, "engine.mjs"));
  expect(await problemsFrom(measureEnvironment(path, bench()))).toMatchObject([{ code: "runtimes/exited-early" }]);
});
