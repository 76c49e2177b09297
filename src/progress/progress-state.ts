/** Where a run is, kept up with its events: pure, so that what is shown can be tested without a clock or a terminal. */
import type { ProgressEvent } from "../model/progress.ts";

export type Phase =
  | { readonly kind: "idle" }
  | { readonly kind: "waiting"; readonly what: string; readonly sinceMs: number }
  | {
      readonly kind: "launching";
      readonly engine: string;
      readonly launch: number;
      readonly launches: number;
      readonly sinceMs: number;
    }
  | { readonly kind: "warming-up"; readonly sinceMs: number }
  | { readonly kind: "moving"; readonly what: string; readonly doneBytes: number; readonly totalBytes: number | null }
  | {
      readonly kind: "case";
      readonly caseId: string;
      readonly maxTokens: number;
      readonly tokens: number;
      readonly sinceMs: number;
    };

export interface ProgressState {
  readonly phase: Phase;
  /** Null until it is known. */
  readonly planned: { readonly completions: number; readonly maxTokens: number } | null;
  readonly done: number;
  /** Sum of `max_tokens` of the cases done. */
  readonly doneMaxTokens: number;
  /** Tokens of replayed cases, the current one included. */
  readonly tokens: number;
  /** Time spent in cases that are done; launches and warm-ups are no measure of speed. */
  readonly replayMs: number;
  /** The engine's last words while it starts; hostile text. */
  readonly engineLine: string | null;
}

export const nothingYet: ProgressState = {
  phase: { kind: "idle" },
  planned: null,
  done: 0,
  doneMaxTokens: 0,
  tokens: 0,
  replayMs: 0,
  engineLine: null,
};

/** The state after an event at `nowMs`. */
export function progressAfter(state: ProgressState, event: ProgressEvent, nowMs: number): ProgressState {
  const since = { sinceMs: nowMs };
  switch (event.kind) {
    case "note":
    case "defect":
      return state;
    case "waiting":
      return { ...state, phase: { kind: "waiting", what: event.what, ...since } };
    case "hashing":
      return { ...state, phase: { ...event, kind: "moving", what: `reading ${event.file}` } };
    case "downloading":
      return { ...state, phase: { ...event, kind: "moving", what: `fetching ${event.what}` } };
    case "launching":
      // The first launch begins a run: nothing of an earlier one in this process counts.
      return { ...(event.launch === 1 ? nothingYet : state), phase: { ...event, ...since }, engineLine: null };
    case "ready":
      return { ...state, phase: { kind: "idle" }, engineLine: null };
    case "warming-up":
      return { ...state, phase: { kind: "warming-up", ...since } };
    case "planned":
      return { ...state, planned: { completions: event.completions, maxTokens: event.maxTokens } };
    case "case-started":
      return { ...state, phase: { ...event, kind: "case", tokens: 0, ...since } };
    case "token":
      return afterToken(state);
    case "case-finished":
      return afterCase(state, nowMs);
    case "probing":
      return { ...state, phase: { kind: "waiting", what: askedAgain(event.cases), ...since } };
    case "engine-log":
      return { ...state, engineLine: event.line };
  }
}

/** Tokens a second over all cases so far; null before anything was measured. */
export function tokensPerSecond(state: ProgressState, nowMs: number): number | null {
  const { phase } = state;
  const ms = state.replayMs + (phase.kind === "case" ? nowMs - phase.sinceMs : 0);
  return state.tokens === 0 || ms <= 0 ? null : state.tokens / (ms / 1000);
}

/** The remaining `max_tokens` at the measured rate: an upper bound, since answers may end sooner. Null when unknown. */
export function millisecondsLeft(state: ProgressState, nowMs: number): number | null {
  const rate = tokensPerSecond(state, nowMs);
  if (state.planned === null || rate === null) return null;
  const current = state.phase.kind === "case" ? state.phase.tokens : 0;
  return (Math.max(0, state.planned.maxTokens - state.doneMaxTokens - current) / rate) * 1000;
}

/** In words for a reader: `3 differing cases, asked again`. */
export function askedAgain(cases: number): string {
  return `${cases} differing ${cases === 1 ? "case" : "cases"}, asked again`;
}

function afterToken(state: ProgressState): ProgressState {
  const { phase } = state;
  if (phase.kind !== "case") return state;
  return { ...state, tokens: state.tokens + 1, phase: { ...phase, tokens: phase.tokens + 1 } };
}

function afterCase(state: ProgressState, nowMs: number): ProgressState {
  const { phase } = state;
  const done = { ...state, done: state.done + 1, phase: { kind: "idle" } as const };
  if (phase.kind !== "case") return done;
  return {
    ...done,
    doneMaxTokens: state.doneMaxTokens + phase.maxTokens,
    replayMs: state.replayMs + nowMs - phase.sinceMs,
  };
}
