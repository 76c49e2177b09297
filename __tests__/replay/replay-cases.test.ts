import { describe, expect, test } from "@jest/globals";
import type { EngineSession } from "../../src/engines/engine.ts";
import { type Case, parseCaseId } from "../../src/model/case.ts";
import type { Completion } from "../../src/model/completion.ts";
import type { RunningEngine } from "../../src/model/launch-plan.ts";
import { GateError, type Problem } from "../../src/model/problem.ts";
import { neutralSampling } from "../../src/model/sampling-params.ts";
import { type ReplayOutcome, replayCases } from "../../src/replay/replay-cases.ts";

const caseOf = (id: string, tier: "tokens" | "text" = "tokens"): Case => {
  const caseId = parseCaseId(id);
  if (caseId === null) throw new Error(`${id} is no case id`);
  return {
    id: caseId,
    prompt: { kind: "text", text: "Once" },
    sampling: { params: { ...neutralSampling, seed: 1, max_tokens: 4 }, given: ["seed", "max_tokens"], extra: {} },
    compare: { tier, maxLogprobDelta: 0.05, nearTie: 0.01 },
    source: { file: "suite.yml", line: 1, column: 1 },
  };
};

const answer = (text: string): Completion => ({
  promptTokenIds: Uint32Array.of(1),
  tokenIds: Uint32Array.from([...text].map((letter) => letter.charCodeAt(0))),
  logprobs: null,
  margins: null,
  textEnds: null,
  text,
  outputDigest: null,
  finishReason: "stop",
});

type Behaviour = (signal: AbortSignal, onToken: (index: number) => "continue" | "stop") => Promise<Completion>;

/** A session that does for each case what its script says, and an engine whose end the test decides. */
function fake(script: Record<string, Behaviour>) {
  let end: () => void = () => {};
  const exited = new Promise<{ code: number; signal: null }>((resolve) => {
    end = () => resolve({ code: 1, signal: null });
  });
  const session: EngineSession = {
    complete: (request, onToken) => {
      const behaviour = script[request.caseId];
      if (behaviour === undefined) throw new Error(`no script for ${request.caseId}`);
      return behaviour(request.signal, (index) => onToken({ index, id: 1, logprob: null, margin: null, text: "a" }));
    },
    describe: async () => [],
    close: async () => {},
  };
  const running: RunningEngine = {
    endpoint: { kind: "http", baseUrl: "http://127.0.0.1:1" },
    facts: [],
    logTail: () => [],
    logFile: () => null,
    exited,
    stop: async () => {},
  };
  return { session, running, end };
}

const failing =
  (code: string): Behaviour =>
  async () => {
    const problem: Problem = {
      code,
      verdict: "error",
      title: code,
      location: null,
      found: null,
      expected: null,
      help: [],
      evidence: [],
    };
    throw new GateError([problem]);
  };
const untilAborted: Behaviour = (signal) =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

async function run(
  script: Record<string, Behaviour>,
  cases: Case[],
  over: { caseMs?: number; stallMs?: number; signal?: AbortSignal; end?: string } = {},
) {
  const { session, running, end } = fake(script);
  const outcomes: ReplayOutcome[] = [];
  for await (const outcome of replayCases(session, running, cases, {
    engine: "scripted",
    timeouts: { startupMs: 1000, caseMs: over.caseMs ?? 5000, stallMs: over.stallMs ?? 5000, stopMs: 1000 },
    signal: over.signal ?? new AbortController().signal,
    watch: async (item) => {
      if (item.id === over.end) end();
      return () => "continue";
    },
  })) {
    outcomes.push(outcome);
  }
  return outcomes.map((outcome) =>
    "completion" in outcome ? outcome.completion.text : outcome.problems.map((p) => p.code),
  );
}

describe("replaying cases", () => {
  test("yields one outcome a case, in order, and goes on past a failing one", async () => {
    const script = { a: async () => answer("yes"), b: failing("engines/http-status"), c: async () => answer("no") };
    expect(await run(script, [caseOf("a"), caseOf("b"), caseOf("c")])).toEqual(["yes", ["engines/http-status"], "no"]);
  });

  test("does not ask an engine that has ended", async () => {
    const script = { a: failing("engines/ended"), b: async () => answer("never") };
    expect(await run(script, [caseOf("a"), caseOf("b")], { end: "a" })).toEqual([
      ["engines/ended"],
      ["replay/not-run"],
    ]);
  });

  test("gives up after three failing cases in a row, but not after three in all", async () => {
    const bad = failing("x/y");
    const good = async () => answer("ok");
    const cases = ["a", "b", "c", "d", "e", "f"].map((id) => caseOf(id));
    expect(await run({ a: bad, b: bad, c: good, d: bad, e: good, f: bad }, cases)).toEqual([
      ["x/y"],
      ["x/y"],
      "ok",
      ["x/y"],
      "ok",
      ["x/y"],
    ]);
    expect((await run({ a: bad, b: bad, c: bad, d: good, e: good, f: good }, cases)).slice(3)).toEqual([
      ["replay/not-run"],
      ["replay/not-run"],
      ["replay/not-run"],
    ]);
  });

  test("names an engine that never answers, and one that answers too slowly as a whole", async () => {
    expect(await run({ a: untilAborted }, [caseOf("a")], { stallMs: 20 })).toEqual([["replay/stalled"]]);
    const dripping: Behaviour = (signal, onToken) =>
      new Promise((_, reject) => {
        let index = 0;
        const timer = setInterval(() => onToken(index++), 5);
        signal.addEventListener("abort", () => {
          clearInterval(timer);
          reject(signal.reason);
        });
      });
    expect(await run({ a: dripping }, [caseOf("a")], { stallMs: 200, caseMs: 400 })).toEqual([["replay/case-timeout"]]);
  });

  test("refuses an empty completion and one without ids where the tier needs them", async () => {
    expect(await run({ a: async () => answer("") }, [caseOf("a")])).toEqual([["replay/empty-completion"]]);
    const noIds = async () => ({ ...answer("words"), tokenIds: null });
    expect(await run({ a: noIds }, [caseOf("a")])).toEqual([["replay/missing-token-ids"]]);
    expect(await run({ a: noIds }, [caseOf("a", "text")])).toEqual(["words"]);
  });

  test("refuses an answer that is an end token and no text, which an instruct model gives to a bare prompt", async () => {
    const ended = { ...answer(""), tokenIds: Uint32Array.of(2) };
    expect(await run({ a: async () => ended }, [caseOf("a")])).toEqual([["replay/empty-completion"]]);
    expect(await run({ a: async () => ended }, [caseOf("a", "text")])).toEqual([["replay/empty-completion"]]);
  });

  test("takes an answer that is a part of one character, cut by the limit", async () => {
    const cut = async (): Promise<Completion> => ({
      ...answer(""),
      tokenIds: Uint32Array.of(7, 8),
      finishReason: "length",
    });
    expect(await run({ a: cut }, [caseOf("a")])).toEqual([""]);
  });

  test("throws the reason of a signal and nothing else", async () => {
    const stop = new AbortController();
    const script = {
      a: (signal: AbortSignal) => {
        queueMicrotask(() => stop.abort(new Error("SIGINT")));
        return untilAborted(signal, () => "stop");
      },
    };
    await expect(run(script, [caseOf("a")], { signal: stop.signal })).rejects.toThrow("SIGINT");
  });
});
