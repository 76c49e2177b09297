/** Finds the files that a `from` names: a path, or a pattern in which `*` and `?` match within a name. */
import { isAbsolute, join, resolve } from "node:path";
import type { Files } from "../platform/files.ts";

const hasWildcard = (text: string) => /[*?]/.test(text);

/** Absolute paths in order of name, or in words why there are none. Hidden files match only a pattern that begins with a dot. */
export async function findCaseFiles(
  folder: string,
  pattern: string,
  files: Files,
): Promise<readonly string[] | string> {
  const whole = isAbsolute(pattern) ? pattern : join(folder, pattern);
  if (!hasWildcard(pattern)) return (await files.exists(whole)) ? [resolve(whole)] : "no such file";
  const segments = pattern.split("/");
  if (segments.includes("**")) return "`**` is not read";
  let places = [isAbsolute(pattern) ? "/" : folder];
  for (const segment of segments.filter((part) => part !== "" && part !== ".")) {
    const next: string[] = [];
    for (const place of places) {
      if (!hasWildcard(segment)) next.push(join(place, segment));
      else for (const name of await files.list(place)) if (matches(segment, name)) next.push(join(place, name));
    }
    places = next;
  }
  const found: string[] = [];
  for (const place of places) {
    const stat = await files.stat(place);
    if (stat !== null && !stat.isFolder) found.push(place);
  }
  return found.length === 0 ? "no file matches" : found.sort();
}

/** Whether a name fits a pattern; walks both at once and steps back only to the last star, so that no pattern is slow. */
function matches(pattern: string, name: string): boolean {
  if (name.startsWith(".") && !pattern.startsWith(".")) return false;
  let [at, star, resume] = [0, -1, 0];
  for (let index = 0; index < name.length; ) {
    if (pattern[at] === "*") {
      star = at;
      resume = index;
      at += 1;
    } else if (pattern[at] === "?" || pattern[at] === name[index]) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      index = resume;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}
