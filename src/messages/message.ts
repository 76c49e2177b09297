/** How a message is written: one small function a mistake, so that every sentence has one home and is shown in one gallery. */
import type { Problem, SourceLocation } from "../model/problem.ts";

export interface MessageText {
  readonly title: string;
  readonly location?: SourceLocation | null;
  readonly found?: string | null;
  readonly expected?: string | null;
  readonly help?: readonly string[];
  readonly evidence?: readonly string[];
}

export interface Message<Input> {
  (input: Input): Problem;
  readonly code: string;
  /** What the code means and what to do, for `inference-gate explain <code>`; a paragraph or two. */
  readonly explanation: string;
  /** An input for the gallery. */
  readonly example: Input;
}

/** Declares a message: its code, exit verdict, long explanation, an example for the gallery, and its text. */
export function message<Input>(
  about: { code: string; verdict: Problem["verdict"]; explanation: string; example: Input },
  text: (input: Input) => MessageText,
): Message<Input> {
  const build = (input: Input): Problem => ({
    code: about.code,
    verdict: about.verdict,
    location: null,
    found: null,
    expected: null,
    help: [],
    evidence: [],
    ...text(input),
  });
  return Object.assign(build, { code: about.code, explanation: about.explanation, example: about.example });
}
