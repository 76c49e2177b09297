import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type CaseId, parseCaseId } from "../../src/model/case.ts";
import type { Completion } from "../../src/model/completion.ts";
import { type Digest, parseDigest } from "../../src/model/digest.ts";
import { parseHardwareClass } from "../../src/model/fingerprint.ts";
import { completionLine, completionOf } from "../../src/replay/completion-line.ts";
import { reusableCompletions } from "../../src/replay/reusable-completions.ts";
import { openTranscript, readTranscript, type TornLine } from "../../src/replay/transcript.ts";
import type { TranscriptLine } from "../../src/replay/transcript-schema.ts";

const known = <T>(value: T | null): T => {
  if (value === null) throw new Error("a test value is not what it should be");
  return value;
};
const id = (text: string): CaseId => known(parseCaseId(text));
const digest = (letter: string): Digest => known(parseDigest(`sha256:${letter.repeat(64)}`));

const completion: Completion = {
  promptTokenIds: Uint32Array.of(1, 4_294_967_295),
  tokenIds: Uint32Array.of(7, 8),
  logprobs: Float32Array.of(-0.1, Number.NEGATIVE_INFINITY),
  margins: Float32Array.of(Number.NaN, -0),
  textEnds: Uint32Array.of(4, 12),
  text: "a\u2028b\u2029\r\n\u0000 ::error::\u001b[31m\ud800",
  outputDigest: null,
  finishReason: "length",
};
const run = (over: { environment?: Digest; suite?: string; command?: "check" | "record" } = {}): TranscriptLine => ({
  type: "run",
  version: 1,
  command: over.command ?? "check",
  suite: over.suite ?? "default",
  tool: "inference-gate 0.0.0",
  started_at: "2026-11-23T22:45:10.123Z",
  hardware_class: known(parseHardwareClass("cpu-x86-64-v3-t2")),
  environment: over.environment ?? digest("e"),
});
const line = (name: string, contract = digest("c"), over: Partial<Completion> = {}) =>
  completionLine({ case: id(name), contract, launch: 1, repeat: 1 }, { ...completion, ...over });

let folder = "";
let path = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "transcript-"));
  path = join(folder, "deep", "check.jsonl");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function written(...lines: TranscriptLine[]): Promise<void> {
  const transcript = await openTranscript(path);
  for (const one of lines) await transcript.append(one);
  await transcript.close();
}
async function linesOf(file: string): Promise<(TranscriptLine | TornLine)[]> {
  const lines: (TranscriptLine | TornLine)[] = [];
  for await (const one of readTranscript(file)) lines.push(one);
  return lines;
}
const terms = (contracts: Record<string, Digest>) => ({
  suite: "default",
  environment: digest("e"),
  contracts: new Map(Object.entries(contracts).map(([name, contract]) => [id(name), contract])),
});
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "no error",
    (error) => error.problems.map((problem: { code: string }) => problem.code).join(),
  );

describe("a transcript", () => {
  test("keeps every bit of a completion, and one line a completion whatever its text", async () => {
    await written(run(), line("a"));
    expect((await readFile(path, "utf8")).split(/\r\n|[\n\r\u2028\u2029]/)).toHaveLength(3);
    const [, second] = await linesOf(path);
    if (second?.type !== "completion") throw new Error("no completion");
    const back = completionOf(second);
    expect(back).toEqual(completion);
    expect(Object.is(back?.margins?.[1], -0)).toBe(true);
  });

  test("reports what a killed run left of its last line, also when another run follows", async () => {
    await written(run(), line("a"));
    await appendFile(path, JSON.stringify(line("b")).slice(0, 40));
    expect((await linesOf(path)).slice(2)).toEqual([{ type: "torn", line: 3 }]);
    await written(run(), line("c"));
    const types = (await linesOf(path)).map((one) => one.type);
    expect(types).toEqual(["run", "completion", "torn", "run", "completion"]);
    const reused = await reusableCompletions(path, terms({ a: digest("c"), b: digest("c"), c: digest("c") }));
    expect([...reused.keys()]).toEqual(["a", "c"]);
  });

  test("a whole line without its end counts as cut, since nobody knows whether it reached the disk", async () => {
    await written(run());
    await appendFile(path, JSON.stringify(line("a")));
    expect((await linesOf(path)).map((one) => one.type)).toEqual(["run", "torn"]);
  });

  test("a damaged line before the last, cut one is no work of a kill", async () => {
    await written(run());
    await appendFile(path, '{"type":\n{"type":');
    expect(await codeOf(linesOf(path))).toBe("transcript/bad-line");
  });

  test("lines longer than the reader's buffer come back", async () => {
    const text = "long ".repeat(700_000);
    await written(run(), line("a", digest("c"), { text, textEnds: null }), line("b"));
    const texts = (await linesOf(path)).map((one) => (one.type === "completion" ? one.text : one.type));
    expect(texts).toEqual(["run", text, completion.text]);
  });

  test("any text comes back, by lines of plain ASCII", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), async (text) => {
        await rm(path, { force: true });
        await written(run(), line("a", digest("c"), { text, textEnds: null }));
        expect(await readFile(path, "latin1")).toMatch(/^[ -~\n]*$/);
        expect((await linesOf(path)).map((one) => (one.type === "completion" ? one.text : one.type))).toEqual([
          "run",
          text,
        ]);
      }),
      { numRuns: 50 },
    );
  });

  test("names a damaged line by its number, and a file that is not there", async () => {
    await written(run());
    await writeFile(path, `${await readFile(path, "utf8")}{"type":"completion"}\n${JSON.stringify(run())}\n`);
    await expect(linesOf(path)).rejects.toMatchObject({ problems: [{ location: { file: path, line: 2 } }] });
    expect(await codeOf(linesOf(join(folder, "none.jsonl")))).toBe("transcript/missing");
  });
});

describe("reusing completions", () => {
  test("takes finished ones of the same contract and environment, the newest of each case", async () => {
    await written(
      run(),
      line("a", digest("c"), { text: "old", textEnds: null }),
      line("a", digest("c"), { text: "new", textEnds: null }),
      line("b", digest("d")),
      line("stopped", digest("c"), { finishReason: "abort" }),
    );
    const reused = await reusableCompletions(path, terms({ a: digest("c"), b: digest("c"), stopped: digest("c") }));
    expect([...reused].map(([name, one]) => [name, one.text])).toEqual([["a", "new"]]);
  });

  test.each([
    ["another environment", run({ environment: digest("f") })],
    ["another suite", run({ suite: "other" })],
    ["a recording", run({ command: "record" })],
  ])("refuses a transcript of %s", async (_name, head) => {
    await written(head, line("a"));
    expect(await codeOf(reusableCompletions(path, terms({ a: digest("c") })))).toBe("transcript/other-run");
  });

  test("refuses arrays that disagree in length", async () => {
    await written(run(), line("a", digest("c"), { logprobs: Float32Array.of(1) }));
    expect(await codeOf(reusableCompletions(path, terms({ a: digest("c") })))).toBe("transcript/bad-line");
  });
});
