/** Where recordings keep what is not committed: a folder beside the suite that git ignores. */
import { join } from "node:path";
import type { Files } from "../platform/files.ts";

/** On the same file system as the goldens, so that files move from one to the other in one step. */
export function stateFolderOf(suiteFolder: string): string {
  return join(suiteFolder, ".inference-gate");
}

/** New goldens and the new lock, until they are put in place. */
export function stagingFolderOf(suiteFolder: string): string {
  return join(stateFolderOf(suiteFolder), "staging");
}

/** Creates the folder with a .gitignore that covers all of it. */
export async function prepareStateFolder(suiteFolder: string, files: Files): Promise<void> {
  const ignore = join(stateFolderOf(suiteFolder), ".gitignore");
  if (!(await files.exists(ignore))) await files.writeAtomic(ignore, "*\n");
}
