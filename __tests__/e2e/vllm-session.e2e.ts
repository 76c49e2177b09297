/** Conversations with real vLLM and a real small model: two launches agree, prompts are the model's own, and what goes wrong is named. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { EngineSession } from "../../src/engines/engine.ts";
import { vllm } from "../../src/engines/vllm/vllm.ts";
import type { Completion } from "../../src/model/completion.ts";
import type { RunningEngine } from "../../src/model/launch-plan.ts";
import type { SamplingParams } from "../../src/model/sampling-params.ts";
import type { Suite } from "../../src/model/suite.ts";
import { createProcessRuntime } from "../../src/runtimes/process-runtime.ts";
import { defaultDeterminism } from "../../src/suite/determinism-schema.ts";
import { problemsOf } from "../contracts/engine-contract.ts";
import { caseOf, requestOf, samplingOf, source, suiteOf } from "../engines/sample-suite.ts";
import { markedProcesses } from "../fixtures/marked-processes.ts";
import { type RealVllm, realVllmForTests } from "./real-vllm.ts";

const folder = mkdtempSync(join(tmpdir(), "vllm-session-"));
let real: RealVllm;
beforeAll(async () => {
  real = await realVllmForTests();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function suiteWith(args: object, more: Partial<Suite> = {}): Suite {
  const limits = { startupMs: 240_000, caseMs: 240_000, stallMs: 240_000, stopMs: 20_000 };
  return suiteOf(
    {
      name: "vllm",
      command: [real.python],
      args: { dtype: "bfloat16", max_model_len: 1024, ...args },
      env: { VLLM_CPU_KVCACHE_SPACE: "1", SESSION_TEST: folder },
    },
    {
      folder,
      model: { name: "smollm2", revision: null, path: real.smollm2, source },
      determinism: defaultDeterminism,
      timeouts: limits,
      ...more,
    },
  );
}

async function launched<T>(
  suite: Suite,
  work: (session: EngineSession, running: RunningEngine) => Promise<T>,
): Promise<T> {
  const runtime = createProcessRuntime(() => join(folder, "state"));
  const { signal } = new AbortController();
  const running = await runtime.start(vllm.plan(suite), { signal, onLogLine: () => {} });
  try {
    return await work(await vllm.open(running, suite), running);
  } finally {
    await running.stop();
  }
}

const essay = { kind: "text", text: "The history of the lighthouse begins" } as const;
const chat = {
  kind: "messages",
  messages: [
    { role: "system", content: "You answer in one word." },
    { role: "user", content: "What is the capital of France?" },
  ],
} as const;
const ask = (
  session: EngineSession,
  params: Partial<SamplingParams>,
  prompt: Parameters<typeof requestOf>[1] = { prompt: essay },
) => session.complete(requestOf(samplingOf(params), prompt), () => "continue");
const drawn = { temperature: 0.8, top_p: 0.95, seed: 42, max_tokens: 512, ignore_eos: true };
const likeliest = { ...drawn, temperature: 0 };
const bits = ({ tokenIds, logprobs, margins }: Completion) =>
  [tokenIds, logprobs, margins].map((array) => (array === null ? "" : Buffer.from(array.buffer).toString("base64")));

describe("one launch of SmolLM2", () => {
  let first: { readonly drawn: Completion; readonly likeliest: Completion };

  test("answers, stops, counts and refuses as it was told", async () => {
    await launched(suiteWith({}), async (session) => {
      first = { drawn: await ask(session, drawn), likeliest: await ask(session, likeliest) };
      expect([first.drawn.tokenIds?.length, first.likeliest.tokenIds?.length]).toEqual([512, 512]);
      expect(first.drawn.text).not.toBe(first.likeliest.text);
      expect(first.likeliest.text).toMatch(/\w+ \w+ \w+/);
      // The likeliest token is never less likely than the runner-up; two of bfloat16 can be the same.
      expect(first.likeliest.margins?.every((margin) => margin >= 0)).toBe(true);
      expect(first.drawn.margins?.some((margin) => margin < 0)).toBe(true);

      const answer = await ask(session, { temperature: 0, max_tokens: 16 }, { prompt: chat });
      expect(answer.text).toContain("Paris");
      expect(answer.finishReason).toBe("stop");
      expect([...(answer.promptTokenIds ?? [])]).toEqual(chatIds(real, chat.messages));

      const word = first.likeliest.text.trim().split(" ")[5] ?? "";
      const cut = await ask(session, { ...likeliest, stop: [word] });
      expect(cut.finishReason).toBe("stop");
      expect(cut.text).toBe(first.likeliest.text.slice(0, first.likeliest.text.indexOf(word)));

      const part = await session.complete(requestOf(samplingOf(likeliest), { prompt: essay }), ({ index }) =>
        index === 20 ? "stop" : "continue",
      );
      expect([...(part.tokenIds ?? [])]).toEqual([...(first.likeliest.tokenIds ?? [])].slice(0, 21));

      const [tooHot] = await problemsOf(() => ask(session, { temperature: 3 }));
      expect([tooHot?.code, tooHot?.found]).toEqual(["engines/program-failed", expect.stringContaining("temperature")]);
      const endless = { kind: "tokens", tokenIds: Array.from({ length: 1100 }, () => 28) } as const;
      const [tooLong] = await problemsOf(() => ask(session, { max_tokens: 4 }, { prompt: endless }));
      expect([tooLong?.code, tooLong?.help[0]]).toEqual([
        "engines/program-failed",
        "Shorten the prompt or max_tokens, or raise max_model_len in engine.args.",
      ]);
      const nearlyFull = { kind: "tokens", tokenIds: endless.tokenIds.slice(0, 1010) } as const;
      const [full] = await problemsOf(() => ask(session, { ...likeliest, max_tokens: 64 }, { prompt: nearlyFull }));
      expect(full?.found).toMatch(
        /^ValueError: the context of 1024 tokens \(max_model_len\) was full after \d+ tokens, before max_tokens 64$/,
      );
      // vLLM would take it and its engine would not survive it.
      const foreign = { kind: "tokens", tokenIds: [28, 60_000] } as const;
      const [unknown] = await problemsOf(() => ask(session, { max_tokens: 4 }, { prompt: foreign }));
      expect(unknown?.found).toContain("the prompt has token 60000, and the model has 49152 rows");
      const again = await ask(session, { ...likeliest, max_tokens: 32 });
      expect([...(again.tokenIds ?? [])]).toEqual([...(first.likeliest.tokenIds ?? [])].slice(0, 32));
    });
  });

  test("and another one: every id, log-probability and margin is the same, bit for bit", async () => {
    await launched(suiteWith({}), async (session) => {
      // In the other order, with nothing before: no request depends on another.
      expect(bits(await ask(session, likeliest))).toEqual(bits(first.likeliest));
      expect(bits(await ask(session, drawn))).toEqual(bits(first.drawn));
    });
  });
});

describe("before a model is loaded,", () => {
  const refusal = async (suite: Suite) => (await problemsOf(() => launched(suite, async () => {})))[0];

  test("a sampling field that vLLM does not have is refused with the nearest one that it has", async () => {
    const cases = [caseOf(samplingOf({}, { bad_wrods: ["x"] }))];
    expect(await refusal(suiteWith({}, { cases }))).toMatchObject({
      code: "engines/sampling-not-taken",
      verdict: "usage",
      found: "no such field in vLLM 0.32.0",
      help: [expect.stringContaining("bad_words"), expect.any(String)],
    });
  });

  test("what vLLM raises at its start is told with its last line", async () => {
    expect(await refusal(suiteWith({ max_model_len: 100_000 }))).toMatchObject({
      code: "engines/start-failed",
      verdict: "error",
      found: expect.stringMatching(/max_model_len \(100000\) is greater than the derived max_model_len/),
    });
  });

  test("a compilation that was asked for and is not in force is named", async () => {
    const determinism = { ...defaultDeterminism, compile: true };
    const args = { compilation_config: { mode: 0, cudagraph_mode: "NONE" } };
    expect(await refusal(suiteWith(args, { determinism }))).toMatchObject({
      code: "engines/setting-not-in-force",
      title: 'Engine vllm runs with another "compile" than the suite asks for.',
    });
  });

  afterAll(() => expect(markedProcesses(folder)).toEqual([]));
});

/** The chat as text by the template and then as ids, which is not the way the driver takes. */
function chatIds({ python, smollm2 }: RealVllm, messages: readonly object[]): number[] {
  const code = `
import json, sys
from transformers import AutoTokenizer
tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
text = tokenizer.apply_chat_template(json.loads(sys.argv[2]), add_generation_prompt=True, tokenize=False)
print(json.dumps(tokenizer(text, add_special_tokens=False)["input_ids"]))`;
  const out = execFileSync(python, ["-c", code, smollm2, JSON.stringify(messages)], { encoding: "utf8" });
  return JSON.parse(out.trimEnd().split("\n").at(-1) ?? "[]");
}
