/** What can be wrong with a report that is read back. */
import type { SourceLocation } from "../model/problem.ts";
import { message } from "./message.ts";
import { quoted } from "./quoted.ts";

const whole = (file: string): SourceLocation => ({ file, line: null, column: null });
const writeAnother = "Write it again with: inference-gate check --json report.json";

export const reportNotJson = message<{ file: string; line: number | null; column: number | null; why: string }>(
  {
    code: "report/not-json",
    verdict: "usage",
    explanation:
      "A report is one JSON object in one file, as `--json` writes it. This file is no JSON: it was cut off, or it is something else, " +
      "such as the text that was printed beside it.",
    example: { file: "report.json", line: 12, column: 5, why: "the text ends in the middle of a value" },
  },
  ({ file, line, column, why }) => ({
    title: "The report is not JSON.",
    location: { file, line, column },
    found: why,
    expected: "one JSON object, as --json writes it",
    help: [writeAnother],
  }),
);

export const reportOtherVersion = message<{ file: string; version: string }>(
  {
    code: "report/other-version",
    verdict: "usage",
    explanation:
      "Reports say in `version` how they are to be read. This one was written by another release of Inference Gate, whose " +
      "reports have another shape.",
    example: { file: "report.json", version: "2" },
  },
  ({ file, version }) => ({
    title: "The report is of another version.",
    location: whole(file),
    found: `version ${quoted(version)}`,
    expected: "version 1",
    help: ["Read it with the release of Inference Gate that wrote it: the report names it under `tool`.", writeAnother],
  }),
);

export const notAReport = message<{ file: string; path: string; why: string }>(
  {
    code: "report/not-a-report",
    verdict: "usage",
    explanation:
      "The file is JSON but has not the shape of a report (schemas/report.schema.json). Either it is another file, such as a golden, " +
      "or it was edited.",
    example: { file: "report.json", path: "counts.drift", why: "Invalid input: expected number, received string" },
  },
  ({ file, path, why }) => ({
    title: path === "" ? "The file is no report." : `The file is no report: ${quoted(path)} does not fit.`,
    location: whole(file),
    found: why,
    expected: "a report as schemas/report.schema.json describes it",
    help: [writeAnother],
  }),
);

export const reportMessages = [reportNotJson, reportOtherVersion, notAReport];
