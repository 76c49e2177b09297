/** Record and check on real transformers, on the CPU with a small random model; and what goes wrong with a driver, which costs least here. */
import { copyFileSync, readdirSync, readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Report } from "../../src/report/report.ts";
import { markedProcesses } from "../fixtures/marked-processes.ts";
import { changeText, type DriverSuite, driverSuite, verdicts } from "./driver-suite.ts";
import { describePlantedChanges, transformersSubject } from "./planted-changes.ts";
import { processPlace } from "./process-place.ts";
import { realVllmForTests } from "./real-vllm.ts";

const long = 512;
const words = {
  args: { dtype: "bfloat16" },
  env: {},
  determinism: { deterministic_algorithms: "strict" },
  sampling: { temperature: 0.8, top_p: 0.95, seed: 42, max_tokens: 48, ignore_eos: true },
  own: { drawn: { max_tokens: long }, likeliest: { temperature: 0, max_tokens: long } },
  stopSeconds: 20,
};
const cases = ["drawn", "likeliest", "short", "chat"];
const all = (verdict: string) => cases.map((id) => `${id} ${verdict}`);

let suite: DriverSuite;
let recorded: Report;
let recordedGoldens: readonly string[];
/** Every file of the recording, with its text. */
const goldens = () =>
  readdirSync(suite.folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /^goldens.*\.json$|^suite\.lock\.yml$/.test(path))
    .sort()
    .map((path) => `${path} ${readFileSync(join(suite.folder, path), "utf8")}`);
beforeAll(async () => {
  suite = driverSuite("transformers", await realVllmForTests(), words);
  recorded = await suite.record();
  recordedGoldens = goldens();
});
afterAll(() => suite.remove());
const weights = () => join(suite.model, "model.safetensors");

async function checked(changed: Parameters<DriverSuite["write"]>[0] = {}): Promise<Report> {
  suite.write(changed);
  const report = await suite.check();
  suite.write();
  return report;
}

/** A check with the model's files changed by `work`, and put back after it. */
async function checkedWith(work: () => readonly (() => void)[]): Promise<Report> {
  const kept = join(suite.folder, "kept");
  copyFileSync(weights(), kept);
  const undo = work();
  const report = await checked();
  copyFileSync(kept, weights());
  for (const back of undo) back();
  return report;
}

describePlantedChanges(transformersSubject, processPlace);

describe("two launches and two repeats", () => {
  test("agree in every token id and log-probability bit, drawn and likeliest, over 512 tokens", () => {
    expect([recorded.verdict, recorded.problems]).toEqual(["match", []]);
    expect(recorded.tokens.generated).toBe(2 * 2 * (2 * long + 2 * 48));
    expect(recordedGoldens).toHaveLength(cases.length + 1);
  });

  test("and a check after them matches on the tier bits, in the same environment", async () => {
    const report = await checked();
    expect([report.exitCode, verdicts(report), report.environment.changes]).toEqual([0, all("match"), []]);
  });
});

describe("what goes wrong is named, exit code 3, and nothing is left:", () => {
  const first = (report: Report) => report.problems[0] ?? report.cases.flatMap(({ problems }) => problems)[0];

  test("a weight file that was cut off", async () => {
    const report = await checkedWith(() => {
      truncateSync(weights(), 5_000_000);
      return [];
    });
    expect([report.exitCode, first(report)?.code]).toEqual([3, "engines/model-unreadable"]);
    expect(first(report)).toMatchObject({
      title: expect.stringContaining("model.safetensors"),
      found: "5000000 bytes",
      expected: expect.stringMatching(/^\d+ bytes, as its header says$/),
    });
  });

  test("a tokenizer of another model", async () => {
    const report = await checkedWith(() => [
      changeText(join(suite.model, "tokenizer.json"), '"vocab": {', '"vocab": { "a token of another model": 60000,'),
    ]);
    expect([report.exitCode, first(report)?.code]).toEqual([3, "engines/tokenizer-mismatch"]);
    expect(first(report)).toMatchObject({
      found: "a tokenizer of 49153 tokens",
      expected: "at most 49152, the rows of the model's embedding",
    });
  });

  test("more tokens than the model has positions: that case alone", async () => {
    const report = await checked({ own: { ...words.own, short: { max_tokens: 4096 } } });
    expect(verdicts(report)).toEqual(["drawn match", "likeliest match", "short error", "chat match"]);
    expect(first(report)?.found).toContain("more than the model's 2048 positions");
    expect(report.exitCode).toBe(3);
  });

  test("a driver that is killed in mid-case", async () => {
    suite.write();
    let seen = 0;
    const report = await suite.check((event) => {
      seen += event.kind === "token" ? 1 : 0;
      if (event.kind !== "token" || seen !== 40) return;
      for (const line of markedProcesses(suite.model)) process.kill(Number.parseInt(line, 10), "SIGKILL");
    });
    expect([report.exitCode, first(report)]).toMatchObject([
      3,
      {
        code: "engines/died",
        title: expect.stringMatching(/^The engine ended in case drawn after \d+ tokens\.$/),
        found: "SIGKILL",
      },
    ]);
    expect(first(report)?.help[0]).toContain("out-of-memory killer");
  });

  test("a Python without the module, and no Python", async () => {
    const other = await checked({ command: ["/usr/bin/env", "-u", "VIRTUAL_ENV", "python3", "-S"] });
    expect([other.exitCode, first(other)?.code]).toEqual([3, "engines/module-missing"]);
    const none = await checked({ command: ["python-that-is-not-there"] });
    expect([none.exitCode, first(none)?.code]).toEqual([3, "runtimes/program-not-found"]);
  });

  afterAll(() => expect(markedProcesses(suite.folder)).toEqual([]));
});

test("the goldens are as they were recorded", () => {
  expect(goldens()).toEqual(recordedGoldens);
});
