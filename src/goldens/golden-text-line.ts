/** Where a line of the output stands in the golden's file, for annotations. */

const opening = '\n  "text": [\n';

/** 1-based line of the file at which the n-th line (1-based) of the output's text stands; null when it has no such line. */
export function goldenTextLine(goldenFileText: string, textLine: number): number | null {
  // A raw line feed cannot stand inside a JSON text, so the mark is the field itself.
  const at = goldenFileText.indexOf(opening);
  if (at === -1 || textLine < 1) return null;
  const first = at + opening.length;
  const lines = goldenFileText.slice(first, goldenFileText.indexOf("\n  ]", first)).split("\n").length;
  return textLine > lines ? null : linesIn(goldenFileText.slice(0, first)) + textLine;
}

const linesIn = (text: string) => text.split("\n").length - 1;
