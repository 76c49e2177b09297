/** Characters that no engine can be sent unchanged: NUL, and half of a surrogate pair. */
import { unsuitableText } from "../messages/suite-values.ts";
import type { Problem, SourceLocation } from "../model/problem.ts";
import { pathInWords, type SourcePath } from "./source-tree.ts";

/** At most one problem a kind, with the place in the text counted in characters from 1. */
export function textProblems(text: string, location: SourceLocation, path: SourcePath): Problem[] {
  const problems: Problem[] = [];
  const nul = text.indexOf("\0");
  const named = pathInWords(path);
  if (nul >= 0) {
    const found = `NUL (U+0000) at character ${nul + 1}`;
    problems.push(unsuitableText({ location, path: named, found, expected: "text without NUL" }));
  }
  const lone = text.search(/\p{Surrogate}/u);
  if (lone >= 0) {
    const code = text.charCodeAt(lone).toString(16).toUpperCase();
    const found = `lone surrogate U+${code} at character ${lone + 1}`;
    problems.push(unsuitableText({ location, path: named, found, expected: "whole Unicode characters" }));
  }
  return problems;
}
