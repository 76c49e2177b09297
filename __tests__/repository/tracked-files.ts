/** The files of the repository as git sees them: tracked, or new and not ignored. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import type { SourceFile } from "./source-file.ts";

/** Paths relative to the repository, sorted. */
export function repositoryPaths(): string[] {
  const output = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    encoding: "utf8",
    maxBuffer: 64 << 20,
  });
  return [...new Set(output.split("\0"))].filter((path) => path !== "" && existsSync(path)).sort();
}

/** Paths and texts of those that match. */
export function repositoryFiles(pattern: RegExp): SourceFile[] {
  return repositoryPaths()
    .filter((path) => pattern.test(path))
    .map((path) => ({ path, text: readFileSync(path, "utf8") }));
}
