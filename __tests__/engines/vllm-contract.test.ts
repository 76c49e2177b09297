/** The driver of engine `vllm` under the contract of all engines, with a stand-in for vLLM; the real one is in __tests__/e2e/. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { vllm } from "../../src/engines/vllm/vllm.ts";
import type { EngineSpec, Suite } from "../../src/model/suite.ts";
import { createProcessRuntime } from "../../src/runtimes/process-runtime.ts";
import { defaultDeterminism } from "../../src/suite/determinism-schema.ts";
import { type Behaviour, describeEngine, problemsOf, type StartedEngine } from "../contracts/engine-contract.ts";
import { caseOf, requestOf, samplingOf, source, suiteOf } from "./sample-suite.ts";

const standIns = resolve("__tests__", "fixtures", "python");
const folder = mkdtempSync(join(tmpdir(), "vllm-contract-"));
const model = { name: "tiny", revision: null, path: folder, source };
writeFileSync(join(folder, "config.json"), "{}");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function suiteWith(fault: string, more: Partial<EngineSpec> = {}, parts: Partial<Suite> = {}): Suite {
  const { env = {}, ...engine } = more;
  return suiteOf(
    { name: "vllm", env: { PYTHONPATH: standIns, FAKE_VLLM: fault, ...env }, ...engine },
    { folder, model, determinism: defaultDeterminism, ...parts },
  );
}

async function start(suite: Suite): Promise<StartedEngine> {
  const runtime = createProcessRuntime(() => join(folder, "state"));
  const running = await runtime.start(vllm.plan(suite), {
    signal: new AbortController().signal,
    onLogLine: () => {},
  });
  return { suite, running, trace: ({ tokenIds }) => `${tokenIds?.join()}`, stop: () => running.stop() };
}

const faults: { readonly [Name in Behaviour]: string } = {
  honest: "",
  "one byte at a time": "",
  error: "generating",
  silent: "silent",
  "half a message": "",
  "dies at token 7": "dies",
  "without ids": "",
  "another model": "caching",
  empty: "",
};

describeEngine("vllm", {
  engine: () => vllm,
  start: (behaviour) => start(suiteWith(faults[behaviour])),
  codes: {
    error: "engines/program-failed",
    silent: "replay/stalled",
    "half a message": null,
    "dies at token 7": "engines/died",
    "without ids": null,
    "another model": null,
    empty: null,
  },
});

async function opened<T>(suite: Suite, work: (engine: StartedEngine) => Promise<T>): Promise<T> {
  const engine = await start(suite);
  try {
    return await work(engine);
  } finally {
    await engine.stop();
  }
}

const refusal = (suite: Suite) =>
  problemsOf(() => opened(suite, ({ running }) => vllm.open(running, suite))).then((problems) =>
    problems.map(({ code, verdict, title, found, expected, help }) => [code, verdict, title, found, expected, help[0]]),
  );

describe("before anything is generated, the driver refuses", () => {
  const withField = (name: string) => suiteWith("", {}, { cases: [caseOf(samplingOf({}, { [name]: 1 }))] });

  test("a sampling field that the installed version does not have, with the nearest name", async () => {
    expect(await refusal(withField("bad_word"))).toEqual([
      [
        "engines/sampling-not-taken",
        "usage",
        'The installed vllm has no sampling field "bad_word".',
        "no such field in vLLM 0.32.0",
        "bad_words?",
        "Did you mean bad_words?",
      ],
    ]);
  });

  test("a field that the driver needs itself", async () => {
    const [problem] = await refusal(withField("detokenize"));
    expect(problem?.slice(0, 3)).toEqual([
      "engines/sampling-owned",
      "usage",
      'sampling must not set "detokenize": the text is needed.',
    ]);
  });

  test("an argument that LLM does not take", async () => {
    const [problem] = await refusal(suiteWith("", { args: { max_num_seq: 1 } }));
    expect(problem).toEqual([
      "engines/argument-not-taken",
      "usage",
      'engine.args has an argument that the installed vllm does not take: "max_num_seq".',
      "no such argument in vLLM 0.32.0",
      "max_num_seqs?",
      "Did you mean max_num_seqs?",
    ]);
  });

  test.each([
    [
      "a setting that torch does not have in the end",
      "threads",
      {},
      "threads",
      "2, read from torch.get_num_threads()",
      "1",
    ],
    [
      "a setting that one of several workers does not have",
      "worker",
      {},
      "tf32",
      "true, read from torch.backends and torch.get_float32_matmul_precision() in worker 1",
      "false",
    ],
    [
      "an argument that vLLM resolved to something else",
      "caching",
      { enable_prefix_caching: false },
      "engine.args.enable_prefix_caching",
      "True, vLLM's resolved configuration",
      "False",
    ],
  ])("%s", async (_, fault, args, subject, found, expected) => {
    expect(await refusal(suiteWith(fault, { args }))).toMatchObject([
      [
        "engines/setting-not-in-force",
        "error",
        `Engine vllm runs with another ${JSON.stringify(subject)} than the suite asks for.`,
        found,
        expected,
        expect.stringContaining("overrules"),
      ],
    ]);
  });

  test.each([
    ["apart", "multiprocessing"],
    ["invariant", "batch_invariant"],
    ["compiled", "compile"],
    ["graphs", "compile"],
    ["flashinfer", "autotune"],
    ["triton", "autotune"],
  ])("a setting of vLLM's own that did not take: %s", async (fault, setting) => {
    const [problem] = await refusal(suiteWith(fault));
    expect(problem?.slice(0, 5)).toEqual([
      "engines/setting-not-in-force",
      "error",
      `Engine vllm runs with another "${setting}" than the suite asks for.`,
      "true, read from vLLM's resolved configuration",
      "false",
    ]);
  });

  test.each([
    [
      "import",
      "engines/import-failed",
      "ImportError: libcudart.so.13: cannot open shared object file",
      "The library libcudart.so.13 is missing where the engine runs",
    ],
    [
      "start",
      "engines/start-failed",
      "ValueError: The model's max seq len (9000) is larger",
      "raise gpu_memory_utilization",
    ],
    ["tokenizer", "engines/tokenizer-mismatch", "a tokenizer of 900 tokens", "model's own repository"],
  ])("a fault: %s", async (fault, code, found, help) => {
    const [problem] = await refusal(suiteWith(fault));
    expect([problem?.[0], problem?.[1]]).toEqual([code, "error"]);
    expect(problem?.[3]).toContain(found);
    expect(problem?.[5]).toContain(help);
  });

  test.each([
    ["no collective_rpc", "vLLM 0.32.0, whose LLM has no collective_rpc"],
    ["engine V0", "vLLM 0.32.0, which runs this with its engine V0"],
  ])("a vLLM that is too old to be measured: %s", async (fault, found) => {
    const [problem] = await refusal(suiteWith(fault));
    expect(problem?.slice(0, 4)).toEqual([
      "engines/version-too-old",
      "error",
      "The installed vllm is too old for this gate.",
      found,
    ]);
  });

  test.each([
    ["a sampling field", {}, { bad_words: ["x"] }, "engines/sampling-not-taken", "bad_words"],
    ["an argument", { logprobs_mode: "raw_logprobs" }, {}, "engines/argument-not-taken", "logprobs_mode"],
  ])("%s that a vLLM is too old for", async (_, args, extra, code, name) => {
    const suite = suiteWith("older", { args }, { cases: [caseOf(samplingOf({}, extra))] });
    const [problem] = await refusal(suite);
    expect([problem?.[0], problem?.[1]]).toEqual([code, "usage"]);
    expect(problem?.[2]).toContain(`"${name}"`);
  });

  test("a Python without the module", async () => {
    const suite = suiteWith("", { env: { PYTHONPATH: folder } });
    const [problem] = await refusal(suite);
    expect(problem?.slice(0, 3)).toEqual([
      "engines/module-missing",
      "error",
      'The Python of engine vllm has no module "vllm".',
    ]);
    expect(problem?.[5]).toContain("Name the interpreter that has it");
  });
});

describe("while it answers", () => {
  const ask = (fault: string, more: Parameters<typeof requestOf>[1] = {}) => {
    const suite = suiteWith(fault);
    return opened(suite, async ({ running }) => {
      const session = await vllm.open(running, suite);
      const asked = () => session.complete(requestOf(samplingOf(), more), () => "continue");
      const first = await problemsOf(asked);
      return [...first, ...(await problemsOf(asked))];
    });
  };

  test("an older version is asked for nothing that it does not have, and answers", async () => {
    expect(await ask("older")).toEqual([]);
  });

  test.each<[string, string, Parameters<typeof requestOf>[1]]>([
    ["token ids", "", { prompt: { kind: "tokens", tokenIds: [5, 300] } }],
    ["a text, by a token that was added to the tokenizer", "added token", {}],
  ])("a prompt that the model has no row for is not sent: %s", async (_, fault, more) => {
    const [problem] = await ask(fault, more);
    expect([problem?.code, problem?.found]).toEqual([
      "engines/program-failed",
      "ValueError: the prompt has token 300, and the model has 256 rows: is it another model's tokenizer?",
    ]);
  });

  test("an answer that ends because the context is full is no answer of max_tokens", async () => {
    const [problem] = await ask("full");
    expect(problem?.found).toBe(
      "ValueError: the context of 4096 tokens (max_model_len) was full after 5 tokens, before max_tokens 16",
    );
    expect(problem?.help[0]).toBe("Shorten the prompt or max_tokens, or raise max_model_len in engine.args.");
  });

  test("an engine that failed in one case is not asked for the next one, which it would never answer", async () => {
    const [first, second] = await ask("wedged");
    expect(first?.found).toBe("IndexError: index out of range in self");
    expect(second?.found).toBe(
      "RuntimeError: vLLM failed in an earlier case and is asked nothing more: IndexError: index out of range in self",
    );
    expect(first?.help.at(-1)).toMatch(/^The whole log of the engine: .*\.log$/);
  });

  test("what is printed before the driver has the word is not taken for its first line", async () => {
    const shell = `printf 'a banner\\n{"step": 1}\\nhalf a line'; exec python3 "$@"`;
    const suite = suiteWith("", { command: ["/bin/sh", "-c", shell, "sh"] });
    await opened(suite, async ({ running }) => {
      const session = await vllm.open(running, suite);
      expect((await session.complete(requestOf(), () => "continue")).tokenIds?.length).toBe(16);
    });
  });

  test("what the framework raises about one request fails that case, with the last line and what to do", async () => {
    const suite = suiteWith("too long");
    const [problem] = await problemsOf(() =>
      opened(suite, async ({ running }) => {
        const session = await vllm.open(running, suite);
        await session.complete(requestOf(), () => "continue");
      }),
    );
    expect(problem?.code).toBe("engines/program-failed");
    expect(problem?.title).toContain("ValueError: The decoder prompt (length 32) is longer than the maximum model");
    expect(problem?.help[0]).toContain("Shorten the prompt or max_tokens, or raise max_model_len");
    expect(problem?.evidence.join("\n")).toContain("Traceback (most recent call last)");
  });

  test("a value out of range fails its case, and the next one is answered", async () => {
    const suite = suiteWith("");
    await opened(suite, async ({ running }) => {
      const session = await vllm.open(running, suite);
      const [problem] = await problemsOf(() =>
        session.complete(requestOf(samplingOf({ temperature: 3 })), () => "continue"),
      );
      expect(problem?.title).toContain("temperature must be at most 2, got 3");
      expect((await session.complete(requestOf(), () => "continue")).tokenIds?.length).toBe(16);
    });
  });

  test("further fields of the installed version reach it by name", async () => {
    const suite = suiteWith("");
    await opened(suite, async ({ running }) => {
      const session = await vllm.open(running, suite);
      const ids = async (extra: { [name: string]: string[] }) =>
        (await session.complete(requestOf(samplingOf({}, extra)), () => "continue")).tokenIds;
      expect(await ids({ bad_words: ["sea"] })).not.toEqual(await ids({}));
    });
  });

  test("another chat template is another prompt", async () => {
    const promptIds = (args: EngineSpec["args"]) => {
      const suite = suiteWith("", { args });
      return opened(suite, async ({ running }) => {
        const session = await vllm.open(running, suite);
        const prompt = { kind: "messages", messages: [{ role: "user", content: "Hi" }] } as const;
        return (await session.complete(requestOf(samplingOf(), { prompt }), () => "continue")).promptTokenIds;
      });
    };
    // The stand-in's LLM takes any argument, its EngineArgs only those that it lists.
    expect([...((await promptIds({})) ?? [])].slice(0, 3)).toEqual([..."def"].map((one) => one.charCodeAt(0)));
  });
});

test("processed log-probabilities are told apart from raw ones", async () => {
  const suite = suiteWith("", { args: { logprobs_mode: "processed_logprobs" } });
  await opened(suite, async ({ running }) => {
    const facts = new Map((await (await vllm.open(running, suite)).describe()).map(({ key, value }) => [key, value]));
    expect(facts.get("engine.logprobs")).toBe("processed_logprobs");
  });
});

test("what is in force is told as facts, not what was asked for", async () => {
  const suite = suiteWith(
    "",
    {},
    { determinism: { ...defaultDeterminism, threads: 3, deterministic_algorithms: "strict" } },
  );
  await opened(suite, async ({ running }) => {
    const facts = new Map((await (await vllm.open(running, suite)).describe()).map(({ key, value }) => [key, value]));
    expect(facts.get("engine.threads")).toBe(3);
    expect(facts.get("engine.determinism.deterministic_algorithms")).toBe("strict");
    expect(facts.get("engine.determinism.multiprocessing")).toBe(false);
    expect(facts.get("engine.config.scheduler.max_num_seqs")).toBe(1);
    expect(facts.get("engine.config.cache.enable_prefix_caching")).toBe(false);
    expect(facts.get("engine.device")).toBe("cpu");
    expect(facts.get("engine.logprobs")).toBe("raw_logprobs");
  });
});
