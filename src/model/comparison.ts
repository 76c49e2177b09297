/** The difference between a golden and a completion, as data. */
import type { CaseId, Tier } from "./case.ts";

/** What the divergence is about, in the order in which it is looked for. */
export type DivergenceKind = "prompt" | "token" | "length" | "text" | "finish-reason" | "output" | "logprob";

/** One side at the place of the divergence. */
export interface DivergenceSide {
  /** Null beyond the end of the output, or when the engine gives no ids or the golden is redacted. */
  readonly tokenId: number | null;
  /** Nats. */
  readonly logprob: number | null;
  /** Nats; chosen minus best other. */
  readonly margin: number | null;
  /** Text from the divergence on, at most 240 characters; the reason or digest itself for kinds `finish-reason` and `output`; else empty for a redacted golden. */
  readonly text: string;
}

export interface FirstDivergence {
  readonly kind: DivergenceKind;
  /** 0-based token position, in the prompt for kind `prompt`; null when only text is known. */
  readonly tokenIndex: number | null;
  /** Offset in the golden's text, in UTF-16 code units; null for kind `prompt` or a redacted golden. */
  readonly textOffset: number | null;
  /** 1-based line of the golden's text. */
  readonly textLine: number | null;
  /** Common text before it, at most 240 characters. */
  readonly before: string;
  readonly expected: DivergenceSide;
  readonly actual: DivergenceSide;
}

/** Differences of the chosen-token log-probabilities over the common tokens and the first differing one, in nats. */
export interface LogprobDrift {
  /** Positions compared. */
  readonly positions: number;
  /** Positions whose float32 bits differ. */
  readonly differing: number;
  /** First differing position, 0-based; null when none differs. */
  readonly firstIndex: number | null;
  readonly maxAbs: number;
  readonly meanAbs: number;
  /** At position 0, where both sides have seen the same context; null without positions. */
  readonly atFirst: number | null;
}

export interface Comparison {
  readonly caseId: CaseId;
  readonly tier: Tier;
  readonly verdict: "match" | "close" | "drift";
  readonly divergence: FirstDivergence | null;
  /** Leading output tokens that are equal (characters where no ids are known; 0 when redacted digests differ). */
  readonly commonPrefix: number;
  readonly expectedLength: number;
  /** Shorter than the whole output when the gate stopped the completion early. */
  readonly actualLength: number;
  readonly unit: "tokens" | "characters";
  readonly logprobDrift: LogprobDrift | null;
  /** Null when one side does not tell. */
  readonly promptEqual: boolean | null;
  /** True when the completion was stopped at the split. */
  readonly stoppedEarly: boolean;
}
