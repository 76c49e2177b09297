/** Everything of a suite but its sampling and cases: engine, model, dependencies, policy, limits. */
import { isAbsolute, resolve } from "node:path";
import type { z } from "zod";
import { attachedNeedsUrl, determinismWithoutDriver, onlyForRuntime, pathNotFound } from "../messages/suite-fields.ts";
import { type Determinism, isAlwaysApart, preludeEngines } from "../model/determinism.ts";
import type { Digest } from "../model/digest.ts";
import type { Problem } from "../model/problem.ts";
import type { EngineSpec, ModelSpec, RuntimeName, Suite } from "../model/suite.ts";
import type { Files } from "../platform/files.ts";
import { digestOf } from "../platform/hashing.ts";
import { defaultDeterminism } from "./determinism-schema.ts";
import { type CommitOfRef, nameMovingRevision } from "./moving-revision.ts";
import type { CompareInput } from "./resolve-case.ts";
import { readContainer } from "./resolve-container.ts";
import { isMapping, parsePart, unknownProblem } from "./schema-problems.ts";
import { locationOf, locationOfKey, nodeAt, pathInWords, type Source, type SourcePath } from "./source-tree.ts";
import { suiteSchema } from "./suite-schema.ts";

type Fixed = Pick<
  Suite,
  | "name"
  | "container"
  | "model"
  | "determinism"
  | "dependencies"
  | "record"
  | "timeouts"
  | "driverPolicy"
  | "busyGpu"
  | "redact"
>;

/** Parts that were refused are null or neutral, and their problems are known. */
export interface Settings extends Fixed {
  readonly runtime: RuntimeName | null;
  readonly engine: EngineSpec | null;
  readonly compare: CompareInput | null;
}

const shape = suiteSchema.shape;

/** Null when the file is no mapping at all; problems are appended. A `runtime` that is not null takes the place of the written one. */
export async function readSettings(
  source: Source,
  {
    folder,
    files,
    commitOf,
    runtime: given,
  }: Place & { readonly commitOf: CommitOfRef; readonly runtime: RuntimeName | null },
  problems: Problem[],
): Promise<Settings | null> {
  if (!isMapping(source.root.value)) {
    parsePart(
      suiteSchema,
      { source, path: [], help: ["See docs/suite.md, or begin with: inference-gate init"] },
      problems,
    );
    return null;
  }
  const known = Object.keys(shape);
  for (const name of source.root.fields.keys()) {
    if (!known.includes(name)) problems.push(unknownProblem(source, [name], known));
  }
  const part = <Schema extends z.ZodType>(name: keyof typeof shape, schema: Schema) =>
    parsePart(schema, { source, path: [name], help: [] }, problems);

  part("version", shape.version);
  const written = part("runtime", shape.runtime);
  const runtime = given ?? written;
  const engine = part("engine", shape.engine);
  const model = part("model", shape.model);
  const determinism = part("determinism", shape.determinism);
  await nameMovingRevision(source, commitOf, problems);
  const dependencies = part("dependencies", shape.dependencies) ?? [];
  const record = part("record", shape.record);
  const timeouts = part("timeouts", shape.timeouts);
  const environment = part("environment", shape.environment);
  const compare = part("compare", shape.compare);
  const container = await readContainer(source, runtime, { folder, files }, problems);
  problems.push(...runtimeProblems(source, runtime));
  return {
    name: part("name", shape.name) ?? "default",
    runtime,
    container,
    engine: engine === null ? null : engineSpec(source, engine),
    model: model === null || model === undefined ? null : await modelSpec(source, model, { folder, files }, problems),
    determinism: determinismOf(source, { engine, runtime }, determinism ?? defaultDeterminism, problems),
    dependencies: await dependencyDigests(source, dependencies, { folder, files }, problems),
    compare: compare === undefined ? {} : compare,
    record: record ?? { launches: 2, repeats: 2 },
    timeouts: {
      startupMs: milliseconds(timeouts?.startup_s),
      caseMs: milliseconds(timeouts?.case_s),
      stallMs: milliseconds(timeouts?.stall_s),
      stopMs: milliseconds(timeouts?.stop_s),
    },
    driverPolicy: environment?.driver ?? "noted",
    busyGpu: environment?.busy_gpu ?? "refuse",
    redact: part("redact", shape.redact) ?? false,
  };
}

