/** Collects the repeats of each case during a recording: the first answer, kept on the disk, and whether all others agree with it. */
import { agreement } from "../compare/agreement.ts";
import type { Case, CaseId } from "../model/case.ts";
import type { FirstDivergence } from "../model/comparison.ts";
import type { Completion, OnToken } from "../model/completion.ts";
import type { Repeats } from "../model/golden.ts";
import type { Problem } from "../model/problem.ts";
import type { KeptAnswers } from "../replay/kept-answers.ts";
import { isEnoughAgreement } from "./enough-agreement.ts";

export interface RepeatPlace {
  /** 1-based. */
  readonly launch: number;
  readonly repeat: number;
}

export type RecordedAnswer =
  | { readonly kind: "stable"; readonly agreed: Repeats["agreed"] }
  | { readonly kind: "unstable"; readonly at: RepeatPlace; readonly split: FirstDivergence | null }
  | { readonly kind: "failed"; readonly problems: readonly Problem[] };

const strength = { bits: 2, tokens: 1, text: 0 } as const;

export class RecordedAnswers {
  readonly #first: KeptAnswers;
  readonly #answers = new Map<CaseId, RecordedAnswer>();
  readonly #tokens = new Map<CaseId, number>();

  constructor(first: KeptAnswers) {
    this.#first = first;
  }

  /** What is known of a case; undefined before its first repeat. */
  of(id: CaseId): RecordedAnswer | undefined {
    return this.#answers.get(id);
  }

  /** Whether asking the case again can still change anything. */
  isOpen(id: CaseId): boolean {
    const answer = this.#answers.get(id);
    return answer === undefined || answer.kind === "stable";
  }

  /** The first answer of a case that is stable. */
  async completionOf(id: CaseId): Promise<Completion> {
    const completion = await this.#first.read(id);
    if (completion === null) throw new Error(`case ${id} has no first answer`);
    return completion;
  }

  /** Stops a repeat at its first token that differs from the first answer. */
  async watch(id: CaseId): Promise<OnToken> {
    const ids = this.#answers.get(id)?.kind === "stable" ? (await this.completionOf(id)).tokenIds : null;
    return (token) => (ids !== null && token.id !== null && ids[token.index] !== token.id ? "stop" : "continue");
  }

  /** Tokens of all repeats so far. */
  tokensOf(id: CaseId): number {
    return this.#tokens.get(id) ?? 0;
  }

  async take(item: Case, completion: Completion, at: RepeatPlace): Promise<void> {
    this.#tokens.set(item.id, this.tokensOf(item.id) + (completion.tokenIds?.length ?? 0));
    const before = this.#answers.get(item.id);
    if (before === undefined) {
      const agreed = completion.tokenIds === null ? "text" : completion.logprobs === null ? "tokens" : "bits";
      await this.#first.keep(item.id, completion);
      this.#answers.set(item.id, { kind: "stable", agreed });
      return;
    }
    if (before.kind !== "stable") return;
    const { agreed, splits } = agreement([await this.completionOf(item.id), completion]);
    if (agreed === "none" || !isEnoughAgreement(agreed, item.compare.tier)) {
      const split = splits?.divergence ?? null;
      this.#answers.set(item.id, { kind: "unstable", at, split });
    } else if (strength[agreed] < strength[before.agreed]) {
      this.#answers.set(item.id, { kind: "stable", agreed });
    }
  }

  fail(id: CaseId, problems: readonly Problem[]): void {
    this.#answers.set(id, { kind: "failed", problems });
  }
}
