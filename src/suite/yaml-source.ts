/** Parses YAML 1.2 into a source tree. */
import { type Document, LineCounter, parseDocument } from "yaml";
import { mergeConflict, yamlSyntax } from "../messages/suite-files.ts";
import type { Problem } from "../model/problem.ts";
import type { Source } from "./source-tree.ts";
import { yamlAdvice, yamlMistake } from "./yaml-advice.ts";
import { readYaml } from "./yaml-reader.ts";

/** Null when the file is not YAML at all; problems are appended in either case. */
export function parseYaml(file: string, text: string, problems: Problem[]): Source | null {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter,
    prettyErrors: false,
    uniqueKeys: false,
    stringKeys: false,
    logLevel: "error",
  });
  if (document.errors.length + document.warnings.length > 0) {
    problems.push(...syntaxProblems(file, text, document, lineCounter));
    return null;
  }
  const root = readYaml(document.contents, { file, lines: lineCounter, problems });
  return { file, whole: "The file", root };
}

function syntaxProblems(file: string, text: string, document: Document, lineCounter: LineCounter): Problem[] {
  const lines = text.split("\n");
  const conflicts = lines.flatMap((line, index) =>
    /^<{7}(?: |\r?$)/.test(line)
      ? [mergeConflict({ location: { file, line: index + 1, column: 1 }, line: line.trimEnd() })]
      : [],
  );
  if (conflicts.length > 0) return conflicts;
  const seen = new Set<number>();
  return [...document.errors, ...document.warnings].flatMap((error) => {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    // One mistake makes a parser stumble several times on one line; the first says what is wrong.
    if (seen.has(line)) return [];
    seen.add(line);
    const what = error.message.replace(/\s+/g, " ").replace(/[.:]?\s*$/, "");
    const found = (lines[line - 1] ?? "").trimEnd();
    const { code } = error;
    return [
      yamlSyntax({
        location: { file, line, column: col },
        what: yamlMistake(code, what),
        line: found,
        advice: yamlAdvice(code, what),
      }),
    ];
  });
}
