/** How each case is compared: its own policy over the suite's over the defaults, held against what the engine can tell. */
import { closeNeedsRunnerUp, tierNeedsTokenIds } from "../messages/suite-fields.ts";
import type { ComparePolicy } from "../model/case.ts";
import type { Problem, SourceLocation } from "../model/problem.ts";
import { defaultCompare } from "./case-schema.ts";
import type { CaseDraft, CompareInput } from "./resolve-case.ts";
import type { EngineSampling, SampledCase } from "./resolve-sampling.ts";
import { locationOf, type Source } from "./source-tree.ts";

/** The policy of a case; null stands for a mapping that was refused. */
export function policyOf(suite: CompareInput | null, own: CompareInput | null): ComparePolicy {
  const input = { ...suite, ...own };
  return {
    tier: input.tier ?? defaultCompare.tier,
    maxLogprobDelta: input.max_logprob_delta ?? defaultCompare.max_logprob_delta,
    nearTie: input.near_tie ?? defaultCompare.near_tie,
  };
}

type PolicyCase = SampledCase & { readonly draft: CaseDraft };

/** Tiers that the engine or the recorded log-probabilities cannot serve; what the suite itself says is told once. */
export function policyProblems(
  cases: readonly PolicyCase[],
  suite: CompareInput | null,
  source: Source,
  honoured: EngineSampling | null,
): Problem[] {
  const told = new Set<string>();
  return cases.flatMap(({ draft, sampling }): Problem[] => {
    const { tier } = policyOf(suite, draft.compare);
    const isOwn = draft.compare?.tier !== undefined;
    const problems: Problem[] = [];
    const tell = (key: string, problem: Problem) => {
      if (told.has(key)) return;
      told.add(key);
      problems.push(problem);
    };
    const location: SourceLocation =
      isOwn && draft.compareLocation !== null ? draft.compareLocation : locationOf(source, ["compare", "tier"]);
    if (honoured !== null && !honoured.support.tokenIds && tier !== "text") {
      const caseId = isOwn ? draft.writtenId : null;
      const key = isOwn ? `ids ${draft.writtenId}` : "ids";
      tell(key, tierNeedsTokenIds({ location, engine: honoured.engine, tier, caseId }));
    }
    if (tier === "close" && sampling.params.logprobs < 2) {
      tell(isOwn ? `ties ${draft.writtenId}` : "ties", closeNeedsRunnerUp({ location, path: "sampling.logprobs" }));
    }
    return problems;
  });
}
