import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Json } from "../../src/model/json.ts";
import type { Suite } from "../../src/model/suite.ts";
import {
  caseContract,
  contractChanges,
  promptDigest,
  samplingRecord,
  sharedContract,
} from "../../src/suite/contract.ts";
import { suiteFolder } from "./suite-folder.ts";

const folders = suiteFolder();

const suiteText = `version: 1
name: chat
runtime: process
engine: { name: llama-cpp, command: [bin/server], args: { threads: 2 }, env: { OMP_NUM_THREADS: "2", HF_TOKEN: secret } }
model: { name: org/m, revision: ${"ab".repeat(20)}, path: m.gguf }
dependencies: [requirements.lock]
sampling: { seed: 42, max_tokens: 8 }
compare: { tier: tokens }
timeouts: { case_s: 60 }
cases: [{ id: a, prompt: hi }]
`;

const onVllm = suiteText.replace("llama-cpp", "vllm");

test("the contract of a driver's engine holds every determinism setting, its defaults included", async () => {
  const load = async (determinism: string) => {
    const suite = await folders.load({
      "suite.yml": onVllm.replace("sampling:", `${determinism}\nsampling:`),
      "requirements.lock": "",
      "m.gguf": "w",
    });
    return { shared: sharedContract(suite), digest: firstContract(suite) };
  };
  const silent = await load("");
  const spoken = await load("determinism: { threads: 1, tf32: false }");
  const other = await load("determinism: { threads: 2 }");
  expect(spoken).toEqual(silent);
  expect(contractChanges(silent.shared, other.shared)).toEqual(["determinism.threads 1 → 2"]);
  expect(other.digest).not.toBe(silent.digest);
});

describe.each(["vllm", "vllm-server", "transformers"])(
  "the same virtual environment by another path, of engine %s",
  (engine) => {
    const load = async (command: string) => {
      const suite = await folders.load({
        "suite.yml": suiteText.replace("llama-cpp", engine).replace("command: [bin/server], ", command),
        "requirements.lock": "",
        "m.gguf": "w",
      });
      return { shared: sharedContract(suite), digest: firstContract(suite) };
    };

    test.each(["command: [/opt/other/bin/python], ", "command: [python3.11], ", ""])(
      "is no change of the contract: %j",
      async (other) => {
        const [before, after] = [await load("command: [venv/bin/python], "), await load(other)];
        expect(contractChanges(before.shared, after.shared)).toEqual([]);
        expect(after.digest).toBe(before.digest);
      },
    );

    test("leaves further words in the contract", async () => {
      const [before, after] = [await load("command: [a/python, -O], "), await load("command: [b/python, -OO], ")];
      expect(contractChanges(before.shared, after.shared)).toEqual(['engine.command[0] "-O" → "-OO"']);
      expect(after.digest).not.toBe(before.digest);
    });
  },
);

async function contractOf(change: (text: string) => string, lock = "torch==2.9\n") {
  const suite = await folders.load({
    "suite.yml": change(suiteText),
    "requirements.lock": lock,
    "m.gguf": "w",
    "n.gguf": "v",
  });
  return { suite, digest: firstContract(suite) };
}

function firstContract(suite: Suite) {
  const item = suite.cases[0];
  if (item === undefined) throw new Error("no case");
  return caseContract(suite, item);
}

