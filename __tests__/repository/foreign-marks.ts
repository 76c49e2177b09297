/** Marks of one machine, one network or one moment that must not be in a committed file. */
import type { SourceFile } from "./source-file.ts";

export interface Mark {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly what: "a package registry" | "a path of one machine" | "work left for later";
  readonly found: string;
}

// Written in parts, so that this file does not carry what it looks for.
const registries = [
  ["registry", "npmjs", "org"],
  ["registry", "yarnpkg", "com"],
  ["npm", "pkg", "github", "com"],
  ["pypi", "org"],
  ["files", "pythonhosted", "org"],
  ["proxy", "golang", "org"],
  ["index", "crates", "io"],
].map((words) => words.join("\\."));
const registry = new RegExp(registries.join("|"), "i");
/** `me`, `you` and GitHub's `runner` are nobody's real home. */
const machinePath =
  /(?<![\w.}*/-])\/(?:root|home\/(?!(?:runner|me|you)\b)\w+|Users\/(?!(?:me|you)\b)\w+|tmp\/\w+\/\w+)\/[\w.-]*/;
const later = new RegExp(`\\b(?:${["TO", "FIX"].map((word) => `${word}${word === "TO" ? "DO" : "ME"}`).join("|")})\\b`);

/** Every mark in the files, line by line. */
export function foreignMarks(files: readonly SourceFile[]): Mark[] {
  return files.flatMap(({ path, text }) =>
    text.split("\n").flatMap((content, index) => {
      const mark = (pattern: RegExp, what: Mark["what"]): Mark[] => {
        const match = pattern.exec(content);
        return match === null ? [] : [{ file: path, line: index + 1, what, found: match[0] }];
      };
      return [
        ...mark(registry, "a package registry"),
        ...mark(machinePath, "a path of one machine"),
        ...(path.startsWith("dist/") ? [] : mark(later, "work left for later")),
      ];
    }),
  );
}
