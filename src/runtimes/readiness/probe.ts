/** One way to tell whether an engine is ready. */
import type { Problem } from "../../model/problem.ts";

export type ProbeResult =
  | { readonly kind: "ready" }
  /** `seen` says what was seen instead, such as `GET /health answered 503`. */
  | { readonly kind: "waiting"; readonly seen: string }
  /** It can never become ready. */
  | { readonly kind: "hopeless"; readonly problem: Problem };

export interface Probe {
  /** Such as `GET /health to answer 200`. */
  readonly waitsFor: string;
  /** Looks once, and gives up when the signal is aborted; never rejects. */
  look(signal: AbortSignal): Promise<ProbeResult>;
}
