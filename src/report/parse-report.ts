/** Reads a report back from its JSON text. */
import { notAReport, reportNotJson, reportOtherVersion } from "../messages/report.ts";
import { GateError } from "../model/problem.ts";
import { type Report, reportSchema } from "./report.ts";

/** Most mistakes told of one file; a file of another kind would have hundreds. */
const mostMistakes = 10;

/** Throws GateError when the text is no JSON, no report, or a report of another version. `file` is named in the problems. */
export function parseReport(text: string, file: string): Report {
  const value = parseJson(text, file);
  const version = versionOf(value);
  if (version !== null && version !== 1) {
    throw new GateError([reportOtherVersion({ file, version: String(version) })]);
  }
  const parsed = reportSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new GateError(
    parsed.error.issues
      .slice(0, mostMistakes)
      .map((issue) => notAReport({ file, path: issue.path.map(String).join("."), why: issue.message })),
  );
}

/** The version when it is a plain value and the rest could be a report; null otherwise. */
function versionOf(value: unknown): string | number | null {
  if (typeof value !== "object" || value === null || !("version" in value) || !("verdict" in value)) return null;
  return typeof value.version === "number" || typeof value.version === "string" ? value.version : null;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new GateError([reportNotJson({ file, ...placeIn(text, said), why: whyOf(text, said) })]);
  }
}

function whyOf(text: string, said: string): string {
  if (text.trim() === "") return "an empty file";
  return /end of JSON|Unterminated/i.test(said) ? "the text ends in the middle of a value" : said;
}

/** V8 tells the offset in most of its messages, and none at the end of the text. */
function placeIn(text: string, said: string): { readonly line: number | null; readonly column: number | null } {
  const told = /at position (\d+)/.exec(said)?.[1];
  if (told === undefined && !/end of JSON/.test(said)) return { line: null, column: null };
  const before = text.slice(0, told === undefined ? text.length : Number(told));
  return { line: before.split("\n").length, column: before.length - before.lastIndexOf("\n") };
}
