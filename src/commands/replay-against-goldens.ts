/** The heart of a check: replays each case while comparing it with its golden as the tokens stream in. */
import { agreement } from "../compare/agreement.ts";
import { compareCompletion } from "../compare/compare-completion.ts";
import { compareRedacted } from "../compare/compare-redacted.ts";
import { streamingComparison } from "../compare/streaming-comparison.ts";
import { redactCompletion } from "../goldens/redact-completion.ts";
import { stateFolderOf } from "../goldens/state-folder.ts";
import type { Case, CaseId } from "../model/case.ts";
import type { Comparison } from "../model/comparison.ts";
import type { Completion, OnToken } from "../model/completion.ts";
import type { Golden, GoldenContent } from "../model/golden.ts";
import type { Problem, SourceLocation } from "../model/problem.ts";
import { type KeptAnswers, keptAnswers } from "../replay/kept-answers.ts";
import type { ReplayOutcome } from "../replay/replay-cases.ts";
import { replayCases } from "../replay/replay-cases.ts";
import type { CaseResult } from "./case-result.ts";
import { isEnoughAgreement } from "./enough-agreement.ts";
import type { RunFindings } from "./run-findings.ts";
import type { LiveEngine } from "./with-engine.ts";
import type { Workbench } from "./workbench.ts";

/** A case that can be compared: its golden is read again for each use, so that memory stays flat. */
export interface ComparableCase {
  readonly item: Case;
  readonly golden: () => Promise<Golden>;
  /** The golden file, at the line where the text splits when one is given (1-based line of the text). */
  readonly place: (textLine: number | null) => Promise<SourceLocation>;
  /** What of the case's own contract changed since it was recorded, in plain words. */
  readonly contractChanges: () => Promise<readonly string[]>;
}

export interface ReplayAgainstOptions {
  readonly split: "stop" | "keep-going";
  readonly live: LiveEngine;
  /** Completions of an earlier run of the same contract, used instead of asking again. */
  readonly reuse: ReadonlyMap<string, Completion>;
  /** Also for a reused answer. `repeat` is 1, or 2 where a differing case was asked again. */
  readonly onCompletion: (item: Case, completion: Completion, repeat: 1 | 2) => Promise<void>;
  readonly onFailure: (item: Case, problems: readonly Problem[]) => Promise<void>;
  /** Results are added here as they come, so that an interrupted run knows them. */
  readonly findings: RunFindings;
}

/** The cases that differ, each with the length of its first answer, and those answers. */
interface Differing {
  readonly drifted: Map<CaseId, number>;
  readonly first: KeptAnswers;
}

/** Compares a completion with a golden of either kind. */
export function compareWith(golden: Golden, completion: Completion, item: Case): Comparison {
  return golden.content.kind === "redacted"
    ? compareRedacted(golden, redactCompletion(completion), item.compare)
    : compareCompletion(golden, completion, item.compare);
}

/** As `compareWith`, for an answer that may be kept as digests only; then the golden is, too. */
export function compareContent(golden: Golden, content: GoldenContent, item: Case): Comparison {
  return content.kind === "full"
    ? compareWith(golden, content.completion, item)
    : compareRedacted(golden, content.completion, item.compare);
}

/** One result a case. Throws only the reason of the workbench's signal, and errors of `onCompletion` and `onFailure`. */
export async function replayAgainstGoldens(
  comparable: readonly ComparableCase[],
  options: ReplayAgainstOptions,
  bench: Workbench,
): Promise<void> {
  const byId = new Map(comparable.map((one) => [one.item.id, one]));
  const drifted = new Map<CaseId, number>();
  const first = keptAnswers(stateFolderOf(options.live.suite.folder));
  try {
    await replayAll(comparable, { byId, drifted, first }, options, bench);
  } finally {
    await first.close();
  }
}

