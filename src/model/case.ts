/** One known prompt: what is sent and how it is sampled and compared. */
import type { SourceLocation } from "./problem.ts";
import type { CaseSampling } from "./sampling-params.ts";

declare const caseIdBrand: unique symbol;
/** A case id that is also a safe file name on every file system. */
export type CaseId = string & { readonly [caseIdBrand]: true };

export const caseIdPattern = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9_-])?$/;
const reservedOnWindows = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;

/** The id, or null when it could not be a file name everywhere (1 to 100 of letters, digits, `.`, `_`, `-`). */
export function parseCaseId(text: string): CaseId | null {
  return caseIdPattern.test(text) && !reservedOnWindows.test(text) ? (text as CaseId) : null;
}

export interface ChatMessage {
  readonly role: string;
  readonly content: string;
}

export type Prompt =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "tokens"; readonly tokenIds: readonly number[] }
  | { readonly kind: "messages"; readonly messages: readonly ChatMessage[] };

export const tiers = ["bits", "tokens", "close", "text"] as const;
/** How strict a comparison is; see docs/goldens.md. */
export type Tier = (typeof tiers)[number];

/** How a completion is held against its golden. */
export interface ComparePolicy {
  readonly tier: Tier;
  /** Tier `close`: greatest allowed difference of a chosen-token log-probability, in nats. */
  readonly maxLogprobDelta: number;
  /** Tier `close`: a split is allowed where the golden's margin to the runner-up is at most this, in nats. */
  readonly nearTie: number;
}

export interface Case {
  readonly id: CaseId;
  readonly prompt: Prompt;
  readonly sampling: CaseSampling;
  readonly compare: ComparePolicy;
  readonly source: SourceLocation;
}
