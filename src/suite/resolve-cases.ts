/** All cases of a suite, from its own list and from the JSONL files that it names, in the order in which they are written. */
import {
  caseFileEmpty,
  caseFileTwice,
  duplicateCaseId,
  fromMatchesNothing,
  fromStandsAlone,
  noCases,
} from "../messages/suite-cases.ts";
import type { Problem, SourceLocation } from "../model/problem.ts";
import { displayPath } from "../platform/display-path.ts";
import type { Files } from "../platform/files.ts";
import { findCaseFiles } from "./case-files.ts";
import { caseSchema } from "./case-schema.ts";
import { parseJsonLine } from "./json-source.ts";
import { readSource } from "./read-source.ts";
import { type CaseDraft, readCase } from "./resolve-case.ts";
import type { EngineSampling } from "./resolve-sampling.ts";
import { parsePart, unknownProblem } from "./schema-problems.ts";
import { locationOf, locationOfKey, nodeAt, type Source } from "./source-tree.ts";
import { suiteSchema } from "./suite-schema.ts";

export interface CaseReading {
  /** Folder of the suite. */
  readonly folder: string;
  readonly files: Files;
  readonly honoured: EngineSampling | null;
}

/** Every case that could be read, as far as it could; everything wrong with them is appended. */
export async function readCases(source: Source, reading: CaseReading, problems: Problem[]): Promise<CaseDraft[]> {
  const list = nodeAt(source, ["cases"]);
  if (list === null || !Array.isArray(list.value) || list.items.length === 0) {
    if (list === null || (Array.isArray(list.value) && list.items.length === 0) || list.value === null) {
      problems.push(noCases({ location: locationOfKey(source, ["cases"]) }));
    } else parsePart(suiteSchema.shape.cases, { source, path: ["cases"], help: [] }, problems);
    return [];
  }
  const seen = new Map<string, SourceLocation>();
  const drafts: CaseDraft[] = [];
  for (const [index, item] of list.items.entries()) {
    const path = ["cases", index];
    if (!item.fields.has("from")) {
      drafts.push(readCase(source, path, reading.honoured, problems));
      continue;
    }
    for (const file of await caseFilesAt(source, index, reading, seen, problems)) {
      const from = locationOf(source, [...path, "from"]);
      for (const draft of await readCaseFile(file, from, reading, problems)) drafts.push(draft);
    }
  }
  problems.push(...duplicateProblems(drafts));
  return drafts;
}

async function caseFilesAt(
  source: Source,
  index: number,
  reading: CaseReading,
  seen: Map<string, SourceLocation>,
  problems: Problem[],
): Promise<readonly string[]> {
  const path = ["cases", index];
  const known = Object.keys(caseSchema.shape);
  const others = [...(nodeAt(source, path)?.fields.keys() ?? [])].filter((name) => name !== "from");
  for (const name of others) {
    if (!known.includes(name)) problems.push(unknownProblem(source, [...path, name], ["from"]));
  }
  const misplaced = others.filter((name) => known.includes(name));
  if (misplaced.length > 0) problems.push(fromStandsAlone({ location: locationOf(source, path), others: misplaced }));
  const fromPath = [...path, "from"];
  const pattern = parsePart(caseSchema.shape.from.unwrap(), { source, path: fromPath, help: [] }, problems);
  if (pattern === null) return [];
  const location = locationOf(source, fromPath);
  const found = await findCaseFiles(reading.folder, pattern, reading.files);
  if (typeof found === "string") {
    problems.push(fromMatchesNothing({ location, pattern, why: found }));
    return [];
  }
  return found.filter((file) => {
    const first = seen.get(file);
    if (first === undefined) seen.set(file, location);
    else problems.push(caseFileTwice({ location, file: displayPath(file), first }));
    return first === undefined;
  });
}

async function readCaseFile(
  path: string,
  from: SourceLocation,
  reading: CaseReading,
  problems: Problem[],
): Promise<CaseDraft[]> {
  const file = displayPath(path);
  const read = await readSource(path, reading.files);
  if (read.kind !== "text") {
    const missing = fromMatchesNothing({ location: from, pattern: file, why: "no such file" });
    problems.push(read.kind === "problem" ? read.problem : missing);
    return [];
  }
  const drafts: CaseDraft[] = [];
  let lineNumber = 0;
  let hasLine = false;
  for (const line of read.text.split("\n")) {
    lineNumber += 1;
    if (line.trim() === "") continue;
    hasLine = true;
    const source = parseJsonLine(file, line.replace(/\r$/, ""), lineNumber, problems);
    if (source !== null) drafts.push(readCase(source, [], reading.honoured, problems));
  }
  if (!hasLine) problems.push(caseFileEmpty({ file, from }));
  return drafts;
}

function duplicateProblems(drafts: readonly CaseDraft[]): Problem[] {
  const first = new Map<string, CaseDraft>();
  return drafts.flatMap((draft) => {
    if (draft.writtenId === "") return [];
    const key = draft.writtenId.toLowerCase();
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, draft);
      return [];
    }
    const { writtenId: id, idLocation: location } = draft;
    return [duplicateCaseId({ location, id, firstId: earlier.writtenId, first: earlier.idLocation })];
  });
}
