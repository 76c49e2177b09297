/** Loads the lock file and refuses one that is broken, contradicts itself, or belongs to something else. */
import { fileNotRead } from "../messages/suite-files.ts";
import { lockContradicts, lockNotOurs, lockOfAnotherSuite, lockVersion } from "../messages/suite-lock.ts";
import { type CaseId, parseCaseId } from "../model/case.ts";
import { type Digest, parseDigest } from "../model/digest.ts";
import { type HardwareClass, parseHardwareClass } from "../model/fingerprint.ts";
import type { Lock, LockedClass, LockedGeneration, LockedGolden } from "../model/lock.ts";
import { GateError, type Problem } from "../model/problem.ts";
import type { Suite } from "../model/suite.ts";
import { displayPath } from "../platform/display-path.ts";
import type { Files } from "../platform/files.ts";
import { fromHeadings } from "./lock-facts.ts";
import { type LockInput, lockFormat, lockKind, lockSchema } from "./lock-schema.ts";
import { readSource } from "./read-source.ts";
import { isMapping, parsePart } from "./schema-problems.ts";
import { locationOf, locationOfKey, pathInWords, type Source, type SourcePath } from "./source-tree.ts";
import { valueInWords } from "./value-in-words.ts";
import { parseYaml } from "./yaml-source.ts";

const help = ["`record` writes this file: restore it from version control, or record again with --mode all."];

/** `suite.yml` → `suite.lock.yml`, in the same folder. */
export function lockPathOf(suitePath: string): string {
  return `${suitePath.replace(/\.ya?ml$/i, "")}.lock.yml`;
}

/** Null when there is no file. Throws GateError with every mistake, each with file, line and column. */
export async function loadLock(path: string, files: Files): Promise<Lock | null> {
  const read = await readSource(path, files);
  if (read.kind === "missing") return null;
  if (read.kind === "problem") throw new GateError([read.problem]);
  return lockOfText(read.text, displayPath(path));
}

/** As `loadLock`, for a text that is not on disk. `file` is named in the problems. */
export function lockOfText(text: string, file: string): Lock {
  if (text.trim() === "") throw new GateError([fileNotRead({ file, why: "it is empty" })]);
  const problems: Problem[] = [];
  const source = parseYaml(file, text, problems);
  if (source === null) throw new GateError(problems);
  const stranger = strangerProblem(source);
  if (stranger !== null) throw new GateError([stranger]);
  const input = parsePart(lockSchema, { source, path: [], help }, problems);
  const lock = input === null ? null : lockOf(input, source, problems);
  if (problems.length > 0 || lock === null) throw new GateError(problems);
  return lock;
}

/** Throws GateError when the lock was recorded for a suite of another name. `path` is that of the lock. */
export function assertLockOf(lock: Lock, suite: Pick<Suite, "name">, path: string): void {
  if (lock.suite === suite.name) return;
  const location = { file: displayPath(path), line: null, column: null };
  throw new GateError([lockOfAnotherSuite({ location, found: lock.suite, expected: suite.name })]);
}

function strangerProblem(source: Source): Problem | null {
  const { value } = source.root;
  const kind = isMapping(value) ? value.kind : undefined;
  if (!isMapping(value) || kind !== lockKind) {
    const found = kind === undefined ? valueInWords(value) : `kind ${valueInWords(kind)}`;
    return lockNotOurs({ location: locationOf(source, ["kind"]), found });
  }
  const { version } = value;
  if (version === undefined || version === lockFormat) return null;
  const location = locationOf(source, ["version"]);
  return lockVersion({ location, found: valueInWords(version), expected: lockFormat });
}

function lockOf(input: LockInput, source: Source, problems: Problem[]): Lock {
  const classes = new Map<HardwareClass, LockedClass>();
  for (const [name, locked] of Object.entries(input.classes)) {
    const path = ["classes", name];
    const hardwareClass = parseHardwareClass(name);
    const generations = generationsOf(locked.generations, source, path, problems);
    const goldens = goldensOf(locked.goldens, generations, source, path, problems);
    const [newest, ...older] = generations;
    if (hardwareClass === null || newest === undefined) continue;
    const { contract } = locked;
    const environment = fromHeadings(locked);
    classes.set(hardwareClass, { generations: [newest, ...older], contract, environment, goldens });
  }
  return { suite: input.suite, classes };
}

type ClassInput = LockInput["classes"][string];

function generationsOf(
  written: ClassInput["generations"],
  source: Source,
  path: SourcePath,
  problems: Problem[],
): LockedGeneration[] {
  return written.map(({ generation, reason, recorded_at, recorded_by, accepted }, index) => {
    const newer = written[index - 1]?.generation;
    if (newer !== undefined && generation >= newer) {
      const at = [...path, "generations", index, "generation"];
      problems.push(contradiction(source, at, String(generation), `a number below ${newer}: the newest comes first`));
    }
    const { run, commit, checked_at } = accepted ?? { run: null, commit: null, checked_at: null };
    const acceptance = checked_at === null ? null : { run, commit, checkedAt: checked_at };
    return { generation, reason, recordedAt: recorded_at, recordedBy: recorded_by, accepted: acceptance };
  });
}

function goldensOf(
  written: ClassInput["goldens"],
  generations: readonly LockedGeneration[],
  source: Source,
  path: SourcePath,
  problems: Problem[],
): Map<CaseId, LockedGolden> {
  const goldens = new Map<CaseId, LockedGolden>();
  const known = new Set(generations.map(({ generation }) => generation));
  const seen = new Map<string, string>();
  for (const [name, golden] of Object.entries(written)) {
    const at = [...path, "goldens", name];
    const twin = seen.get(name.toLowerCase());
    if (twin !== undefined) {
      const expected = `ids that differ in more than upper and lower case (${twin} is there)`;
      problems.push(contradiction(source, at, name, expected, "key"));
    }
    seen.set(name.toLowerCase(), name);
    if (!known.has(golden.generation)) {
      const expected = `a generation of the list above (${[...known].join(", ")})`;
      problems.push(contradiction(source, [...at, "generation"], String(golden.generation), expected));
    }
    const [id, digest, contract] = [parseCaseId(name), parseDigest(golden.digest), parseDigest(golden.contract)];
    if (id === null) problems.push(contradiction(source, at, name, "a case id that is a safe file name", "key"));
    if (id !== null && isDigest(digest) && isDigest(contract)) {
      goldens.set(id, { digest, contract, generation: golden.generation });
    }
  }
  return goldens;
}

const isDigest = (digest: Digest | null): digest is Digest => digest !== null;

function contradiction(
  source: Source,
  path: SourcePath,
  found: string,
  expected: string,
  at: "value" | "key" = "value",
): Problem {
  const location = at === "key" ? locationOfKey(source, path) : locationOf(source, path);
  return lockContradicts({ location, path: pathInWords(path), found, expected });
}
