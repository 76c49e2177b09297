/** What every engine promises, run against each of them with a real server or process behind it. */
import { afterEach, describe, expect, test } from "@jest/globals";
import type { Engine, EngineSession } from "../../src/engines/engine.ts";
import type { Completion, StreamedToken } from "../../src/model/completion.ts";
import type { RunningEngine } from "../../src/model/launch-plan.ts";
import { GateError } from "../../src/model/problem.ts";
import type { SamplingField, SamplingParams } from "../../src/model/sampling-params.ts";
import type { Suite } from "../../src/model/suite.ts";
import { replayCase } from "../../src/replay/replay-case.ts";
import { caseOf, requestOf, samplingOf } from "../engines/sample-suite.ts";

export const behaviours = [
  "honest",
  "one byte at a time",
  "error",
  "silent",
  "half a message",
  "dies at token 7",
  "without ids",
  "another model",
  "empty",
] as const;
export type Behaviour = (typeof behaviours)[number];

export interface StartedEngine {
  readonly suite: Suite;
  readonly running: RunningEngine;
  /** What reached the engine with the last request, or what it made of it; differs when the request does. */
  trace(completion: Completion): string;
  stop(): Promise<void>;
}

export interface EngineFixture {
  readonly engine: () => Engine;
  start(behaviour: Behaviour): Promise<StartedEngine>;
  /** The code of the message for a prompt of token ids, from an engine that takes none. */
  readonly refusesTokenIds?: string;
  /** The code of the message for each fault; null where the engine has no such fault. */
  readonly codes: Record<Exclude<Behaviour, "honest" | "one byte at a time">, string | null>;
}

const other: { readonly [Field in SamplingField]: SamplingParams[Field] } = {
  temperature: 0.5,
  top_p: 0.5,
  top_k: 5,
  min_p: 0.1,
  seed: 8,
  max_tokens: 17,
  min_tokens: 1,
  presence_penalty: 0.5,
  frequency_penalty: 0.5,
  repetition_penalty: 1.5,
  stop: ["never"],
  stop_token_ids: [9],
  ignore_eos: true,
  skip_special_tokens: false,
  logprobs: 5,
};

