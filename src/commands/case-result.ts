/** What a command knows of one case when it is done with it; the report is built from these. */
import type { Case } from "../model/case.ts";
import type { Comparison } from "../model/comparison.ts";
import type { Problem, SourceLocation } from "../model/problem.ts";
import type { CaseVerdict } from "../model/verdict.ts";

export interface CaseResult {
  readonly id: string;
  /** Null for an obsolete golden. */
  readonly item: Case | null;
  readonly verdict: CaseVerdict;
  readonly comparison: Comparison | null;
  readonly problems: readonly Problem[];
  readonly golden: SourceLocation | null;
  readonly contractChanges: readonly string[];
  readonly tokensGenerated: number;
  /** Tokens of the golden that were not generated because the case had split. */
  readonly tokensSaved: number;
}
