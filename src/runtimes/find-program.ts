/** The file that a command's first word means, looked up as a shell would. */
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, isAbsolute, resolve } from "node:path";

export type FoundProgram =
  | { readonly kind: "found"; readonly path: string }
  | { readonly kind: "not-executable"; readonly path: string }
  /** `searched` is empty for a word that is a path. */
  | { readonly kind: "missing"; readonly searched: readonly string[] };

/** Absolute path of the program. A word with a slash is relative to `folder`; any other is looked up in `path`, the value of PATH. */
export async function findProgram(word: string, folder: string, path: string): Promise<FoundProgram> {
  const byPath = word.includes("/") || word === "";
  const searched = byPath ? [] : path.split(delimiter).filter((entry) => isAbsolute(entry));
  const candidates = byPath ? [resolve(folder, word)] : searched.map((entry) => resolve(entry, word));
  let blocked: string | null = null;
  for (const candidate of candidates) {
    const state = await executableState(candidate);
    if (state === "executable") return { kind: "found", path: candidate };
    if (state === "blocked") blocked ??= candidate;
  }
  return blocked === null ? { kind: "missing", searched } : { kind: "not-executable", path: blocked };
}

async function executableState(path: string): Promise<"executable" | "blocked" | "missing"> {
  try {
    if (!(await stat(path)).isFile()) return "blocked";
  } catch {
    return "missing";
  }
  return access(path, constants.X_OK).then(
    () => "executable",
    () => "blocked",
  );
}
