/** Puts many goldens and the lock in place as one: an end at any point leaves the old ones or the new ones, never a mixture in use. */
import { basename, dirname, join, relative } from "node:path";
import { journalBroken, recordingHalted, recordingInterrupted, recordingNamesCollide } from "../messages/recording.ts";
import { GateError } from "../model/problem.ts";
import { displayPath } from "../platform/display-path.ts";
import type { Files } from "../platform/files.ts";
import { digestOf } from "../platform/hashing.ts";
import { reasonOf } from "../platform/thrown.ts";
import { journalPathOf, type RecordingJournal, readJournal, writeJournal } from "./recording-journal.ts";
import { prepareStateFolder, stagingFolderOf } from "./state-folder.ts";
import { writeFailure } from "./write-failure.ts";

export interface GoldenFile {
  /** As the golden store gives it. */
  readonly path: string;
  readonly text: string;
}

export interface NewRecording {
  readonly suiteFolder: string;
  /** In the suite's folder. */
  readonly lockPath: string;
  /** Asked when every golden has been taken. */
  readonly lockText: () => string;
  /** Taken one at a time. */
  readonly goldens: Iterable<GoldenFile> | AsyncIterable<GoldenFile>;
  readonly removed: readonly string[];
}

/**
 * Staged (goldens and lock written aside and flushed), then committed (the journal stands: the one step that decides), then put in
 * place. To be called with the record lock held and after `recoverRecording`. Throws GateError: before the commit the old state is
 * untouched and the staged files are removed; after it, the next `recoverRecording` completes.
 */
export async function commitRecording(recording: NewRecording, files: Files): Promise<void> {
  const { suiteFolder } = recording;
  let journal: RecordingJournal;
  try {
    journal = await stage(recording, files);
    await writeJournal(journal, suiteFolder, files);
  } catch (error) {
    await takeBack(suiteFolder, files);
    throw error instanceof GateError ? error : writeFailure(error, suiteFolder);
  }
  await putInPlace(journal, suiteFolder, files);
}

/** `committed`: to be rolled forward; `staged`: to be rolled back. */
export type InterruptedRecording = "none" | "staged" | "committed";

/** What an earlier recording, or one that runs right now, has left. */
export async function interruptedRecording(suiteFolder: string, files: Files): Promise<InterruptedRecording> {
  if (await files.exists(journalPathOf(suiteFolder))) return "committed";
  return (await files.exists(stagingFolderOf(suiteFolder))) ? "staged" : "none";
}

/** Throws GateError when goldens and lock may be of two recordings; for commands that only read. */
export async function assertNoInterruptedRecording(suiteFolder: string, files: Files): Promise<void> {
  if ((await interruptedRecording(suiteFolder, files)) !== "committed") return;
  throw new GateError([recordingInterrupted({ journal: displayPath(journalPathOf(suiteFolder)) })]);
}

/** Completes or discards what an earlier recording left; to be called with the record lock held. Throws GateError when it cannot be completed. */
export async function recoverRecording(
  suiteFolder: string,
  files: Files,
): Promise<"nothing" | "completed" | "discarded"> {
  const journal = await readJournal(suiteFolder, files);
  if (journal !== null) {
    await assertCompletable(journal, suiteFolder, files);
    await putInPlace(journal, suiteFolder, files);
    return "completed";
  }
  if ((await interruptedRecording(suiteFolder, files)) === "none") return "nothing";
  await files.remove(stagingFolderOf(suiteFolder));
  return "discarded";
}

async function stage(recording: NewRecording, files: Files): Promise<RecordingJournal> {
  const { suiteFolder, lockPath, lockText, goldens, removed } = recording;
  const within = (path: string) => relative(suiteFolder, path).replaceAll("\\", "/");
  await prepareStateFolder(suiteFolder, files);
  await files.remove(stagingFolderOf(suiteFolder));
  const moves: RecordingJournal["moves"] = [];
  const targets = new Map<string, string>();
  const add = async (path: string, text: string) => {
    const to = within(path);
    const other = targets.get(to.toLowerCase());
    if (other !== undefined) throw new GateError([recordingNamesCollide({ file: to, other })]);
    targets.set(to.toLowerCase(), to);
    const from = join(stagingFolderOf(suiteFolder), String(moves.length));
    await files.writeAtomic(from, text);
    moves.push({ from: within(from), to, digest: digestOf(text) });
  };
  for await (const { path, text } of goldens) await add(path, text);
  await add(lockPath, lockText());
  return { version: 1, moves, removals: removed.map(within) };
}

/** Every step may be repeated, so that it can be ended anywhere and done again from the start. */
async function putInPlace(journal: RecordingJournal, suiteFolder: string, files: Files): Promise<void> {
  try {
    for (const { from, to } of journal.moves.slice(0, -1)) await moveOnce(from, to, suiteFolder, files);
    for (const path of journal.removals) await removeGolden(join(suiteFolder, path), journal, suiteFolder, files);
    for (const { from, to } of journal.moves.slice(-1)) await moveOnce(from, to, suiteFolder, files);
    // The journal goes last: without it, a staging folder means a recording that was never committed.
    await files.remove(stagingFolderOf(suiteFolder));
    await files.remove(journalPathOf(suiteFolder));
  } catch (error) {
    const about = { journal: displayPath(journalPathOf(suiteFolder)), why: reasonOf(error) };
    throw new GateError([recordingHalted(about)], { cause: error });
  }
}

async function moveOnce(from: string, to: string, suiteFolder: string, files: Files): Promise<void> {
  const source = join(suiteFolder, from);
  if (await files.exists(source)) await files.move(source, join(suiteFolder, to));
}

/** A case that was renamed from `Essay` to `essay` has both names in the journal; where those are one file, it stays. */
async function removeGolden(
  path: string,
  { moves }: RecordingJournal,
  suiteFolder: string,
  files: Files,
): Promise<void> {
  const target = moves.map(({ to }) => join(suiteFolder, to)).find((to) => to.toLowerCase() === path.toLowerCase());
  if (target === path) return;
  const isSameFile = target !== undefined && !(await files.list(dirname(path))).includes(basename(target));
  if (!isSameFile) await files.remove(path);
}

/** Looks before anything is touched: each new file must be staged or in place already, unchanged. */
async function assertCompletable(journal: RecordingJournal, suiteFolder: string, files: Files): Promise<void> {
  for (const [index, { from, to, digest }] of journal.moves.entries()) {
    const staged = await files.readBytes(join(suiteFolder, from));
    const bytes = staged ?? (await files.readBytes(join(suiteFolder, to)));
    if (bytes !== null && digestOf(bytes) === digest) continue;
    const what = `moves[${index}]: ${staged === null ? to : from} is ${bytes === null ? "gone" : "not what was recorded"}`;
    throw new GateError([journalBroken({ journal: displayPath(journalPathOf(suiteFolder)), what })]);
  }
}

/** Best effort, the journal first: what stays behind is discarded, or completed when the journal cannot be removed. */
async function takeBack(suiteFolder: string, files: Files): Promise<void> {
  try {
    await files.remove(journalPathOf(suiteFolder));
    await files.remove(stagingFolderOf(suiteFolder));
  } catch {
    // The reason to tell is the first error; the next recording tidies up.
  }
}
