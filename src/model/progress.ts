/** What a run tells of itself while it goes on; whoever shows it escapes every text in it. */
import type { CaseVerdict } from "./verdict.ts";

export type ProgressEvent =
  /** One sentence worth a line of its own. */
  | { readonly kind: "note"; readonly text: string }
  /** Something that takes a while and has no measure, such as `the engine to stop`. */
  | { readonly kind: "waiting"; readonly what: string }
  | { readonly kind: "hashing"; readonly file: string; readonly doneBytes: number; readonly totalBytes: number }
  /** `totalBytes` is null when the server does not tell. */
  | {
      readonly kind: "downloading";
      readonly what: string;
      readonly doneBytes: number;
      readonly totalBytes: number | null;
    }
  | { readonly kind: "launching"; readonly engine: string; readonly launch: number; readonly launches: number }
  | { readonly kind: "ready"; readonly launch: number; readonly afterMs: number }
  | { readonly kind: "warming-up" }
  /** Completions to come in all (cases × repeats × launches) and the sum of their `max_tokens`; may be sent again when it changes. */
  | { readonly kind: "planned"; readonly completions: number; readonly maxTokens: number }
  | { readonly kind: "case-started"; readonly caseId: string; readonly maxTokens: number }
  | { readonly kind: "token" }
  | {
      readonly kind: "case-finished";
      readonly caseId: string;
      /** `answered`: the first answer of a recording, which has nothing to match yet. */
      readonly verdict: CaseVerdict | "answered";
      /** Tokens generated now; 0 for a reused completion. */
      readonly tokens: number;
    }
  /** Differing cases are asked again, to see whether the engine agrees with itself. */
  | { readonly kind: "probing"; readonly cases: number }
  | { readonly kind: "engine-log"; readonly line: string }
  /** A defect of ours; its stack is for INFERENCE_GATE_DEBUG=1. */
  | { readonly kind: "defect"; readonly error: unknown };
