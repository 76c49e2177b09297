/** One case as it is written, inline or as a line of a JSONL file, before suite and case are laid over each other. */
import type { z } from "zod";
import { badCaseId, promptForms } from "../messages/suite-cases.ts";
import { type CaseId, type Prompt, parseCaseId } from "../model/case.ts";
import type { Problem, SourceLocation } from "../model/problem.ts";
import { caseLineSchema, compareSchema } from "./case-schema.ts";
import { type EngineSampling, readSampling, type SamplingDraft } from "./resolve-sampling.ts";
import { isMapping, parsePart, unknownProblem } from "./schema-problems.ts";
import { locationOf, nodeAt, type Source, type SourcePath } from "./source-tree.ts";

export type CompareInput = z.output<typeof compareSchema>;

/** What could be read; parts that were refused are null, and their problems are known. */
export interface CaseDraft {
  /** As written, for messages and for finding duplicates. */
  readonly writtenId: string;
  readonly id: CaseId | null;
  readonly prompt: Prompt | null;
  readonly sampling: SamplingDraft;
  readonly compare: CompareInput | null;
  readonly compareLocation: SourceLocation | null;
  readonly location: SourceLocation;
  readonly idLocation: SourceLocation;
}

const caseHeadSchema = caseLineSchema.omit({ sampling: true, compare: true, id: true }).loose();
const promptNames = ["prompt", "prompt_token_ids", "messages"] as const;

/** Reads the case at a path. Problems are appended; the draft is good for the checks that cross cases in any case. */
export function readCase(
  source: Source,
  path: SourcePath,
  honoured: EngineSampling | null,
  problems: Problem[],
): CaseDraft {
  const site = { source, path, help: [] };
  const location = locationOf(source, path);
  const head = parsePart(caseHeadSchema, site, problems);
  const node = nodeAt(source, path);
  const known = Object.keys(caseLineSchema.shape);
  for (const name of node?.fields.keys() ?? []) {
    if (!known.includes(name)) problems.push(unknownProblem(source, [...path, name], known));
  }
  const { id, writtenId } = readId(source, path, problems);
  const given = promptNames.filter((name) => node?.fields.has(name));
  if (node !== null && given.length !== 1 && (head !== null || given.length > 1)) {
    const name = writtenId === "" ? "case" : `case ${JSON.stringify(writtenId.slice(0, 80))}`;
    problems.push(promptForms({ location, given, name }));
  }
  const comparePath = [...path, "compare"];
  const hasCompare = nodeAt(source, comparePath) !== null;
  return {
    writtenId,
    id,
    prompt: head === null ? null : promptOf(head),
    sampling: readSampling(source, [...path, "sampling"], honoured, problems),
    compare: hasCompare ? parsePart(compareSchema, { ...site, path: comparePath }, problems) : {},
    compareLocation: hasCompare ? locationOf(source, comparePath) : null,
    location,
    idLocation: locationOf(source, [...path, "id"]),
  };
}

function readId(source: Source, path: SourcePath, problems: Problem[]): { id: CaseId | null; writtenId: string } {
  const idPath = [...path, "id"];
  const node = nodeAt(source, idPath);
  // What is no mapping at all was refused as a whole.
  if (!isMapping(nodeAt(source, path)?.value)) return { id: null, writtenId: "" };
  const written = typeof node?.value === "string" ? node.value : null;
  if (written === null) {
    parsePart(caseLineSchema.shape.id.unwrap(), { source, path: idPath, help: [] }, problems);
    return { id: null, writtenId: "" };
  }
  const id = parseCaseId(written);
  if (id === null) problems.push(badCaseId({ location: locationOf(source, idPath), id: written }));
  return { id, writtenId: written };
}

function promptOf(head: z.output<typeof caseHeadSchema>): Prompt | null {
  if (head.prompt !== undefined) return { kind: "text", text: head.prompt };
  if (head.prompt_token_ids !== undefined) return { kind: "tokens", tokenIds: head.prompt_token_ids };
  return head.messages === undefined ? null : { kind: "messages", messages: head.messages };
}