export function describeEngine(name: string, fixture: EngineFixture): void {
  describe(`engine ${name}`, () => {
    const started: StartedEngine[] = [];
    afterEach(async () => {
      for (const one of started.splice(0)) await one.stop();
    });

    async function start(behaviour: Behaviour): Promise<StartedEngine> {
      const one = await fixture.start(behaviour);
      started.push(one);
      return one;
    }
    async function open(behaviour: Behaviour): Promise<{ session: EngineSession; engine: StartedEngine }> {
      const engine = await start(behaviour);
      return { session: await fixture.engine().open(engine.running, engine.suite), engine };
    }

    test("has its own name and plans a launch as data", async () => {
      const { suite } = await start("honest");
      const plan = fixture.engine().plan(suite);
      expect(fixture.engine().name).toBe(suite.engine.name);
      expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
      expect(fixture.engine().plan(suite)).toEqual(plan);
      expect(plan.hints.length).toBeGreaterThan(0);
    });

    test("gives ids, float32 log-probabilities, margins and text, and streams the same", async () => {
      const { session } = await open("honest");
      const streamed: StreamedToken[] = [];
      const completion = await session.complete(requestOf(), (token) => {
        streamed.push(token);
        return "continue";
      });
      expect(completion.tokenIds?.length).toBeGreaterThan(7);
      expect(streamed.map(({ index }) => index)).toEqual([...(completion.tokenIds ?? []).keys()]);
      expect(streamed.map(({ id }) => id)).toEqual([...(completion.tokenIds ?? [])]);
      expect(streamed.map(({ logprob }) => logprob)).toEqual([...(completion.logprobs ?? [])]);
      expect(streamed.map(({ margin }) => margin)).toEqual([...(completion.margins ?? [])]);
      expect(streamed.map(({ text }) => text).join("")).toBe(completion.text);
      expect(completion.textEnds?.at(-1)).toBe(completion.text.length);
      expect(["stop", "length"]).toContain(completion.finishReason);
      await session.close();
    });

    test("answers the same question the same way", async () => {
      const { session } = await open("honest");
      const first = await session.complete(requestOf(), () => "continue");
      expect(await session.complete(requestOf(), () => "continue")).toEqual(first);
    });

    test("takes prompts as text, as token ids and as messages, or refuses them", async () => {
      const { session } = await open("honest");
      const tokens = { kind: "tokens", tokenIds: [1, 2, 3] } as const;
      const messages = { kind: "messages", messages: [{ role: "user", content: "Hi" }] } as const;
      const { refusesTokenIds } = fixture;
      for (const prompt of refusesTokenIds === undefined ? [tokens, messages] : [messages]) {
        const { text } = await session.complete(requestOf(samplingOf(), { prompt }), () => "continue");
        expect(text).not.toBe("");
      }
      if (refusesTokenIds === undefined) return;
      const refused = requestOf(samplingOf(), { prompt: tokens });
      const problems = await problemsOf(() => session.complete(refused, () => "continue"));
      expect(problems.map(({ code }) => code)).toEqual([refusesTokenIds]);
    });

    test("reads text whose characters are cut anywhere", async () => {
      const whole = await (await open("honest")).session.complete(requestOf(), () => "continue");
      const cut = await (await open("one byte at a time")).session.complete(requestOf(), () => "continue");
      expect(cut).toEqual(whole);
    });

    test("passes every field that it honours on to the engine", async () => {
      const { session, engine } = await open("honest");
      const traceOf = async (params: Partial<SamplingParams>) =>
        engine.trace(await session.complete(requestOf(samplingOf(params)), () => "continue"));
      const neutral = await traceOf({});
      for (const field of fixture.engine().sampling.fields) {
        expect({ field, isSame: (await traceOf({ [field]: other[field] })) === neutral }).toEqual({
          field,
          isSame: false,
        });
      }
    });

    test("stops early and is of use afterwards", async () => {
      const { session } = await open("honest");
      const whole = await session.complete(requestOf(), () => "continue");
      const part = await session.complete(requestOf(), ({ index }) => (index === 3 ? "stop" : "continue"));
      expect(part.finishReason).toBe("abort");
      expect([...(part.tokenIds ?? [])]).toEqual([...(whole.tokenIds ?? [])].slice(0, 4));
      expect(await session.complete(requestOf(), () => "continue")).toEqual(whole);
    });

    test("gives up with the reason of its signal and is of use afterwards", async () => {
      const { session } = await open("honest");
      const whole = await session.complete(requestOf(), () => "continue");
      const controller = new AbortController();
      const reason = new Error("enough");
      const left = session.complete(requestOf(samplingOf(), { signal: controller.signal }), ({ index }) => {
        if (index === 2) controller.abort(reason);
        return "continue";
      });
      await expect(left).rejects.toBe(reason);
      expect(await session.complete(requestOf(), () => "continue")).toEqual(whole);
    });

    test("describes itself by the same facts each time", async () => {
      const { session } = await open("honest");
      const facts = await session.describe();
      expect(facts.length).toBeGreaterThan(0);
      expect(facts.filter(({ key }) => !/^(?:engine|model|package|python|torch|gpu|driver)\./.test(key))).toEqual([]);
      expect(new Set(facts.map(({ key }) => key)).size).toBe(facts.length);
      expect(await (await open("honest")).session.describe()).toEqual(facts);
    });

    for (const [behaviour, code] of Object.entries(fixture.codes)) {
      if (code === null) continue;
      test(`${behaviour}: ${code}`, async () => {
        const problems = await problemsOf(async () => {
          const engine = await start(behaviours.find((one) => one === behaviour) ?? "honest");
          const session = await fixture.engine().open(engine.running, engine.suite);
          await replayCase(session, caseOf(), {
            engine: fixture.engine().name,
            timeouts: { ...engine.suite.timeouts, stallMs: behaviour === "silent" ? 300 : 20_000 },
            signal: new AbortController().signal,
            onToken: () => "continue",
          });
        });
        expect(problems.map((problem) => problem.code)).toEqual([code]);
        for (const problem of problems) {
          expect(problem.help.length).toBeGreaterThan(0);
          expect(problem.title).not.toMatch(/[\n\r]/);
        }
      });
    }
  });
}

/** The problems that the work ends with; none when it ends well. */
export async function problemsOf(work: () => Promise<unknown>) {
  try {
    await work();
    return [];
  } catch (error) {
    if (error instanceof GateError) return error.problems;
    throw error;
  }
}
