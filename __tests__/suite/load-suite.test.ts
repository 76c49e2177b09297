import { truncate } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { displayPath } from "../../src/platform/display-path.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { digestOf } from "../../src/platform/hashing.ts";
import { loadSuite } from "../../src/suite/load-suite.ts";
import { maxFileBytes } from "../../src/suite/read-source.ts";
import { problemsFrom, suiteFolder, support } from "./suite-folder.ts";

const folders = suiteFolder();
const top = "version: 1\nruntime: process\nengine: { name: llama-cpp }\n";
const sampled = `${top}sampling: { seed: 1, max_tokens: 8 }\n`;

describe("loadSuite", () => {
  test("fills in what is left out", async () => {
    const suite = await folders.load({ "suite.yml": `${sampled}cases: [{ id: a, prompt: hi }]\n` });
    expect(suite).toMatchObject({
      name: "default",
      runtime: "process",
      engine: { name: "llama-cpp", command: null, args: {}, env: {}, url: null, source: { line: 3, column: 1 } },
      model: null,
      dependencies: {},
      compare: { tier: "tokens", maxLogprobDelta: 0.05, nearTie: 0.05 },
      record: { launches: 2, repeats: 2 },
      timeouts: { startupMs: 600_000, caseMs: 600_000, stallMs: 120_000, stopMs: 20_000 },
      driverPolicy: "noted",
      busyGpu: "refuse",
      redact: false,
      path: join(suite.folder, "suite.yml"),
    });
    expect(suite.cases).toEqual([
      {
        id: "a",
        prompt: { kind: "text", text: "hi" },
        sampling: {
          params: {
            temperature: 1,
            top_p: 1,
            top_k: 0,
            min_p: 0,
            seed: 1,
            max_tokens: 8,
            min_tokens: 0,
            presence_penalty: 0,
            frequency_penalty: 0,
            repetition_penalty: 1,
            stop: [],
            stop_token_ids: [],
            ignore_eos: false,
            skip_special_tokens: true,
            logprobs: 2,
          },
          given: ["seed", "max_tokens"],
          extra: {},
        },
        compare: { tier: "tokens", maxLogprobDelta: 0.05, nearTie: 0.05 },
        source: { file: displayPath(suite.path), line: 5, column: 9 },
      },
    ]);
  });

  test("takes everything that can be said", async () => {
    const suite = await folders.load({
      "suite.yml": `version: 1
name: chat-1
runtime: process
engine:
  name: llama-cpp
  command: [./server, --verbose]
  args: &args { threads: 2, nested: { a: [1, null, "x"] } }
  env: { A: "1" }
model: { name: org/m, revision: ${"ab".repeat(20)}, path: m.gguf }
dependencies: [requirements.lock, ../shared.lock]
sampling: { seed: 1, max_tokens: 8, n: 1 }
compare: { tier: close, near_tie: 0.5 }
record: { launches: 3, repeats: 4 }
timeouts: { startup_s: 1.5, case_s: 2, stall_s: 0.0001, stop_s: 3 }
environment: { driver: strict }
redact: true
cases: [{ id: a, prompt: *prompt, compare: { tier: bits } }]
`.replace("*prompt", '"*prompt"'),
      "m.gguf": "weights",
      "requirements.lock": "torch==2.9\n",
      "../shared.lock": "x",
    });
    expect(suite).toMatchObject({
      name: "chat-1",
      engine: {
        command: ["./server", "--verbose"],
        args: { threads: 2, nested: { a: [1, null, "x"] } },
        env: { A: "1" },
      },
      model: { name: "org/m", revision: "ab".repeat(20), path: join(suite.folder, "m.gguf") },
      dependencies: { "requirements.lock": digestOf("torch==2.9\n"), "../shared.lock": digestOf("x") },
      compare: { tier: "close", maxLogprobDelta: 0.05, nearTie: 0.5 },
      record: { launches: 3, repeats: 4 },
      timeouts: { startupMs: 1500, caseMs: 2000, stallMs: 1, stopMs: 3000 },
      driverPolicy: "strict",
      busyGpu: "refuse",
      redact: true,
      cases: [{ prompt: { text: "*prompt" }, compare: { tier: "bits", maxLogprobDelta: 0.05, nearTie: 0.5 } }],
    });
  });

  test("lays the sampling of a case over that of the suite, and reads -1 as off", async () => {
    const { cases } = await folders.load({
      "suite.yml": `${top}sampling: { seed: 1, max_tokens: 8, stop: [x], mirostat: 1 }
cases: [{ id: a, prompt: hi, sampling: { seed: 2, top_k: -1, stop: [], mirostat: { tau: 5 } } }]\n`,
    });
    expect(cases[0]?.sampling).toMatchObject({
      params: { seed: 2, max_tokens: 8, top_k: 0, stop: [] },
      given: ["top_k", "seed", "max_tokens", "stop"],
      extra: { mirostat: { tau: 5 } },
    });
  });

  test("does not ask for a seed that the engine cannot honour", async () => {
    const yaml = `${top}sampling: { temperature: 0 }\ncompare: { tier: text }\ncases: [{ id: a, prompt: hi }]\n`;
    const suite = await folders.load({ "suite.yml": yaml }, { fields: ["temperature"], extra: [], tokenIds: false });
    expect(suite.cases[0]).toMatchObject({ compare: { tier: "text" }, sampling: { given: ["temperature"] } });
  });

  test("shares aliases", async () => {
    const yaml = `${sampled}cases: [{ id: a, prompt: &p hello }, { id: b, prompt: *p, sampling: &s { top_p: 0.5 } }, { id: c, prompt: *p, sampling: *s }]\n`;
    const { cases } = await folders.load({ "suite.yml": yaml });
    expect(cases.map(({ prompt, sampling }) => [prompt, sampling.params.top_p])).toEqual([
      [{ kind: "text", text: "hello" }, 1],
      [{ kind: "text", text: "hello" }, 0.5],
      [{ kind: "text", text: "hello" }, 0.5],
    ]);
  });

  test("reads all three kinds of prompts from case files in order of name, each case with its line", async () => {
    const suite = await folders.load({
      "suite.yml": `${sampled}cases:\n  - from: "p*/?.jsonl"\n  - { id: last, prompt: x }\n`,
      "prompts/b.jsonl": '{"id":"b1","prompt_token_ids":[1,4294967294]}\n',
      "prompts/a.jsonl":
        '\ufeff{"id":"a1","prompt":"x"}\r\n\r\n{"id":"a2","messages":[{"role":"user","content":"y"}],"sampling":{"seed":9}}',
      "prompts/.c.jsonl": "not read",
      "prompts/long.jsonl": "not read",
      "prompts/d.jsonl/e": "a folder is not read",
    });
    expect(suite.cases.map(({ id, prompt, source }) => [id, prompt.kind, source.line, source.column])).toEqual([
      ["a1", "text", 1, 1],
      ["a2", "messages", 3, 1],
      ["b1", "tokens", 1, 1],
      ["last", "text", 7, 5],
    ]);
    expect(suite.cases[1]).toMatchObject({
      sampling: { params: { seed: 9 } },
      source: { file: displayPath(join(suite.folder, "prompts/a.jsonl")) },
    });
  });

  test("reads a prompt of a megabyte, and CRLF with a byte order mark", async () => {
    const long = "naïve \u{1f9ea} text\n".repeat(60_000);
    const yaml = `\ufeff${sampled}cases:\n  - { id: a, prompt: ${JSON.stringify(long)} }\n  - from: p.jsonl\n`;
    const { cases } = await folders.load({
      "suite.yml": yaml.replaceAll("\n", "\r\n"),
      "p.jsonl": JSON.stringify({ id: "b", prompt: long }),
    });
    expect(cases.map(({ prompt }) => prompt.kind === "text" && prompt.text === long)).toEqual([true, true]);
  });
});

