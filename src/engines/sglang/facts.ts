/** What SGLang's server says of itself, as facts. */
import type { EngineFacts } from "../../model/request.ts";
import type { Suite } from "../../model/suite.ts";
import { optionFacts } from "../option-facts.ts";
import { type ServerInfo, settingOf } from "./replies.ts";

/** Arguments that shape outputs, as the server resolved them; what depends on free memory or on the launch is left out. */
const resolved = [
  "attention_backend",
  "chunked_prefill_size",
  "context_length",
  "decode_attention_backend",
  "disable_cuda_graph",
  "disable_overlap_schedule",
  "disable_radix_cache",
  "dp_size",
  "dtype",
  "enable_deterministic_inference",
  "enable_torch_compile",
  "ep_size",
  "grammar_backend",
  "kv_cache_dtype",
  "load_format",
  "max_running_requests",
  "moe_runner_backend",
  "page_size",
  "pp_size",
  "prefill_attention_backend",
  "quantization",
  "random_seed",
  "sampling_backend",
  "sampling_defaults",
  "schedule_policy",
  "speculative_algorithm",
  "tp_size",
];

/** Options of the suite under `engine.flag.`, what is in force under `engine.config.`. */
export function serverFacts(
  suite: Suite,
  { info, model, context }: { info: ServerInfo; model: string; context: number | null },
): EngineFacts {
  const source = "GET /server_info";
  const settings = resolved.flatMap((name) => {
    const value = settingOf(info[name]);
    return value === undefined ? [] : [{ key: `engine.config.${name.replaceAll("_", "-")}`, value, source }];
  });
  return [
    ...optionFacts(suite),
    { key: "engine.name", value: "SGLang", source },
    { key: "engine.version", value: info.version, source },
    { key: "model.name", value: model, source: "GET /v1/models" },
    ...(context === null ? [] : [{ key: "engine.context", value: context, source: "GET /v1/models" }]),
    ...settings,
  ];
}