const milliseconds = (seconds = 0) => Math.max(1, Math.round(seconds * 1000));

function engineSpec(source: Source, engine: z.output<typeof shape.engine>): EngineSpec {
  const { name, command, args, env, url } = engine;
  return { name, command: command ?? null, args, env, url: url ?? null, source: locationOfKey(source, ["engine"]) };
}

function determinismOf(
  source: Source,
  { engine, runtime }: { engine: z.output<typeof shape.engine> | null; runtime: RuntimeName | null },
  settings: Determinism,
  problems: Problem[],
): Determinism | null {
  if (engine === null) return settings;
  // A server that runs already was started by somebody else, without the prelude.
  if (preludeEngines.includes(engine.name) && runtime !== "attached") {
    const isSilent = nodeAt(source, ["determinism", "multiprocessing"]) === null;
    return isSilent && isAlwaysApart(engine.name) ? { ...settings, multiprocessing: true } : settings;
  }
  if (nodeAt(source, ["determinism"]) !== null) {
    const location = locationOfKey(source, ["determinism"]);
    const name = runtime === "attached" ? `${engine.name} that runs already` : engine.name;
    problems.push(determinismWithoutDriver({ location, engine: name, engines: preludeEngines }));
  }
  return null;
}

function runtimeProblems(source: Source, runtime: RuntimeName | null): Problem[] {
  const has = (name: string) => nodeAt(source, ["engine", name]) !== null;
  if (runtime === null || !isMapping(nodeAt(source, ["engine"])?.value)) return [];
  const problems: Problem[] = [];
  const misplaced = (name: string, wanted: RuntimeName, why: string) =>
    onlyForRuntime({
      location: locationOfKey(source, ["engine", name]),
      path: `engine.${name}`,
      runtime: wanted,
      found: `runtime: ${runtime}`,
      why,
    });
  if (runtime === "attached") {
    if (!has("url")) problems.push(attachedNeedsUrl({ location: locationOfKey(source, ["engine"]) }));
    if (has("command")) problems.push(misplaced("command", "process", "the engine already runs and is not started"));
  } else if (has("url")) {
    problems.push(misplaced("url", "attached", "the engine is started here and given an address"));
  }
  return problems;
}

interface Place {
  readonly folder: string;
  readonly files: Files;
}

async function modelSpec(
  source: Source,
  model: NonNullable<z.output<typeof shape.model>>,
  { folder, files }: Place,
  problems: Problem[],
): Promise<ModelSpec> {
  const path = model.path === undefined ? null : resolve(folder, model.path);
  if (path !== null && model.path !== undefined && !(await files.exists(path))) {
    problems.push(pathProblem(source, ["model", "path"], model.path, "a file or folder", "nothing"));
  }
  return { name: model.name, revision: model.revision ?? null, path, source: locationOfKey(source, ["model"]) };
}

async function dependencyDigests(
  source: Source,
  dependencies: readonly string[],
  { folder, files }: Place,
  problems: Problem[],
): Promise<{ [path: string]: Digest }> {
  const digests: { [path: string]: Digest } = {};
  for (const [index, written] of dependencies.entries()) {
    const at: SourcePath = ["dependencies", index];
    const wanted = "a file";
    if (isAbsolute(written)) {
      problems.push(pathProblem(source, at, written, "a relative path to a file", "an absolute path"));
      continue;
    }
    const path = resolve(folder, written);
    const stat = await files.stat(path);
    const bytes = stat === null || stat.isFolder ? null : await files.readBytes(path);
    if (bytes === null) problems.push(pathProblem(source, at, written, wanted, stat === null ? "nothing" : "a folder"));
    else digests[written] = digestOf(bytes);
  }
  return digests;
}

function pathProblem(source: Source, path: SourcePath, written: string, wanted: string, found: string): Problem {
  return pathNotFound({ location: locationOf(source, path), path: pathInWords(path), written, wanted, found });
}
