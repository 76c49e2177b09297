/** What went wrong, as data: one `Problem` is one mistake with its place, what was found, what was expected and what to do. */

export interface SourceLocation {
  /** Path as the user would type it, relative to the working directory where that is shorter. */
  readonly file: string;
  /** 1-based; null when the file as a whole is meant. */
  readonly line: number | null;
  /** 1-based, in UTF-16 code units; null when the line as a whole is meant. */
  readonly column: number | null;
}

export interface Problem {
  /** Stable id such as `suite/duplicate-case-id`; `inference-gate explain <code>` tells more. */
  readonly code: string;
  /** `usage`: nothing ran (exit 2); `error`: could not run (exit 3). */
  readonly verdict: "usage" | "error";
  /** One sentence: what is wrong. */
  readonly title: string;
  readonly location: SourceLocation | null;
  readonly found: string | null;
  readonly expected: string | null;
  /** What to do, one step a line. */
  readonly help: readonly string[];
  /** Lines of evidence such as the last lines of an engine's log; hostile text, escaped by whoever shows it. */
  readonly evidence: readonly string[];
}

/** The only error this project throws on purpose: a list of problems, all found at once. */
export class GateError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], options?: ErrorOptions) {
    super(problems.map((problem) => problem.title).join("\n"), options);
    this.name = "GateError";
    this.problems = problems;
  }

  /** `error` when any problem stopped a run that could have started, else `usage`. */
  get verdict(): "usage" | "error" {
    return this.problems.some((problem) => problem.verdict === "error") ? "error" : "usage";
  }
}
