/** A model of the hub from the fetch to the check: fetched in a step that has a network, recorded and checked by real transformers and real vLLM in a network namespace that has none. */
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { blobOf, commit, type FakeHub, fakeHub, modelName } from "../hub/fake-hub.ts";
import { buildGate, type Gate, type Place } from "./gate.ts";
import { type Loopback, withoutNetwork } from "./network-namespace.ts";
import { type RealVllm, realVllmForTests } from "./real-vllm.ts";

let gate: Gate;
let place: Place;
let hub: FakeHub;
let real: RealVllm;
let cache = "";
let files: { [name: string]: Buffer } = {};

beforeAll(async () => {
  gate = buildGate();
  gate.withDrivers();
  place = gate.place();
  real = await realVllmForTests();
  files = Object.fromEntries(readdirSync(real.tiny).map((name) => [name, readFileSync(join(real.tiny, name))]));
  hub = await fakeHub(files);
  cache = mkdtempSync(join(place.folder, "hub-"));
  interpreter();
  place.write("inference-gate/suite.yml", suiteWith(`"${commit}"`));
});
afterAll(async () => {
  await hub.close();
  gate.remove();
});

/** The engine's command, which stays the same, and what it runs: the real interpreter, with packages of ours in front when given. */
function interpreter(packages: string | null = null): void {
  const path = packages === null ? "" : `PYTHONPATH='${packages}' `;
  place.write("inference-gate/python", `#!/bin/sh\n${path}exec '${real.python}' "$@"\n`);
  chmodSync(join(place.folder, "inference-gate/python"), 0o755);
}

const suiteWith = (revision: string) => `version: 1
runtime: process
engine: { name: transformers, command: [./python], args: { dtype: bfloat16 } }
model: { name: ${modelName}, revision: ${revision} }
sampling: { temperature: 0, seed: 1, max_tokens: 24, ignore_eos: true }
compare: { tier: bits }
cases:
  - { id: harbour, prompt: "The old harbour town woke slowly, and" }
  - { id: chat, messages: [{ role: user, content: Hello! }] }
`;
const env = () => ({ HF_ENDPOINT: hub.endpoint, HF_HUB_CACHE: cache, HF_TOKEN: "hf_for_the_hub_alone" });

const without = (loopback: Loopback, args: readonly string[]) =>
  withoutNetwork({ gate, place, loopback, env: env() }, args);

test("before the fetch the command to fetch is what the run says, and nothing is asked of the hub", async () => {
  const { code, text } = await place.run(["record"], env());
  expect(code).toBe(3);
  expect(text).toContain("hub/model-not-cached");
  expect(text).toContain("inference-gate fetch\n");
  expect(hub.requests).toEqual([]);
});

test("a branch is refused with the commit that the hub tells", async () => {
  place.write("moving.yml", suiteWith("main"));
  const refused = await place.run(["check", "--suite", "moving.yml"], env());
  expect([refused.code, refused.text]).toEqual([2, expect.stringContaining("suite/moving-revision")]);
  expect(refused.text).toContain(`inference-gate fetch --model ${modelName} --revision main`);
  const told = await place.run(["fetch", "--model", modelName, "--revision", "main"], env());
  expect([told.code, told.text]).toEqual([2, expect.stringContaining(`revision: "${commit}"`)]);
});

test("the fetch brings every file and says so", async () => {
  const { code, text } = await place.run(["fetch"], env());
  expect(code).toBe(0);
  expect(text).toContain(`${modelName} at ${commit}`);
  expect(text).toContain(`${Object.keys(files).length} files`);
});

test("recorded and checked without a network, two launches and a check agree in every bit", () => {
  // Only when a fetch fails here does it prove anything that the replays do not.
  const probe = without("down", ["fetch", "--model", "org/other", "--revision", commit]);
  expect([probe.code, probe.text]).toEqual([3, expect.stringContaining("hub/unreachable")]);
  const recorded = without("down", ["record"]);
  expect([recorded.code, recorded.text]).toEqual([0, expect.stringContaining("RECORDED")]);
  const checked = without("down", ["check"]);
  expect([checked.code, checked.text]).toEqual([0, expect.stringContaining("MATCH")]);
});

