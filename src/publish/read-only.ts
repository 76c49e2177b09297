/** The one sentence for a token that may only read: nobody has done anything wrong, and the verdict is to be seen elsewhere. */
import type { Refusal } from "../github/refusal.ts";
import { terminalText } from "../report/escape/terminal-text.ts";

/** `things` such as `check runs`. */
export function readOnlySentence(things: string, { needs }: Refusal): string {
  const right = needs === null ? "" : ` (${terminalText(needs)})`;
  return (
    `The token may not write ${things}${right}, as is usual for pull requests from forks and of Dependabot: ` +
    "the verdict is in the annotations and in the step summary."
  );
}