describe("the contract of a case", () => {
  test.each([
    ["an engine argument", "threads: 2", "threads: 4"],
    ["a word of the command", "bin/server", "bin/server2"],
    ["a variable", 'OMP_NUM_THREADS: "2"', 'OMP_NUM_THREADS: "4"'],
    ["the model", "org/m", "org/n"],
    ["the revision", "ab".repeat(20), "cd".repeat(20)],
    ["the prompt", "prompt: hi", "prompt: ho"],
    ["the kind of prompt", "prompt: hi", "messages: [{ role: user, content: hi }]"],
    ["a sampling field", "seed: 42", "seed: 43"],
    ["a neutral field that is now given another value", "seed: 42", "seed: 42, top_p: 0.9"],
    ["an extra field", "seed: 42", "seed: 42, mirostat: 1"],
  ])("changes with %s", async (_, from, to) => {
    const before = await contractOf((text) => text);
    const after = await contractOf((text) => text.replace(from, to));
    expect(after.digest).not.toBe(before.digest);
  });

  test("changes with the content of a dependency", async () => {
    const [before, after] = [await contractOf((text) => text), await contractOf((text) => text, "torch==2.10\n")];
    expect(contractChanges(sharedContract(before.suite), sharedContract(after.suite))).toEqual([
      expect.stringMatching(/^dependencies\."requirements\.lock" "sha256:[0-9a-f]{64}" → "sha256:[0-9a-f]{64}"$/),
    ]);
    expect(after.digest).not.toBe(before.digest);
  });

  test.each([
    ["the name of the suite", "name: chat", "name: talk"],
    ["the path of the model", "m.gguf", "n.gguf"],
    ["the tier", "tier: tokens", "tier: bits"],
    ["a time limit", "case_s: 60", "case_s: 90"],
    ["the id of the case", "id: a", "id: b"],
    ["a secret", "HF_TOKEN: secret", "HF_TOKEN: other"],
    ["a neutral value that is now written out", "seed: 42", "seed: 42, top_p: 1, top_k: -1"],
    ["the order of the fields", "seed: 42, max_tokens: 8", "max_tokens: 8, seed: 42"],
  ])("does not change with %s", async (_, from, to) => {
    const [before, after] = [await contractOf((text) => text), await contractOf((text) => text.replace(from, to))];
    expect(after.digest).toBe(before.digest);
  });

  test("does not change with runtime and URL", async () => {
    const attached = (url: string) => (text: string) =>
      text.replace("runtime: process", "runtime: attached").replace("command: [bin/server]", `url: ${url}`);
    const [one, two] = [await contractOf(attached("http://127.0.0.1:1")), await contractOf(attached("http://h:2"))];
    expect(one.digest).toBe(two.digest);
  });

  test("is written out without machine paths and secrets", async () => {
    const { suite } = await contractOf((text) => text);
    expect(sharedContract(suite)).toEqual({
      engine: { name: "llama-cpp", command: ["bin/server"], args: { threads: 2 }, env: { OMP_NUM_THREADS: "2" } },
      model: { name: "org/m", revision: "ab".repeat(20) },
      dependencies: suite.dependencies,
    });
    expect(JSON.stringify(sharedContract(suite))).not.toContain(suite.folder);
  });

  test("names a changed sampling field", async () => {
    const [before, after] = [
      await contractOf((text) => text),
      await contractOf((text) => text.replace("seed: 42", "seed: 43, stop: [x]")),
    ];
    const [one, two] = [before.suite.cases[0], after.suite.cases[0]];
    if (one === undefined || two === undefined) throw new Error("no case");
    expect(contractChanges({ sampling: samplingRecord(one) }, { sampling: samplingRecord(two) })).toEqual([
      "sampling.seed 42 → 43",
      'sampling.stop [] → ["x"]',
    ]);
  });
});

describe("promptDigest", () => {
  test("tells kinds apart that hold the same text", () => {
    const digests = [
      promptDigest({ kind: "text", text: "1" }),
      promptDigest({ kind: "tokens", tokenIds: [1] }),
      promptDigest({ kind: "messages", messages: [{ role: "user", content: "1" }] }),
      promptDigest({ kind: "messages", messages: [{ role: "user1", content: "" }] }),
    ];
    expect(new Set(digests).size).toBe(4);
  });
});

describe("contractChanges", () => {
  const json = fc.dictionary(fc.string(), fc.jsonValue({ noUnicodeString: false }), {
    noNullPrototype: true,
    maxKeys: 5,
  });
  const clone = (value: unknown): { [name: string]: Json } => JSON.parse(JSON.stringify(value));

  test("is empty for equal contracts and only for these", () => {
    fc.assert(
      fc.property(json, json, (one, two) => {
        const [before, after] = [clone(one), clone(two)];
        expect(contractChanges(before, clone(before))).toEqual([]);
        const isEqual = JSON.stringify(sorted(before)) === JSON.stringify(sorted(after));
        expect(contractChanges(before, after).length === 0).toBe(isEqual);
      }),
    );
  });

  test.each<[string, { [name: string]: Json }, { [name: string]: Json }, string[]]>([
    [
      "a number",
      { engine: { args: { threads: 2 } } },
      { engine: { args: { threads: 4 } } },
      ["engine.args.threads 2 → 4"],
    ],
    ["a new field", { engine: { args: {} } }, { engine: { args: { x: 1 } } }, ["engine.args.x (absent) → 1"]],
    ["a field that is gone", { a: { b: null } }, { a: {} }, ["a.b null → (absent)"]],
    ["a new mapping", { model: null }, { model: { name: "m" } }, ['model null → {"name":"m"}']],
    ["an absent mapping", {}, { model: { name: "m", x: {} } }, ['model.name (absent) → "m"', "model.x (absent) → {}"]],
    ["a word of a list", { command: ["a", "b"] }, { command: ["a", "c"] }, ['command[1] "b" → "c"']],
    ["a longer list", { command: ["a"] }, { command: ["a", "c"] }, ['command ["a"] → ["a","c"]']],
    ["a name with a dot", { a: { "b.c": 1 } }, { a: { "b.c": true } }, ['a."b.c" 1 → true']],
    ["text and number", { a: "1" }, { a: 1 }, ['a "1" → 1']],
    ["a long text", { a: "x".repeat(99) }, { a: "" }, [`a "${"x".repeat(78)}… → ""`]],
    ["an inherited name", {}, { toString: 1, constructor: {} }, ["constructor (absent) → {}", "toString (absent) → 1"]],
  ])("names %s", (_, before, after, changes) => {
    expect(contractChanges(before, after)).toEqual(changes);
  });
});

function sorted(value: Json): Json {
  if (value === null || typeof value !== "object") return Object.is(value, -0) ? 0 : value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, sorted(one)]),
  );
}
