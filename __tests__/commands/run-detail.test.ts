import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { runDetail } from "../../src/commands/run-detail.ts";
import type { Completion } from "../../src/model/completion.ts";
import { parseHardwareClass } from "../../src/model/fingerprint.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { completionLine } from "../../src/replay/completion-line.ts";
import { openTranscript } from "../../src/replay/transcript.ts";
import type { TranscriptLine } from "../../src/replay/transcript-schema.ts";
import { buildReport } from "../../src/report/build-report.ts";
import type { RunDetail } from "../../src/report/detail.ts";
import { unpackCase } from "../../src/report/html/unpack-case.ts";
import type { Report } from "../../src/report/report.ts";
import { caseId, completion, digest } from "../compare/sample-completion.ts";

import { ordinaryDrift } from "../report/sample-drifts.ts";
import { emptyRun, matching } from "../report/sample-parts.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "run-detail-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const hardwareClass = parseHardwareClass("cpu-x86-64-v3-t2");
if (hardwareClass === null) throw new Error("no hardware class");

const run: TranscriptLine = {
  type: "run",
  version: 1,
  command: "check",
  suite: "words",
  tool: "inference-gate 0.1.0",
  started_at: "2026-11-24T00:00:00.000Z",
  hardware_class: hardwareClass,
  environment: digest("e"),
};

/** A run of a drifting case and a matching one, whose transcript holds these answers. */
async function reportOn(
  answers: readonly ("run" | readonly [id: string, repeat: number, words: string])[],
): Promise<Report> {
  const transcript = join(folder, "run.jsonl");
  const writer = await openTranscript(transcript);
  for (const one of answers) {
    await writer.append(
      one === "run"
        ? run
        : completionLine({ case: caseId(one[0]), contract: digest("c"), launch: 1, repeat: one[1] }, words(one[2])),
    );
  }
  await writer.close();
  return buildReport({ ...emptyRun, transcript, results: [ordinaryDrift, ...matching(1)] });
}

const words = (text: string): Completion => completion(text.split(/(?= )/));
const options = { suitePath: "nowhere/suite.yml", runUrl: null, mask: (text: string) => text };
const textsOf = (detail: RunDetail, id: string) => {
  const packed = detail.cases.get(id);
  return packed === undefined
    ? null
    : unpackCase(inflateRawSync(Buffer.from(packed, "base64"))).answers.map(({ text }) => text);
};
const [drift, match] = [ordinaryDrift.id, matching(1)[0]?.id ?? ""];

describe("what a page is given", () => {
  test("both answers of a case that was asked again, one of a case that agrees", async () => {
    const report = await reportOn(["run", [drift, 1, "a b"], [match, 1, "a c"], [drift, 2, "a d"]]);
    const detail = await runDetail(report, options, { files: nodeFiles });
    expect(textsOf(detail, drift)).toEqual(["a b", "a d"]);
    expect(textsOf(detail, match)).toEqual(["a c"]);
    expect(detail.leftOut).toBe(0);
  });

  test("of a transcript with several runs, the answers of the last one", async () => {
    const report = await reportOn(["run", [drift, 1, "old"], [match, 1, "old"], "run", [drift, 1, "new"]]);
    const detail = await runDetail(report, options, { files: nodeFiles });
    expect(textsOf(detail, drift)).toEqual(["new"]);
    expect(textsOf(detail, match)).toBeNull();
  });

  test("no answer that holds a secret, and no row that shows one", async () => {
    const report = await reportOn(["run", [drift, 1, "my hunter2hunter2 word"], [match, 1, "a b"]]);
    const hiding = { ...options, runUrl: "https://x.invalid/hunter2hunter2" };
    const mask = (text: string) => text.replaceAll("hunter2hunter2", "***");
    const detail = await runDetail(report, { ...hiding, mask }, { files: nodeFiles });
    expect(textsOf(detail, drift)).toBeNull();
    expect(textsOf(detail, match)).toEqual(["a b"]);
    expect(detail.provenance).toContainEqual({ label: "Run", value: "https://x.invalid/***" });
  });

  test("what is known without a transcript, and without a suite", async () => {
    const gone = buildReport({ ...emptyRun, transcript: join(folder, "gone.jsonl"), results: [ordinaryDrift] });
    expect((await runDetail(gone, options, { files: nodeFiles })).cases.size).toBe(0);
    const none = buildReport({ ...emptyRun, suite: null });
    expect((await runDetail(none, options, { files: nodeFiles })).provenance).toContainEqual({
      label: "Tool",
      value: "inference-gate 0.1.0",
    });
  });
});