describe("loadSuite on files that cannot be read", () => {
  const load = (folder: string) => loadSuite(join(folder, "suite.yml"), nodeFiles, () => support);

  test("says how to get a suite when there is none", async () => {
    const folder = await folders.with({});
    expect(await problemsFrom(load(folder))).toEqual([
      {
        code: "suite/not-found",
        verdict: "usage",
        title: "There is no suite file.",
        location: { file: displayPath(join(folder, "suite.yml")), line: null, column: null },
        found: "no such file",
        expected: "a suite.yml",
        help: ["Write one to start from: inference-gate init", "Or name the file: --suite <path>"],
        evidence: [],
      },
    ]);
  });

  test.each([
    ["Latin-1", Buffer.from(`${top}# caf\u00e9 au lait\n`, "latin1"), 4, 6, "byte 0xE9"],
    ["a character cut in half at the end", Buffer.from(`${top}# \u20ac`).subarray(0, -1), 4, 3, "byte 0xE2"],
    [
      "a stray byte after other characters",
      Buffer.concat([Buffer.from(`${top}# \u{1f9ea}\u20ac`), Buffer.of(0xff)]),
      4,
      6,
      "byte 0xFF",
    ],
    ["UTF-16", Buffer.from(`\ufeff${top}`, "utf16le"), 1, 1, "UTF-16 (it begins with a UTF-16 byte order mark)"],
  ])("names the place in %s", async (_, bytes, line, column, found) => {
    const folder = await folders.with({ "suite.yml": bytes });
    expect(await problemsFrom(load(folder))).toMatchObject([
      { code: "suite/not-utf8", location: { line, column }, found },
    ]);
  });

  test("refuses a folder and a file that is too large", async () => {
    const folder = await folders.with({ "suite.yml/x": "" });
    expect(await problemsFrom(load(folder))).toMatchObject([
      { code: "suite/file-not-read", found: '"it is a folder"' },
    ]);
    const large = await folders.with({ "suite.yml": `${sampled}cases: [{ from: p.jsonl }]\n`, "p.jsonl": "" });
    await truncate(join(large, "p.jsonl"), maxFileBytes + 2 ** 20);
    expect(await problemsFrom(load(large))).toMatchObject([
      { code: "suite/file-too-large", found: "65.0 MiB", expected: "at most 64.0 MiB" },
    ]);
  });

  test("names a file that may not be read", async () => {
    const folder = await folders.with({ "suite.yml": sampled });
    const files = { ...nodeFiles, readBytes: () => Promise.reject(new Error("EACCES: permission denied")) };
    expect(await problemsFrom(loadSuite(join(folder, "suite.yml"), files, () => support))).toMatchObject([
      { code: "suite/file-not-read", found: '"EACCES: permission denied"' },
    ]);
  });

  test("does not run out of stack or time on hostile YAML", async () => {
    const deep = await folders.with({ "suite.yml": `x: ${"[".repeat(100_000)}` });
    expect((await problemsFrom(load(deep)))[0]).toMatchObject({
      code: "suite/yaml-syntax",
      title: "YAML syntax: Values are nested too deeply.",
    });
    const longText = JSON.stringify("x".repeat(2 ** 20));
    const copies = Array.from({ length: 70 }, () => "*p").join(", ");
    const heavy = await folders.with({
      "suite.yml": `${sampled.replace(" }\n", `, args: { p: &p ${longText}, q: [${copies}] } }\n`)}cases: [{ id: a, prompt: x }]\n`,
    });
    expect(await problemsFrom(load(heavy))).toMatchObject([
      { code: "suite/aliases-expand", found: "aliases that expand to 65 values and 68157440 characters" },
    ]);
  });
});
