import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { ProgressEvent } from "../../src/model/progress.ts";
import { createProgress, type ProgressOptions } from "../../src/progress/progress.ts";
import { statusLine } from "../../src/progress/progress-lines.ts";
import { millisecondsLeft, nothingYet, progressAfter, tokensPerSecond } from "../../src/progress/progress-state.ts";
import { displayWidth } from "../../src/report/escape/columns.ts";

/** A progress on a stream of ours, with a clock that stands still until it is told to move. */
function stage(kind: "live" | "log", about: Partial<ProgressOptions> = {}) {
  let nowMs = 0;
  let written = "";
  const ticks = new Set<{ readonly ms: number; readonly tick: () => void; next: number }>();
  const progress = createProgress({
    write: (text) => {
      written += text;
    },
    look: { kind, width: 100 },
    now: () => nowMs,
    every: (ms, tick) => {
      const entry = { ms, tick, next: nowMs + ms };
      ticks.add(entry);
      return () => ticks.delete(entry);
    },
    defects: "hidden",
    ...about,
  });
  return {
    ...progress,
    pass(ms: number) {
      for (const end = nowMs + ms; nowMs < end; nowMs += 100) {
        for (const entry of ticks) {
          if (nowMs < entry.next) continue;
          entry.next += entry.ms;
          entry.tick();
        }
      }
    },
    written: () => written,
    timers: () => ticks.size,
  };
}