async function replayAll(
  comparable: readonly ComparableCase[],
  { byId, drifted, first }: Differing & { readonly byId: ReadonlyMap<string, ComparableCase> },
  options: ReplayAgainstOptions,
  bench: Workbench,
): Promise<void> {
  const { results } = options.findings;

  const take = async (one: ComparableCase, outcome: ReplayOutcome, reuse: "asked" | "reused") => {
    const result = await resultOf(one, outcome, reuse);
    results.push(result);
    if ("completion" in outcome && result.verdict === "drift") {
      drifted.set(one.item.id, lengthOf(outcome.completion));
      await first.keep(one.item.id, outcome.completion);
    }
    bench.onProgress({
      kind: "case-finished",
      caseId: one.item.id,
      verdict: result.verdict,
      tokens: result.tokensGenerated,
    });
  };

  for (const one of comparable) {
    const completion = options.reuse.get(one.item.id);
    if (completion === undefined) continue;
    options.findings.tokensReused += completion.tokenIds?.length ?? 0;
    await options.onCompletion(one.item, completion, 1);
    await take(one, { item: one.item, completion }, "reused");
  }

  const remaining = comparable.filter((one) => !options.reuse.has(one.item.id)).map((one) => one.item);
  for await (const outcome of replay(remaining, byId, options, bench)) {
    const one = byId.get(outcome.item.id);
    if (one === undefined) continue;
    if ("completion" in outcome) await options.onCompletion(outcome.item, outcome.completion, 1);
    else await options.onFailure(outcome.item, outcome.problems);
    await take(one, outcome, "asked");
  }

  const doubtful = comparable.filter((one) => drifted.has(one.item.id)).map((one) => one.item);
  if (doubtful.length > 0) bench.onProgress({ kind: "probing", cases: doubtful.length });
  for await (const outcome of probe(doubtful, drifted, options, bench)) {
    const at = results.findIndex((result) => result.id === outcome.item.id);
    const before = results[at];
    const answer = await first.read(outcome.item.id);
    if (before === undefined || answer === null || !("completion" in outcome)) continue;
    await options.onCompletion(outcome.item, outcome.completion, 2);
    const { agreed } = agreement([answer, outcome.completion]);
    if (!isEnoughAgreement(agreed, outcome.item.compare.tier)) results[at] = { ...before, verdict: "unstable" };
  }
}

function replay(
  cases: readonly Case[],
  byId: ReadonlyMap<string, ComparableCase>,
  options: ReplayAgainstOptions,
  bench: Workbench,
) {
  const { live, split } = options;
  return replayCases(live.session, live.running, cases, {
    ...limitsOf(live, bench),
    watch: async (item): Promise<OnToken> => {
      bench.onProgress({ kind: "case-started", caseId: item.id, maxTokens: item.sampling.params.max_tokens });
      const golden = await byId.get(item.id)?.golden();
      const stream = golden === undefined ? null : streamingComparison(golden, item.compare);
      return (token) => {
        bench.onProgress({ kind: "token" });
        const splitNow = stream?.push(token) === "split";
        return splitNow && split === "stop" ? "stop" : "continue";
      };
    },
  });
}

/** Asks each differing case again, as far as its first answer went. */
function probe(cases: readonly Case[], drifted: Differing["drifted"], options: ReplayAgainstOptions, bench: Workbench) {
  return replayCases(options.live.session, options.live.running, cases, {
    ...limitsOf(options.live, bench),
    watch: async (item): Promise<OnToken> => {
      const length = drifted.get(item.id) ?? 0;
      return (token) => {
        bench.onProgress({ kind: "token" });
        return token.index + 1 >= length ? "stop" : "continue";
      };
    },
  });
}

const limitsOf = (live: LiveEngine, bench: Workbench) => ({
  engine: live.suite.engine.name,
  timeouts: live.suite.timeouts,
  signal: bench.signal,
});

const lengthOf = ({ tokenIds, text }: Completion) => tokenIds?.length ?? text.length;

async function resultOf(one: ComparableCase, outcome: ReplayOutcome, reuse: "asked" | "reused"): Promise<CaseResult> {
  const about = { id: one.item.id, item: one.item, contractChanges: await one.contractChanges() };
  if (!("completion" in outcome)) {
    const none = { comparison: null, golden: await one.place(null), tokensGenerated: 0, tokensSaved: 0 };
    return { ...about, ...none, verdict: "error", problems: outcome.problems };
  }
  const comparison = compareWith(await one.golden(), outcome.completion, one.item);
  const saved =
    comparison.stoppedEarly && comparison.unit === "tokens" ? comparison.expectedLength - comparison.actualLength : 0;
  return {
    ...about,
    verdict: comparison.verdict,
    comparison,
    problems: [],
    golden: await one.place(comparison.divergence?.textLine ?? null),
    tokensGenerated: reuse === "reused" ? 0 : (outcome.completion.tokenIds?.length ?? 0),
    tokensSaved: Math.max(0, saved),
  };
}
