/** One file of the hub, fetched into the cache: resumed where it was cut, checked against its digest, and there as a whole or not at all. */
import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { hubDigestWrong, hubNoSpace, hubUnreachable } from "../messages/hub.ts";
import { GateError, type Problem } from "../model/problem.ts";
import type { Clock } from "../platform/clock.ts";
import { displayPath } from "../platform/display-path.ts";
import { causeOf, codeOf, reasonOf } from "../platform/thrown.ts";
import { type Hub, type HubFile, hubFetch, statusProblem } from "./hub-api.ts";

export interface BlobRequest {
  readonly hub: Hub;
  readonly name: string;
  readonly revision: string;
  readonly file: HubFile;
  /** Where the whole file shall be; its folder is there. */
  readonly target: string;
  readonly clock: Pick<Clock, "sleep">;
  /** Bytes of the file that are there; may go back when the server does not resume. */
  readonly onBytes: (bytes: number) => void;
}

/** Tries in a row that bring no byte. */
const mostTries = 5;
const firstPauseMs = 500;
const silenceMs = 60_000;

/** Throws GateError; what was fetched of a cut file stays for the next try, what has a wrong digest does not. */
export async function downloadBlob(request: BlobRequest): Promise<void> {
  const { hub, file, target, clock } = request;
  const partial = `${target}.incomplete`;
  for (let tries = 1; ; tries += 1) {
    const before = await sizeOf(partial);
    const ended = await attempt(request, partial, before);
    if (ended.kind === "whole") break;
    if (ended.kind === "hopeless") throw new GateError([ended.problem]);
    if ((await sizeOf(partial)) > before) tries = 0;
    if (tries === mostTries)
      throw new GateError([hubUnreachable({ ...aboutHub(request), reason: `${file.path}: ${ended.reason}` })]);
    await clock.sleep(firstPauseMs * 2 ** tries, hub.signal);
  }
  await rename(partial, target);
}

type Attempt =
  | { readonly kind: "whole" }
  | { readonly kind: "cut"; readonly reason: string }
  | { readonly kind: "hopeless"; readonly problem: Problem };

async function attempt(request: BlobRequest, partial: string, resumeAt: number): Promise<Attempt> {
  const { hub, name, revision, file } = request;
  const hash = hashFor(file);
  let at = resumeAt;
  if (at > file.bytes) at = await startOver(partial);
  await readInto(hash, partial, at, hub.signal);
  if (at < file.bytes || file.bytes === 0) {
    const silence = new AbortController();
    const alarm = watchdog(() => silence.abort(new Error(`no byte for ${silenceMs / 1000} s`)));
    const path = file.path.split("/").map(encodeURIComponent).join("/");
    try {
      const response = await hubFetch(hub)(`${hub.endpoint}/${name}/resolve/${revision}/${path}`, {
        headers: at > 0 ? { range: `bytes=${at}-` } : {},
        signal: AbortSignal.any([hub.signal, silence.signal]),
      });
      if (at > 0 && response.status !== 206) {
        // A server that does not resume sends everything, or refuses the range.
        await response.body?.cancel();
        await startOver(partial);
        request.onBytes(0);
        return response.ok || response.status === 416 ? attempt(request, partial, 0) : refused(response, request);
      }
      if (!response.ok) return await refused(response, request);
      await append(partial, response, hash, file, (bytes) => {
        alarm.reset();
        request.onBytes(at + bytes);
      });
    } catch (error) {
      hub.signal.throwIfAborted();
      const cause = codeOf(error) === null ? causeOf(error) : error;
      if (codeOf(cause) === "ENOSPC" || codeOf(cause) === "EDQUOT")
        return {
          kind: "hopeless",
          problem: hubNoSpace({ folder: displayPath(partial), needed: file.bytes, free: null }),
        };
      if (isLocal(cause)) throw cause;
      return { kind: "cut", reason: reasonOf(cause) };
    } finally {
      alarm.stop();
    }
  }
  const bytes = await sizeOf(partial);
  if (bytes < file.bytes) return { kind: "cut", reason: `the connection ended after ${bytes} of ${file.bytes} bytes` };
  const found = hash.digest("hex");
  if (bytes === file.bytes && found === file.digest.hex) return { kind: "whole" };
  await rm(partial, { force: true });
  const about = {
    ...aboutHub(request),
    file: file.path,
    expected: file.digest.hex,
    found,
    bytes,
    expectedBytes: file.bytes,
  };
  return { kind: "hopeless", problem: hubDigestWrong(about) };
}

async function refused(response: Response, request: BlobRequest): Promise<Attempt> {
  const { status } = response;
  await response.body?.cancel();
  if (status === 429 || status >= 500) return { kind: "cut", reason: `the server answered with status ${status}` };
  const reason = `${request.file.path} with status ${status}`;
  return { kind: "hopeless", problem: statusProblem(status, reason, request.hub, aboutHub(request)) };
}

async function append(
  partial: string,
  response: Response,
  hash: Hash,
  file: HubFile,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const handle: FileHandle = await open(partial, "a", 0o644);
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      await handle.writeFile(chunk);
      hash.update(chunk);
      bytes += chunk.length;
      onBytes(bytes);
      // More than was promised can only have a wrong digest, and may have no end.
      if (bytes > file.bytes) break;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A file that git keeps itself is known by the digest of a header and its content. */
function hashFor({ digest, bytes }: HubFile): Hash {
  return digest.kind === "sha256" ? createHash("sha256") : createHash("sha1").update(`blob ${bytes}\0`);
}

async function readInto(hash: Hash, path: string, bytes: number, signal: AbortSignal): Promise<void> {
  if (bytes === 0) return;
  for await (const chunk of createReadStream(path, { end: bytes - 1, highWaterMark: 1 << 20 })) {
    signal.throwIfAborted();
    hash.update(chunk);
  }
}

async function startOver(partial: string): Promise<0> {
  await rm(partial, { force: true });
  return 0;
}

const sizeOf = (path: string) =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

/** Errors of our own disk, which another try does not mend. */
const isLocal = (error: unknown) =>
  ["EACCES", "EROFS", "EIO", "ENOTDIR", "EISDIR", "EPERM", "ENOENT"].includes(codeOf(error) ?? "");

const aboutHub = ({ hub, name, revision }: BlobRequest) => ({ endpoint: hub.endpoint, name, revision });

function watchdog(onSilence: () => void) {
  let timer = setTimeout(onSilence, silenceMs);
  return {
    reset() {
      clearTimeout(timer);
      timer = setTimeout(onSilence, silenceMs);
    },
    stop: () => clearTimeout(timer),
  };
}
