/** Every engine by its name in the suite; a name without an engine does not compile. */
import type { EngineName } from "../model/suite.ts";
import { command } from "./command/command.ts";
import type { Engine } from "./engine.ts";
import { llamaCpp } from "./llama-cpp/llama-cpp.ts";
import { openAi } from "./openai/openai.ts";
import { scripted } from "./scripted/scripted.ts";
import { sglang } from "./sglang/sglang.ts";
import { tgi } from "./tgi/tgi.ts";
import { transformers } from "./transformers/transformers.ts";
import { vllm } from "./vllm/vllm.ts";
import { vllmServer } from "./vllm-server/vllm-server.ts";

export const engines = {
  vllm,
  "vllm-server": vllmServer,
  sglang,
  transformers,
  tgi,
  "llama-cpp": llamaCpp,
  openai: openAi,
  scripted,
  command,
} satisfies Record<EngineName, Engine>;
