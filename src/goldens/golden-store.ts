/** The goldens beside a suite: `goldens/<hardware class>/<case id>.json`, each held against the digest in the lock. */
import { basename, dirname, join } from "node:path";
import {
  goldenChanged,
  goldenFileMissing,
  goldenLockDisagrees,
  goldenNamesCollide,
  goldenNotLocked,
  goldenNotRead,
} from "../messages/goldens.ts";
import { type CaseId, parseCaseId } from "../model/case.ts";
import { shortDigest } from "../model/digest.ts";
import { type HardwareClass, parseHardwareClass } from "../model/fingerprint.ts";
import type { Golden } from "../model/golden.ts";
import type { Lock, LockedClass, LockedGolden } from "../model/lock.ts";
import { GateError, type Problem } from "../model/problem.ts";
import { displayPath } from "../platform/display-path.ts";
import type { Files } from "../platform/files.ts";
import { digestOf } from "../platform/hashing.ts";
import { reasonOf } from "../platform/thrown.ts";
import { decodeGoldenBytes } from "./golden-codec.ts";
import { goldenDamage } from "./golden-damage.ts";

export interface ListedGoldens {
  readonly ids: readonly CaseId[];
  /** Names that are no golden's; hidden files, and so the temporary ones, are left out. */
  readonly foreign: readonly string[];
}

export interface GoldenStore {
  /** Absolute when the suite's folder is. */
  pathOf(hardwareClass: HardwareClass, id: CaseId): string;
  /** Throws GateError when the file is missing, is not the one that was recorded, or cannot be decoded. */
  read(hardwareClass: HardwareClass, id: CaseId, locked: LockedGolden): Promise<Golden>;
  /** Every problem of one class: files that are missing, changed, unknown to the lock or collide. One file in memory at a time. */
  verify(locked: LockedClass, hardwareClass: HardwareClass): Promise<readonly Problem[]>;
  /** As `verify`, for every class of the lock, and for folders of classes that it does not know. */
  verifyAll(lock: Lock): Promise<readonly Problem[]>;
  list(hardwareClass: HardwareClass): Promise<ListedGoldens>;
}

const extension = ".json";

/** The store of the suite in `suiteFolder`. */
export function goldenStore(suiteFolder: string, files: Files): GoldenStore {
  const root = join(suiteFolder, "goldens");
  const pathOf = (hardwareClass: HardwareClass, id: CaseId) => join(root, hardwareClass, `${id}${extension}`);

  const readBytes = async (path: string): Promise<Uint8Array | null> => {
    try {
      return await files.readBytes(path);
    } catch (error) {
      throw new GateError([goldenNotRead({ file: displayPath(path), why: reasonOf(error) })], { cause: error });
    }
  };

  /** Throws GateError unless the file is the one that the lock means. */
  const readRecorded = async (path: string, locked: LockedGolden): Promise<Uint8Array> => {
    const bytes = await readBytes(path);
    const file = displayPath(path);
    if (bytes === null) throw new GateError([goldenFileMissing({ file, otherCase: await otherCaseOf(path, files) })]);
    const digest = digestOf(bytes);
    if (digest === locked.digest) return bytes;
    const digests = { locked: shortDigest(locked.digest), now: shortDigest(digest) };
    throw new GateError([goldenChanged({ file, damage: goldenDamage(bytes, locked.digest), ...digests })]);
  };

  const list = async (hardwareClass: HardwareClass): Promise<ListedGoldens> => {
    const names = (await files.list(join(root, hardwareClass))).filter((name) => !name.startsWith("."));
    const ids = names.flatMap((name) => idOf(name) ?? []);
    return { ids, foreign: names.filter((name) => idOf(name) === null) };
  };

  const verify = async (locked: LockedClass, hardwareClass: HardwareClass): Promise<readonly Problem[]> => {
    const problems = collisions([...locked.goldens.keys()]).map(([id, other]) =>
      goldenNamesCollide({ file: displayPath(pathOf(hardwareClass, id)), other: `${other}${extension}` }),
    );
    for (const [id, entry] of locked.goldens) {
      try {
        await readRecorded(pathOf(hardwareClass, id), entry);
      } catch (error) {
        if (!(error instanceof GateError)) throw error;
        problems.push(...error.problems);
      }
    }
    const { ids } = await list(hardwareClass);
    const named = new Set([...locked.goldens.keys()].map((id) => id.toLowerCase()));
    for (const id of ids) {
      // A name in other letters was told of as missing, or is the same file on this file system.
      if (!named.has(id.toLowerCase())) {
        problems.push(goldenNotLocked({ file: displayPath(pathOf(hardwareClass, id)) }));
      }
    }
    return problems;
  };

  return {
    pathOf,
    list,
    verify,
    async read(hardwareClass, id, locked) {
      const path = pathOf(hardwareClass, id);
      const file = displayPath(path);
      const golden = decodeGoldenBytes(await readRecorded(path, locked), file);
      const problems = disagreements(golden, locked, file);
      if (problems.length > 0) throw new GateError(problems);
      return golden;
    },
    async verifyAll(lock) {
      const problems: Problem[] = [];
      for (const [hardwareClass, locked] of lock.classes) problems.push(...(await verify(locked, hardwareClass)));
      for (const name of await files.list(root)) {
        const hardwareClass = parseHardwareClass(name);
        if (hardwareClass === null || lock.classes.has(hardwareClass)) continue;
        const { ids } = await list(hardwareClass);
        problems.push(...ids.map((id) => goldenNotLocked({ file: displayPath(pathOf(hardwareClass, id)) })));
      }
      return problems;
    },
  };
}

function idOf(name: string): CaseId | null {
  return name.endsWith(extension) ? parseCaseId(name.slice(0, -extension.length)) : null;
}

/** The name of a file beside `path` that differs from it only in upper and lower case. */
async function otherCaseOf(path: string, files: Files): Promise<string | null> {
  const wanted = basename(path).toLowerCase();
  return (await files.list(dirname(path))).find((name) => name.toLowerCase() === wanted) ?? null;
}

function collisions(ids: readonly CaseId[]): readonly (readonly [CaseId, CaseId])[] {
  const first = new Map<string, CaseId>();
  return ids.flatMap((id) => {
    const other = first.get(id.toLowerCase());
    if (other !== undefined) return [[id, other] as const];
    first.set(id.toLowerCase(), id);
    return [];
  });
}

function disagreements(golden: Golden, locked: LockedGolden, file: string): readonly Problem[] {
  return (["generation", "contract"] as const)
    .filter((field) => golden[field] !== locked[field])
    .map((field) => {
      const location = { file, line: null, column: null };
      return goldenLockDisagrees({
        location,
        field,
        found: String(golden[field]),
        expected: `${locked[field]}, as the lock says`,
      });
    });
}
