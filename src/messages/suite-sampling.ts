/** What can be wrong with the sampling of a suite and of its cases. */
import type { SourceLocation } from "../model/problem.ts";
import { message } from "./message.ts";
import { quoted } from "./quoted.ts";

const at: SourceLocation = { file: "inference-gate/suite.yml", line: 14, column: 5 };

export const samplingMissing = message<{ location: SourceLocation; field: string; ids: readonly string[] }>(
  {
    code: "suite/sampling-missing",
    verdict: "usage",
    explanation:
      "`seed` and `max_tokens` have no neutral value: left out, a server chooses, and two runs need not choose alike. They must be given " +
      "at the top of the suite or at each case.",
    example: { location: at, field: "seed", ids: ["intro", "essay"] },
  },
  ({ location, field, ids }) => ({
    title: `sampling.${field} is missing.`,
    location,
    found: `no ${field} for ${ids.length === 1 ? "case" : `${ids.length} cases:`} ${ids.slice(0, 5).map(quoted).join(", ")}${
      ids.length > 5 ? ", …" : ""
    }`,
    expected: `sampling.${field} at the top of the suite or at each case`,
    help: [field === "seed" ? "Add it: sampling: { seed: 42 }" : "Add it: sampling: { max_tokens: 512 }"],
  }),
);

export const samplingUnsupported = message<{
  location: SourceLocation;
  path: string;
  engine: string;
  supported: readonly string[];
}>(
  {
    code: "suite/sampling-unsupported",
    verdict: "usage",
    explanation:
      "The engine cannot honour this sampling field. It would be ignored, the outputs would not be what the suite says, and so it is refused.",
    example: { location: at, path: "sampling.min_p", engine: "openai", supported: ["temperature", "top_p", "seed"] },
  },
  ({ location, path, engine, supported }) => ({
    title: `Engine ${engine} cannot honour ${path}.`,
    location,
    found: path,
    expected: supported.length === 0 ? "no sampling field" : `one of ${supported.join(", ")}`,
    help: [`Remove ${path}, or choose an engine that honours it.`],
  }),
);

export const samplingUnknown = message<{
  location: SourceLocation;
  path: string;
  engine: string | null;
  nearest: string | null;
  supported: readonly string[];
}>(
  {
    code: "suite/sampling-unknown",
    verdict: "usage",
    explanation:
      "This is neither one of vLLM's sampling names nor a field of the engine's own that may be given. It would be ignored, so it is refused.",
    example: {
      location: at,
      path: "sampling.max_new_tokens",
      engine: "openai",
      nearest: "max_tokens",
      supported: ["temperature", "top_p", "seed", "max_tokens"],
    },
  },
  ({ location, path, engine, nearest, supported }) => ({
    title: `${path} is no sampling field${engine === null ? "" : ` of engine ${engine}`}.`,
    location,
    found: path,
    expected: supported.length === 0 ? "no sampling field" : `one of ${supported.join(", ")}`,
    help: [nearest === null ? `Remove ${path}.` : `Did you mean ${nearest}?`],
  }),
);

export const minTokensAboveMax = message<{
  location: SourceLocation;
  minTokens: number;
  maxTokens: number;
  caseId: string;
}>(
  {
    code: "suite/min-tokens-above-max",
    verdict: "usage",
    explanation: "No output can have at least `min_tokens` and at most `max_tokens` tokens when the first is greater.",
    example: { location: at, minTokens: 512, maxTokens: 256, caseId: "intro" },
  },
  ({ location, minTokens, maxTokens, caseId }) => ({
    title: `sampling.min_tokens is greater than sampling.max_tokens in case ${quoted(caseId)}.`,
    location,
    found: `min_tokens ${minTokens}, max_tokens ${maxTokens}`,
    expected: "min_tokens of at most max_tokens",
    help: ["Lower min_tokens or raise max_tokens."],
  }),
);

export const suiteSamplingMessages = [samplingMissing, samplingUnsupported, samplingUnknown, minTokensAboveMax];
