/** Brings a model at one commit into the cache: every file checked, then linked into a snapshot as other tools of the hub do. */
import { lstat, mkdir, rename, rm, stat, statfs, symlink } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { hubNoSpace } from "../messages/hub.ts";
import { GateError } from "../model/problem.ts";
import type { ProgressEvent } from "../model/progress.ts";
import type { Clock } from "../platform/clock.ts";
import { displayPath } from "../platform/display-path.ts";
import { blobPath, repositoryFolder, snapshotFolder } from "./cache-layout.ts";
import { downloadBlob } from "./download-blob.ts";
import { filesOf, type Hub, type HubFile } from "./hub-api.ts";
import { wantedFiles } from "./wanted-files.ts";

export interface SnapshotRequest {
  readonly hub: Hub;
  readonly name: string;
  /** Full commit id. */
  readonly revision: string;
  readonly cacheFolder: string;
  readonly which: "needed" | "all";
  readonly clock: Pick<Clock, "sleep">;
  readonly onProgress: (event: ProgressEvent) => void;
  /** Bytes that may still be written below a folder. */
  readonly freeBytes?: (folder: string) => Promise<number>;
}

export interface FetchedSnapshot {
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
  /** Of them fetched now; the others were there. */
  readonly fetchedBytes: number;
}

/** Files fetched at a time: small ones wait for the network, large ones fill it. */
const atOnce = 4;

/** Throws GateError. What is whole stays in the cache whatever happens; the snapshot appears when all of it is. */
export async function fetchSnapshot(request: SnapshotRequest): Promise<FetchedSnapshot> {
  const { hub, name, revision, cacheFolder, clock } = request;
  const files = wantedFiles(await filesOf(hub, name, revision), request.which);
  const targetOf = (file: HubFile) => blobPath(cacheFolder, name, file.digest.hex);
  await mkdir(join(repositoryFolder(cacheFolder, name), "blobs"), { recursive: true });

  const there = await Promise.all(files.map(async (file) => (await sizeOf(targetOf(file))) === file.bytes));
  // Two paths may have one content; it is fetched once.
  const wanted = [...new Map(files.flatMap((file, index) => (there[index] ? [] : [[file.digest.hex, file]]))).values()];
  const totalBytes = sum(wanted.map(({ bytes }) => bytes));
  const begun = await Promise.all(wanted.map(async (file) => (await sizeOf(`${targetOf(file)}.incomplete`)) ?? 0));
  await assertSpace(request, totalBytes - sum(begun));

  const doneBytes = new Map<string, number>();
  const tell = () =>
    request.onProgress({ kind: "downloading", what: name, doneBytes: sum([...doneBytes.values()]), totalBytes });
  const queue = [...wanted];
  const worker = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const { hex } = file.digest;
      const onBytes = (bytes: number) => {
        doneBytes.set(hex, bytes);
        tell();
      };
      await downloadBlob({ hub, name, revision, file, target: targetOf(file), clock, onBytes });
    }
  };
  // The first failure counts; the others end what they are at, so that nothing of them is lost.
  const ended = await Promise.allSettled(Array.from({ length: atOnce }, () => worker().finally(() => queue.splice(0))));
  for (const one of ended) if (one.status === "rejected") throw one.reason;

  const folder = snapshotFolder(cacheFolder, name, revision);
  await link(folder, files, targetOf);
  return { folder, files: files.length, bytes: sum(files.map(({ bytes }) => bytes)), fetchedBytes: totalBytes };
}

/** A new snapshot is put together beside its place and renamed; one that another tool began is completed where it is. */
async function link(folder: string, files: readonly HubFile[], targetOf: (file: HubFile) => string): Promise<void> {
  const isNew = (await lstat(folder).catch(() => null)) === null;
  const staged = isNew ? join(dirname(folder), `.${process.pid}.incomplete`) : folder;
  try {
    for (const file of files) {
      const path = join(staged, file.path);
      await mkdir(dirname(path), { recursive: true });
      if ((await sizeOf(path)) === file.bytes) continue;
      await rm(path, { force: true });
      await symlink(relative(dirname(path), targetOf(file)), path);
    }
    if (isNew) await rename(staged, folder);
  } finally {
    if (isNew) await rm(staged, { recursive: true, force: true });
  }
}

async function assertSpace({ cacheFolder, freeBytes = freeBytesOf }: SnapshotRequest, needed: number): Promise<void> {
  const free = await freeBytes(cacheFolder).catch(() => null);
  if (free === null || needed <= free) return;
  throw new GateError([hubNoSpace({ folder: displayPath(cacheFolder), needed, free })]);
}

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Null when there is no such file. */
const sizeOf = (path: string) =>
  stat(path).then(
    ({ size }) => size,
    () => null,
  );

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
