/** What a page shows beyond the report: the answers of each case, token by token, and where everything comes from. */
import type { Completion } from "../model/completion.ts";
import type { RedactedCompletion } from "../model/golden.ts";

/** One answer to a case: what was recorded, or what the engine gave in this run. */
export interface Answer {
  /** `golden` is the recorded one; otherwise launch and repeat of this run, both counted from 1. */
  readonly of: "golden" | { readonly launch: number; readonly repeat: number };
  readonly content:
    | { readonly kind: "full"; readonly completion: Completion }
    | { readonly kind: "redacted"; readonly completion: RedactedCompletion };
}

export interface CaseDetail {
  /** The golden first where there is one, then the answers of the run in their order. */
  readonly answers: readonly Answer[];
  /** Digest of everything declared that can change the answer, as it was recorded; null without a golden. */
  readonly contract: string | null;
}

export interface RunDetail {
  /** Up to this margin a small numeric difference can flip a token. Nats. */
  readonly nearTieNats: number;
  /** Tool, lock, contract, image, run: one row each, in the order in which they are shown. */
  readonly provenance: readonly { readonly label: string; readonly value: string }[];
  /** By case id: the bytes of `packCase`, deflated without a header, as base64. */
  readonly cases: ReadonlyMap<string, string>;
  /** Cases whose answers were left out to keep the page small. */
  readonly leftOut: number;
}

/** For a run of which nothing more is known. */
export const noDetail: RunDetail = { nearTieNats: 0, provenance: [], cases: new Map(), leftOut: 0 };
