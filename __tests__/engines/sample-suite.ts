/** A suite and requests for engine tests. */
import { type Case, type CaseId, type Prompt, parseCaseId } from "../../src/model/case.ts";
import type { RunningEngine } from "../../src/model/launch-plan.ts";
import type { CompletionRequest } from "../../src/model/request.ts";
import { type CaseSampling, neutralSampling, type SamplingParams } from "../../src/model/sampling-params.ts";
import type { EngineSpec, Suite } from "../../src/model/suite.ts";

export const source = { file: "suite.yml", line: 3, column: 3 };

export function caseIdOf(text: string): CaseId {
  const id = parseCaseId(text);
  if (id === null) throw new Error(`${text} is no case id`);
  return id;
}

export function samplingOf(params: Partial<SamplingParams> = {}, extra: CaseSampling["extra"] = {}): CaseSampling {
  return { params: { ...neutralSampling, seed: 7, max_tokens: 16, ...params }, given: ["seed", "max_tokens"], extra };
}

export const textPrompt: Prompt = { kind: "text", text: "Tell me of the sea, é and 🎉." };

export function caseOf(sampling = samplingOf(), prompt = textPrompt, tier: "tokens" | "text" = "tokens"): Case {
  return {
    id: caseIdOf("sea"),
    prompt,
    sampling,
    compare: { tier, maxLogprobDelta: 0, nearTie: 0 },
    source: { file: "suite.yml", line: 20, column: 5 },
  };
}

export function requestOf(
  sampling = samplingOf(),
  more: Partial<Pick<CompletionRequest, "prompt" | "needsTokenIds" | "signal">> = {},
): CompletionRequest {
  const signal = new AbortController().signal;
  return { caseId: caseIdOf("sea"), prompt: textPrompt, sampling, needsTokenIds: true, signal, ...more };
}

export function suiteOf(engine: Partial<EngineSpec> & Pick<EngineSpec, "name">, more: Partial<Suite> = {}): Suite {
  return {
    name: "sample",
    path: "/suites/suite.yml",
    folder: "/suites",
    runtime: "process",
    container: null,
    engine: { command: null, args: {}, env: {}, url: null, source, ...engine },
    model: { name: "tiny", revision: null, path: "/models/tiny.gguf", source },
    determinism: null,
    dependencies: {},
    compare: { tier: "tokens", maxLogprobDelta: 0, nearTie: 0 },
    record: { launches: 2, repeats: 2 },
    timeouts: { startupMs: 20_000, caseMs: 20_000, stallMs: 20_000, stopMs: 2000 },
    driverPolicy: "strict",
    busyGpu: "refuse",
    redact: false,
    cases: [],
    ...more,
  };
}

/** A server of the test as a running engine, and the way to say that its process has ended. */
export function runningAt(baseUrl: string): RunningEngine & { die(code: number): void } {
  let die: (code: number) => void = () => {};
  const exited = new Promise<{ code: number; signal: null }>((resolve) => {
    die = (code) => resolve({ code, signal: null });
  });
  return {
    endpoint: { kind: "http", baseUrl },
    facts: [],
    logTail: () => ["the last line of the log"],
    logFile: () => "/state/logs/1.log",
    exited,
    stop: async () => {},
    die,
  };
}
