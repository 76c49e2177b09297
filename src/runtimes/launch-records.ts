/** Launches written down before they happen: one small file each, removed when nothing of the launch is left. */

import { readlinkSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { stateFolderUnusable } from "../messages/runtimes.ts";
import { GateError } from "../model/problem.ts";
import { nodeFiles } from "../platform/files.ts";
import { codeOf, reasonOf } from "../platform/thrown.ts";

const identity = z.strictObject({
  pid: z.int().positive(),
  startedTicks: z.number(),
  bootId: z.string(),
});

const launchRecord = z.strictObject({
  version: z.literal(1),
  /** Value of INFERENCE_GATE_LAUNCH; also the file's name. */
  launch: z.uuid(),
  /** The gate that started it. */
  owner: identity,
  /** Where process ids of this record mean anything. */
  place: z.strictObject({ host: z.string(), pidNamespace: z.string() }),
  program: z.string(),
  /** Null until it was started. */
  leader: identity.nullable(),
  group: z.int().positive().nullable(),
});

const otherVersion = z.looseObject({ version: z.int().min(2) });

export type LaunchRecord = z.infer<typeof launchRecord>;

export type ReadRecord =
  | { readonly kind: "record"; readonly file: string; readonly modifiedMs: number; readonly record: LaunchRecord }
  | { readonly kind: "unreadable"; readonly file: string; readonly reason: string };

export interface LaunchRecords {
  /** Throws GateError (`runtimes/state-folder`) when it cannot be written. */
  write(record: LaunchRecord): Promise<void>;
  remove(launch: string): Promise<void>;
  /** Throws GateError (`runtimes/state-folder`) when the folder is there and cannot be read. */
  readAll(): Promise<readonly ReadRecord[]>;
  logFile(launch: string): string;
  /** Removes logs of launches that are gone, except for the newest `keep`. */
  pruneLogs(keep: number): Promise<void>;
}

/** Host name and process-id namespace of this process; the latter is empty where there are none. */
export function ownPlace(): LaunchRecord["place"] {
  try {
    return { host: hostname(), pidNamespace: readlinkSync("/proc/self/ns/pid") };
  } catch {
    return { host: hostname(), pidNamespace: "" };
  }
}

/** The records kept under a state folder, which is made readable for its owner only. */
export function launchRecords(folder: string): LaunchRecords {
  const launches = join(folder, "launches");
  const logs = join(folder, "logs");
  const recordFile = (launch: string) => join(launches, `${launch}.json`);
  return {
    logFile: (launch) => join(logs, `${launch}.log`),
    async write(record) {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await mkdir(logs, { recursive: true });
        await nodeFiles.writeAtomic(recordFile(record.launch), `${JSON.stringify(record, null, 2)}\n`);
      } catch (error) {
        throw new GateError([stateFolderUnusable({ folder, reason: reasonOf(error) })], { cause: error });
      }
    },
    remove: (launch) => nodeFiles.remove(recordFile(launch)),
    async readAll() {
      const listed = await nodeFiles.list(launches).catch((error: unknown) => {
        throw new GateError([stateFolderUnusable({ folder, reason: reasonOf(error) })], { cause: error });
      });
      const names = listed.filter((name) => /^[^.].*\.json$/.test(name));
      const read = await Promise.all(names.map((name) => readRecord(join(launches, name))));
      return read.filter((entry) => entry !== null);
    },
    async pruneLogs(keep) {
      const live = new Set((await nodeFiles.list(launches)).map((name) => name.replace(/\.json$/, "")));
      const names = (await readdir(logs).catch(() => [])).filter((name) => !live.has(name.replace(/\.log$/, "")));
      const dated = await Promise.all(names.map(async (name) => ({ name, at: await modifiedMs(join(logs, name)) })));
      const old = dated.sort((a, b) => b.at - a.at).slice(keep);
      for (const { name } of old) await rm(join(logs, name), { force: true });
    },
  };
}

/** Null when it was removed meanwhile, or is not ours to read. */
async function readRecord(file: string): Promise<ReadRecord | null> {
  try {
    const modified = await modifiedMs(file);
    const content: unknown = JSON.parse(await readFile(file, "utf8"));
    // Another version of the gate looks after its own.
    if (otherVersion.safeParse(content).success) return null;
    const parsed = launchRecord.safeParse(content);
    if (parsed.success) return { kind: "record", file, modifiedMs: modified, record: parsed.data };
    return { kind: "unreadable", file, reason: z.prettifyError(parsed.error) };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    return { kind: "unreadable", file, reason: reasonOf(error) };
  }
}

const modifiedMs = (path: string) =>
  stat(path).then(
    (found) => found.mtimeMs,
    () => 0,
  );
