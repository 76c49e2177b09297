/** The journal of a recording: once it stands, the recording counts, and everything left to do can be done from it. */
import { join } from "node:path";
import { z } from "zod";
import { journalBroken } from "../messages/recording.ts";
import { digestPattern } from "../model/digest.ts";
import { GateError } from "../model/problem.ts";
import { displayPath } from "../platform/display-path.ts";
import type { Files } from "../platform/files.ts";
import { stagingFolderOf, stateFolderOf } from "./state-folder.ts";

const name = "[A-Za-z0-9][A-Za-z0-9._-]*";
// Paths are relative to the suite's folder, with `/`, and can lead nowhere else: whoever plants a journal moves goldens at most.
const goldenPath = z.string().regex(new RegExp(`^goldens/${name}/${name}\\.json$`));
const lockPath = z.string().regex(/^[^./\\\0][^/\\\0]*$/);
const stagedPath = z.string().regex(/^\.inference-gate\/staging\/[0-9]+$/);

const journalSchema = z.strictObject({
  version: z.literal(1),
  /** In this order; the lock is the last. */
  moves: z.array(
    z.strictObject({ from: stagedPath, to: z.union([goldenPath, lockPath]), digest: z.string().regex(digestPattern) }),
  ),
  removals: z.array(goldenPath),
});

export type RecordingJournal = z.infer<typeof journalSchema>;

/** Absolute when the suite's folder is. */
export function journalPathOf(suiteFolder: string): string {
  return join(stateFolderOf(suiteFolder), "journal.json");
}

/** The step from which on the recording counts. */
export async function writeJournal(journal: RecordingJournal, suiteFolder: string, files: Files): Promise<void> {
  const checked = journalSchema.parse(journal);
  const staged = join(stagingFolderOf(suiteFolder), "journal");
  await files.writeAtomic(staged, `${JSON.stringify(checked, null, 2)}\n`);
  await files.move(staged, journalPathOf(suiteFolder));
}

/** Null when there is none. Throws GateError when it is not what `writeJournal` writes. */
export async function readJournal(suiteFolder: string, files: Files): Promise<RecordingJournal | null> {
  const path = journalPathOf(suiteFolder);
  const text = await files.readText(path);
  if (text === null) return null;
  const parsed = journalSchema.safeParse(jsonOrNull(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const what = `${issue?.path.join(".") || "the journal"}: ${issue?.message ?? "unreadable"}`;
  throw new GateError([journalBroken({ journal: displayPath(path), what })]);
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