/** What a terminal shows after these bytes: `\r` goes to the start of the line, `ESC [ K` clears the rest of it. */
function screen(bytes: string): readonly string[] {
  const lines = [""];
  let column = 0;
  for (const [part] of bytes.matchAll(/\x1b\[K|\r|\n|[^\x1b\r\n]+|\x1b/g)) {
    const line = lines.at(-1) ?? "";
    if (part === "\x1b[K") lines[lines.length - 1] = line.slice(0, column);
    else if (part === "\r") column = 0;
    else if (part === "\n") lines.push("");
    else lines[lines.length - 1] = line.slice(0, column) + part + line.slice(column + part.length);
    if (part === "\n") column = 0;
    else if (!/^[\r\x1b]/.test(part)) column += part.length;
  }
  return lines;
}

const started = (caseId: string): ProgressEvent => ({ kind: "case-started", caseId, maxTokens: 100 });
const finished = (caseId: string, verdict: "match" | "drift" | "answered" = "match"): ProgressEvent => ({
  kind: "case-finished",
  caseId,
  verdict,
  tokens: 50,
});
const planned: ProgressEvent = { kind: "planned", completions: 4, maxTokens: 400 };

describe("rate and time left", () => {
  const stateAfter = (events: readonly (readonly [number, ProgressEvent])[]) =>
    events.reduce((state, [ms, event]) => progressAfter(state, event, ms), nothingYet);
  const tokens = (count: number, ms: number) => Array.from({ length: count }, () => [ms, { kind: "token" }] as const);

  test("count the time of replaying only, and the remaining limits", () => {
    const state = stateAfter([
      [0, { kind: "launching", engine: "llama-cpp", launch: 1, launches: 1 }],
      [9000, planned],
      [10_000, started("a")],
      ...tokens(50, 11_000),
      [11_000, finished("a")],
      [30_000, started("b")],
      ...tokens(10, 30_500),
    ]);
    expect(tokensPerSecond(state, 31_000)).toBe(30);
    // 400 in all, 100 of the case that is done, 10 of the current one: 290 at 30 a second.
    expect(millisecondsLeft(state, 31_000)).toBeCloseTo(9666.7, 0);
  });

  test("are unknown before anything was measured", () => {
    expect(tokensPerSecond(nothingYet, 5)).toBeNull();
    expect(millisecondsLeft(stateAfter([[0, planned]]), 5)).toBeNull();
  });

  test("tokens of a warm-up do not count", () => {
    expect(stateAfter([[0, { kind: "warming-up" }], ...tokens(5, 10)]).tokens).toBe(0);
  });
});

describe("the status line", () => {
  test("tells bar, count, case, tokens, rate and time left", () => {
    const state = [planned, finished("a"), started("b"), ...Array(50).fill({ kind: "token" })].reduce(
      (before, event) => progressAfter(before, event, 0),
      nothingYet,
    );
    expect(statusLine(state, 1000, 100)).toBe(
      "████████░░░░░░░░░░░░  1/4  b  50/100 tokens  50 tokens/s  at most 7 s left",
    );
  });

  test("never takes more columns than there are, and never obeys what it shows", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 120 }), (text, columns) => {
        const events: ProgressEvent[] = [
          { kind: "launching", engine: text, launch: 1, launches: 2 },
          { kind: "engine-log", line: text },
        ];
        const line = statusLine(
          events.reduce((state, event) => progressAfter(state, event, 0), nothingYet),
          2000,
          columns,
        );
        expect(displayWidth(line)).toBeLessThanOrEqual(columns);
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe("on a terminal", () => {
  test("one line is redrawn, and cases that need a look stay above it", () => {
    const shown = stage("live");
    shown.report(planned);
    shown.report(started("a"));
    shown.pass(200);
    shown.report(finished("a"));
    shown.report(started("b"));
    shown.pass(200);
    shown.report(finished("b", "drift"));
    shown.report(started("c"));
    shown.pass(300);
    const lines = screen(shown.written());
    expect(lines.slice(0, -1)).toEqual(["2/4  drift     b  50 tokens"]);
    expect(lines.at(-1)).toMatch(/^█+░+ {2}2\/4 {2}c {2}0\/100 tokens/);
    shown.finish();
    expect(screen(shown.written())).toEqual(["2/4  drift     b  50 tokens", ""]);
  });

  test("a first answer of a recording matched nothing, and needs no look", () => {
    const [live, log] = [stage("live"), stage("log")];
    for (const shown of [live, log]) {
      shown.report(planned);
      shown.report(started("a"));
      shown.report(finished("a", "answered"));
      shown.finish();
    }
    expect(screen(live.written())).toEqual([""]);
    expect(log.written()).toBe("1/4  answered  a  50 tokens\n");
  });

  test("is drawn at most ten times a second, however fast tokens come", () => {
    const shown = stage("live");
    shown.report(started("a"));
    for (let step = 0; step < 10; step += 1) {
      for (let token = 0; token < 500; token += 1) shown.report({ kind: "token" });
      shown.pass(100);
    }
    const draws = shown.written().split("\x1b[K").length - 1;
    expect(draws).toBeGreaterThan(3);
    expect(draws).toBeLessThanOrEqual(10);
  });

  test("other output is written above it, whole", () => {
    const shown = stage("live");
    shown.report(started("a"));
    shown.print("a report\nof two lines\n");
    shown.pass(300);
    const lines = screen(shown.written());
    expect(lines.slice(0, 2)).toEqual(["a report", "of two lines"]);
    expect(lines).toHaveLength(3);
  });

  test("makes room for what another stream writes into the same terminal", () => {
    const shown = stage("live");
    shown.report(started("a-case-with-a-long-name"));
    shown.pass(300);
    shown.print("");
    expect(screen(shown.written())).toEqual([""]);
  });

  test("leaves nothing behind, no timer and no line", () => {
    const shown = stage("live");
    shown.report({ kind: "waiting", what: "the engine to stop" });
    shown.finish();
    shown.finish();
    shown.report(started("late"));
    expect(screen(shown.written())).toEqual([""]);
    expect(shown.timers()).toBe(0);
  });
});

describe("in a log", () => {
  test("there is one line for each case and no control character", () => {
    const shown = stage("log");
    const events: readonly ProgressEvent[] = [
      { kind: "launching", engine: "llama-cpp", launch: 1, launches: 2 },
      { kind: "engine-log", line: "::error::\u001b[31mloading" },
      { kind: "ready", launch: 1, afterMs: 412 },
      { kind: "warming-up" },
      planned,
      started("a"),
      ...Array.from({ length: 50 }, (): ProgressEvent => ({ kind: "token" })),
      finished("a"),
      started("b"),
      finished("b", "drift"),
      { kind: "probing", cases: 1 },
      { kind: "note", text: "::error::\u001b[31mnot ours\n##[error]" },
    ];
    for (const event of events) shown.report(event);
    expect(shown.written().split("\n")).toEqual([
      "Starting llama-cpp (launch 1 of 2)",
      "Ready after 0.4 s",
      "Warming up",
      "1/4  match     a  50 tokens",
      "2/4  drift     b  50 tokens",
      "1 differing case, asked again",
      "\\u{3a}:error::␛[31mnot ours⏎##\\u{5b}error]",
      "",
    ]);
  });

  test("a silent run says every ten seconds that it is still running", () => {
    const shown = stage("log");
    shown.report(planned);
    shown.report(started("a"));
    for (let step = 0; step < 35; step += 1) {
      for (let token = 0; token < 2; token += 1) shown.report({ kind: "token" });
      shown.pass(1000);
    }
    const lines = shown.written().trimEnd().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^Still running: 0\/4, a, \d+\/100 tokens, 2\.\d tokens\/s, at most \d min \d+ s left$/);
    shown.finish();
    shown.pass(30_000);
    expect(shown.written().trimEnd().split("\n")).toHaveLength(3);
  });

  test("nothing is said while nothing is going on", () => {
    const shown = stage("log");
    shown.pass(60_000);
    expect(shown.written()).toBe("");
  });

  test("a defect of ours is shown only when asked for", () => {
    const defect: ProgressEvent = { kind: "defect", error: new TypeError("x is not a function\u001b[2J") };
    const hidden = stage("log");
    hidden.report(defect);
    expect(hidden.written()).toBe("");
    const shown = stage("log", { defects: "shown" });
    shown.report(defect);
    expect(shown.written()).toMatch(/^ {2}TypeError: x is not a function␛\[2J\n/);
    expect(shown.written()).not.toContain("\u001b");
  });
});
