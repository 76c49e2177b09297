/** The files of an artifact, read as what a stranger may have made: sizes limited, names checked, nothing written anywhere. */
import { type Entry, fromBufferPromise } from "yauzl";
import { artifactBroken, artifactTooLarge, noArtifact } from "../messages/artifacts.ts";
import { GateError } from "../model/problem.ts";
import { reasonOf } from "../platform/thrown.ts";
import type { GitHubClient } from "./client.ts";
import { answered } from "./refusal-problem.ts";
import { archiveAddress, artifactOf } from "./workflow-runs.ts";

export interface DownloadLimits {
  readonly archiveBytes: number;
  readonly fileBytes: number;
  /** Longest time for the whole archive. */
  readonly timeMs: number;
}

export const downloadLimits: DownloadLimits = {
  archiveBytes: 256 * 2 ** 20,
  fileBytes: 512 * 2 ** 20,
  timeMs: 300_000,
};
/** The gate uploads a handful. */
const mostEntries = 1_000;

/** The wanted files by name; those that are not there are left out. Throws GateError for what cannot be had or must not be used. */
export async function artifactFiles(
  client: GitHubClient,
  wanted: { readonly run: number; readonly name: string; readonly files: readonly string[] },
  signal: AbortSignal,
  limits: DownloadLimits = downloadLimits,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const { run, name } = wanted;
  const artifact = answered(await artifactOf(client, run, name), `read the artifacts of run ${run}`);
  if (artifact === null || artifact.expired)
    throw new GateError([noArtifact({ run, name, expired: artifact !== null })]);
  if (artifact.bytes > limits.archiveBytes) throw tooLarge("the archive", artifact.bytes, limits.archiveBytes);
  const address = answered(await archiveAddress(client, artifact.id), `read the artifact ${name} of run ${run}`);
  const archive = await download(address, limits, signal);
  try {
    return await unpack(archive, wanted.files, limits.fileBytes);
  } catch (error) {
    if (error instanceof GateError) throw error;
    throw new GateError([artifactBroken({ why: reasonOf(error) })], { cause: error });
  }
}

/** Without the token: the address says for itself that it may be read. */
async function download(
  address: string,
  { archiveBytes, timeMs }: DownloadLimits,
  signal: AbortSignal,
): Promise<Buffer> {
  try {
    const response = await fetch(address, { signal: AbortSignal.any([signal, AbortSignal.timeout(timeMs)]) });
    if (!response.ok || response.body === null) throw new Error(`HTTP status ${response.status}`);
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const part of response.body) {
      bytes += part.length;
      if (bytes > archiveBytes) throw tooLarge("the archive", bytes, archiveBytes);
      parts.push(part);
    }
    return Buffer.concat(parts);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof GateError) throw error;
    throw new GateError([artifactBroken({ why: reasonOf(error) })], { cause: error });
  }
}

/** yauzl refuses absolute names, `..` and backslashes, and entries that are larger than they claim. */
async function unpack(
  archive: Buffer,
  files: readonly string[],
  limit: number,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const zip = await fromBufferPromise(archive, { strictFileNames: true, validateEntrySizes: true });
  const found = new Map<string, Uint8Array>();
  if (zip.entryCount > mostEntries) throw new Error(`${zip.entryCount} files`);
  for await (const entry of zip.eachEntry() as AsyncIterable<Entry>) {
    if (!files.includes(entry.fileName)) continue;
    if (found.has(entry.fileName)) throw new Error(`${entry.fileName} twice`);
    if (entry.uncompressedSize > limit) throw tooLarge(entry.fileName, entry.uncompressedSize, limit);
    const parts: Buffer[] = [];
    for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part);
    found.set(entry.fileName, Buffer.concat(parts));
  }
  return found;
}

const tooLarge = (what: string, bytes: number, limitBytes: number) =>
  new GateError([artifactTooLarge({ what, bytes, limitBytes })]);