test("the lock holds commit, digests, packages and settings, and no token, path or address", () => {
  const lock = place.read("inference-gate/suite.lock.yml");
  expect(lock).toContain(`model.revision: ${commit}`);
  for (const name of ["model.safetensors", "tokenizer.json", "chat_template.jinja"])
    expect(lock).toMatch(new RegExp(`model\\.file\\.${name}: "?sha256:[0-9a-f]{64}`));
  expect(lock).toMatch(/\n {4}packages:\n(?: {6}\S+: .+\n){100,}/);
  expect(lock).toMatch(/\n {6}torch: "?2\./);
  expect(lock).not.toMatch(/hf_for_the_hub|127\.0\.0\.1|models--/);
  expect(lock).not.toContain(place.folder);
});

test("packages of another version are named, one that computes as a reason for exit 5 and one that does not as noted", async () => {
  for (const [name, version] of [
    ["tiktoken", "99.0"],
    ["certifi", "2099.1"],
  ])
    place.write(
      `packages/${name}-${version}.dist-info/METADATA`,
      `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
    );
  interpreter(join(place.folder, "packages"));
  const { code, text } = await place.run(["check"], env());
  interpreter();
  expect(code).toBe(5);
  expect(text).toMatch(/! package tiktoken +0\.14\.0 → 99\.0\n/);
  expect(text).toMatch(/· package certifi +\S+ → 2099\.1\n/);
  expect(text).toContain("2 match");
});

describe("vLLM, without any interface but the loopback", () => {
  const other = "b".repeat(40);
  const asked = (revision: string) =>
    suiteWith(`"${revision}"`).replace(
      /^engine: .*$/m,
      `engine: { name: vllm, command: ["${real.python}"], args: { dtype: bfloat16, max_model_len: 1024 }, env: { VLLM_CPU_KVCACHE_SPACE: "1" } }`,
    );
  const suite = ["--suite", "vllm/suite.yml"];
  const oneLine = (text: string) => text.replace(/\s+/g, " ");

  test("records a model by its name and pinned revision: two launches agree in every bit", () => {
    place.write("vllm/suite.yml", asked(commit));
    const recorded = without("up", ["record", ...suite]);
    expect([recorded.code, recorded.text]).toEqual([0, expect.stringContaining("RECORDED")]);
    expect(recorded.text).toContain("interfaces: lo\n");
    expect(place.read("vllm/suite.lock.yml")).toContain(`model.revision: ${commit}`);
  });

  test("checks another revision of the same weights: both commits are named, though every answer is the same in every bit", () => {
    const snapshots = join(cache, "models--org--tiny", "snapshots");
    cpSync(join(snapshots, commit), join(snapshots, other), { recursive: true, verbatimSymlinks: true });
    const changed = join(snapshots, other, "generation_config.json");
    const text = readFileSync(changed, "utf8");
    rmSync(changed);
    writeFileSync(changed, `${text}\n`);
    place.write("vllm/suite.yml", asked(other));
    const checked = without("up", ["check", ...suite]);
    rmSync(join(snapshots, other), { recursive: true });
    expect([checked.code, checked.text]).toEqual([5, expect.stringContaining("2 match")]);
    expect(oneLine(checked.text)).toContain(`! model.revision "${commit}" → "${other}"`);
    expect(oneLine(checked.text)).toContain(`! model revision ${commit} → ${other}`);
    expect(oneLine(checked.text)).toContain("! model file generation_config.json sha256:");
  });
});

test("a file that is gone afterwards is named, with the command that brings it back", async () => {
  const blob = join(
    cache,
    "models--org--tiny",
    "blobs",
    blobOf("model.safetensors", files["model.safetensors"] ?? Buffer.alloc(0)),
  );
  rmSync(blob);
  const gone = await place.run(["check"], env());
  expect([gone.code, gone.text]).toEqual([3, expect.stringContaining("without model.safetensors")]);
  expect(gone.text).toContain("inference-gate fetch\n");
  hub.requests.length = 0;
  expect((await place.run(["fetch"], env())).code).toBe(0);
  expect(hub.requests.filter((line) => line.startsWith("cdn"))).toHaveLength(1);
});
