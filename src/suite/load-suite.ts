/** Loads a suite: reads the file and all it names, reports every mistake at once, and yields what everything below may trust. */
import { dirname, resolve } from "node:path";
import { suiteNotFound } from "../messages/suite-files.ts";
import type { Case } from "../model/case.ts";
import { GateError, type Problem } from "../model/problem.ts";
import type { SamplingSupport } from "../model/sampling-params.ts";
import type { EngineName, RuntimeName, Suite } from "../model/suite.ts";
import { displayPath } from "../platform/display-path.ts";
import type { Files } from "../platform/files.ts";
import type { CommitOfRef } from "./moving-revision.ts";
import { readSource } from "./read-source.ts";
import { readCases } from "./resolve-cases.ts";
import { policyOf, policyProblems } from "./resolve-policy.ts";
import { readSampling, resolveSampling, samplingProblems } from "./resolve-sampling.ts";
import { readSettings } from "./resolve-settings.ts";
import { locationOfKey } from "./source-tree.ts";
import { parseYaml } from "./yaml-source.ts";

/**
 * The suite at `path`. `samplingSupport` tells what each engine can honour, `commitOf` what a branch of a model stands for; `runtime`
 * takes the place of the suite's own unless it is null. Throws GateError with every mistake of the suite and of
 * the JSONL files it names, each with file, line and column.
 */
export async function loadSuite(
  path: string,
  files: Files,
  samplingSupport: (engine: EngineName) => SamplingSupport,
  commitOf: CommitOfRef = async () => null,
  runtime: RuntimeName | null = null,
): Promise<Suite> {
  const absolute = resolve(path);
  const folder = dirname(absolute);
  const file = displayPath(absolute);
  const problems: Problem[] = [];
  const read = await readSource(absolute, files);
  if (read.kind === "missing") throw new GateError([suiteNotFound({ file })]);
  if (read.kind === "problem") throw new GateError([read.problem]);
  const source = parseYaml(file, read.text, problems);
  if (source === null) throw new GateError(problems);
  const settings = await readSettings(source, { folder, files, commitOf, runtime }, problems);
  if (settings === null) throw new GateError(problems);

  const { engine, compare } = settings;
  const honoured = engine === null ? null : { engine: engine.name, support: samplingSupport(engine.name) };
  const shared = readSampling(source, ["sampling"], honoured, problems);
  const drafts = await readCases(source, { folder, files, honoured }, problems);
  const sampled = drafts.map((draft) => ({
    id: draft.writtenId,
    own: draft.sampling,
    draft,
    sampling: resolveSampling(shared, draft.sampling),
  }));
  problems.push(...samplingProblems(sampled, shared, locationOfKey(source, ["sampling"]), honoured?.support ?? null));
  problems.push(...policyProblems(sampled, compare, source, honoured));
  const cases = sampled.flatMap(({ draft, sampling }): Case[] => {
    const { id, prompt, location } = draft;
    const policy = policyOf(compare, draft.compare);
    return id === null || prompt === null ? [] : [{ id, prompt, sampling, compare: policy, source: location }];
  });
  if (problems.length > 0 || engine === null || settings.runtime === null) throw new GateError(inOrder(problems, file));
  return {
    ...settings,
    runtime: settings.runtime,
    engine,
    path: absolute,
    folder,
    compare: policyOf(compare, {}),
    cases,
  };
}

/** The suite's own problems first, then those of its case files, each file from top to bottom. */
function inOrder(problems: readonly Problem[], suiteFile: string): Problem[] {
  const rank = ({ location }: Problem) => (location === null || location.file === suiteFile ? 0 : 1);
  return [...problems].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      compareText(a.location?.file ?? "", b.location?.file ?? "") ||
      (a.location?.line ?? 0) - (b.location?.line ?? 0) ||
      (a.location?.column ?? 0) - (b.location?.column ?? 0),
  );
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
