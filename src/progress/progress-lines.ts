/** Progress in words: one status line for a terminal, plain lines for a log. */
import type { ProgressEvent } from "../model/progress.ts";
import { cutEnd } from "../report/escape/columns.ts";
import { terminalText } from "../report/escape/terminal-text.ts";
import { askedAgain, millisecondsLeft, type Phase, type ProgressState, tokensPerSecond } from "./progress-state.ts";

const barColumns = 20;

/** One line of at most `columns`; empty when there is nothing to tell. No control characters. */
export function statusLine(state: ProgressState, nowMs: number, columns: number): string {
  const told = phaseInWords(state, nowMs);
  const share = shareDone(state);
  const parts = [...(share === null ? [] : [bar(share)]), ...overall(state), ...told];
  return cutEnd(parts.join("  "), Math.max(1, columns));
}

/** The line that a log keeps of an event, after the event has been taken into `state`; null for most events. */
export function logLine(event: ProgressEvent, state: ProgressState): string | null {
  switch (event.kind) {
    case "note":
      return terminalText(event.text);
    case "waiting":
      return `Waiting for ${terminalText(event.what)}`;
    case "launching":
      return `Starting ${terminalText(event.engine)} (launch ${event.launch} of ${event.launches})`;
    case "ready":
      return `Ready after ${seconds(event.afterMs)}`;
    case "warming-up":
      return "Warming up";
    case "probing":
      return capitalised(askedAgain(event.cases));
    case "case-finished":
      return finishedLine(event, state);
    case "defect":
    case "planned":
    case "token":
    case "case-started":
    case "engine-log":
    case "hashing":
    case "downloading":
      return null;
  }
}

/** For a log that has been silent for a while; null when nothing is going on. */
export function stillRunning(state: ProgressState, nowMs: number): string | null {
  const told = [...overall(state), ...phaseInWords(state, nowMs)];
  return state.phase.kind === "idle" ? null : `Still running: ${told.join(", ")}`;
}

function finishedLine(event: Extract<ProgressEvent, { kind: "case-finished" }>, state: ProgressState): string {
  const number = state.planned === null ? `${state.done}` : `${state.done}/${state.planned.completions}`;
  const tokens = event.tokens === 0 ? "" : `  ${event.tokens} ${event.tokens === 1 ? "token" : "tokens"}`;
  return `${number}  ${event.verdict.padEnd(8)}  ${terminalText(event.caseId)}${tokens}`;
}

function phaseInWords(state: ProgressState, nowMs: number): readonly string[] {
  const { phase } = state;
  switch (phase.kind) {
    case "idle":
      return [];
    case "waiting":
      return [terminalText(phase.what), elapsed(phase.sinceMs, nowMs)];
    case "launching":
      return [
        `starting ${terminalText(phase.engine)}, launch ${phase.launch} of ${phase.launches}`,
        elapsed(phase.sinceMs, nowMs),
        ...(state.engineLine === null ? [] : [terminalText(state.engineLine)]),
      ];
    case "warming-up":
      return ["warming up", elapsed(phase.sinceMs, nowMs)];
    case "moving":
      return [terminalText(phase.what), bytesInWords(phase)];
    case "case":
      return caseInWords(state, phase, nowMs);
  }
}

function caseInWords(state: ProgressState, phase: Extract<Phase, { kind: "case" }>, nowMs: number): readonly string[] {
  const rate = tokensPerSecond(state, nowMs);
  const left = millisecondsLeft(state, nowMs);
  return [
    terminalText(phase.caseId),
    `${phase.tokens}/${phase.maxTokens} tokens`,
    ...(rate === null ? [] : [`${rate < 10 ? rate.toFixed(1) : Math.round(rate)} tokens/s`]),
    ...(left === null ? [] : [`at most ${seconds(left)} left`]),
  ];
}

const overall = ({ planned, done }: ProgressState) => (planned === null ? [] : [`${done}/${planned.completions}`]);

/** Of all completions, the current one in part; of the bytes while bytes are moved. */
function shareDone({ phase, planned, done }: ProgressState): number | null {
  if (phase.kind === "moving") return phase.totalBytes === null ? null : ratio(phase.doneBytes, phase.totalBytes);
  if (planned === null) return null;
  const current = phase.kind === "case" ? ratio(phase.tokens, phase.maxTokens) : 0;
  return ratio(done + current, planned.completions);
}

const ratio = (part: number, whole: number) => (whole <= 0 ? 0 : Math.min(1, Math.max(0, part / whole)));

function bar(share: number): string {
  const filled = Math.round(share * barColumns);
  return "█".repeat(filled) + "░".repeat(barColumns - filled);
}

function bytesInWords({ doneBytes, totalBytes }: { readonly doneBytes: number; readonly totalBytes: number | null }) {
  const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
  return totalBytes === null ? `${mib(doneBytes)} MiB` : `${mib(doneBytes)} of ${mib(totalBytes)} MiB`;
}

const elapsed = (sinceMs: number, nowMs: number) => seconds(Math.max(0, Math.floor((nowMs - sinceMs) / 1000) * 1000));

/** `0.4 s`, `12 s`, `3 min 5 s`; a time that people wait for needs no more digits. */
function seconds(ms: number): string {
  if (ms > 0 && ms < 9950) return ms % 1000 === 0 ? `${ms / 1000} s` : `${(ms / 1000).toFixed(1)} s`;
  const whole = Math.round(ms / 1000);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
