/** Whether repeats agree on enough for the tier that a case is compared on. */
import type { AgreedOn } from "../compare/agreement.ts";
import type { Tier } from "../model/case.ts";

const enough = {
  bits: ["bits"],
  tokens: ["bits", "tokens"],
  close: ["bits", "tokens"],
  text: ["bits", "tokens", "text"],
} as const satisfies Record<Tier, readonly AgreedOn[]>;

/** False means: the engine disagrees with itself, so nothing can be said on this tier. */
export function isEnoughAgreement(agreed: AgreedOn, tier: Tier): boolean {
  return (enough[tier] as readonly AgreedOn[]).includes(agreed);
}
