/** What to say and what to do about each kind of YAML syntax error, by the parser's code. */
import type { ErrorCode } from "yaml";

const advice: { readonly [code in ErrorCode]?: string } = {
  TAB_AS_INDENT: "Indent with spaces; YAML does not allow tabs there.",
  BAD_INDENT: "Align the line with its neighbours, or close the bracket that is open before it.",
  BLOCK_AS_IMPLICIT_KEY: "Put a text that contains `: ` in quotes.",
  MISSING_CHAR: "Close the quote or bracket; if the file was cut off, restore it from version control.",
  BAD_SCALAR_START: "Put a text that begins with such a character in quotes.",
  BAD_DQ_ESCAPE: "Write a backslash as \\\\ in double quotes, or use single quotes.",
  TAG_RESOLVE_FAILED: "Remove the `!tag`; only plain values are read.",
  MULTIPLE_DOCS: "Keep one document a file: remove the line `---` and what follows it.",
  MULTILINE_IMPLICIT_KEY: "Check the quotes and the indentation of the line before; every field is `name: value`.",
  RESOURCE_EXHAUSTION: "Write the values with less nesting.",
};

/** One step to mend it. `what` is the parser's own sentence. */
export function yamlAdvice(code: ErrorCode, what: string): string {
  if (what.startsWith("Implicit map keys")) {
    return "Write `name: value`; if the file was cut off, restore it from version control.";
  }
  return advice[code] ?? "Check quotes, brackets and indentation at this place; if the file was cut off, restore it.";
}

/** The parser's own sentence, or ours where that speaks of the parser instead of the file. */
export function yamlMistake(code: ErrorCode, what: string): string {
  if (code === "RESOURCE_EXHAUSTION") return "Values are nested too deeply";
  if (code === "MULTIPLE_DOCS") return "The file holds more than one document";
  return what;
}
