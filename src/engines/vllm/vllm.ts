/** Engine `vllm`: vLLM offline, inside one process with our driver (drivers/inference_gate/vllm_offline.py). */
import { driverPlan } from "../drivers/driver-plan.ts";
import type { Engine } from "../engine.ts";
import { everySamplingField } from "../every-sampling-field.ts";
import { openJsonLines } from "../protocols/json-lines-session.ts";

export const vllm: Engine = {
  name: "vllm",
  // Any further field of the installed version's SamplingParams may be given by its name.
  sampling: { fields: everySamplingField, extra: "asked", tokenIds: true },
  plan: (suite) =>
    driverPlan(suite, [
      'Name the interpreter that has vLLM: engine: { command: ["venv/bin/python"] }; without it, python3 on PATH is taken.',
      "engine.args are the arguments of vLLM's LLM class, by its own names.",
    ]),
  open: openJsonLines,
};
