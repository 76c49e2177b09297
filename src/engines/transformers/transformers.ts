/** Engine `transformers`: a causal language model of Hugging Face transformers with our driver (drivers/inference_gate/transformers_offline.py). */
import { driverPlan } from "../drivers/driver-plan.ts";
import type { Engine } from "../engine.ts";
import { everySamplingField } from "../every-sampling-field.ts";
import { openJsonLines } from "../protocols/json-lines-session.ts";

export const transformers: Engine = {
  name: "transformers",
  sampling: { fields: everySamplingField, extra: [], tokenIds: true },
  plan: (suite) =>
    driverPlan(suite, [
      'Name the interpreter that has transformers and torch: engine: { command: ["venv/bin/python"] }; without it, python3 on PATH is taken.',
      "engine.args are the arguments of AutoModelForCausalLM.from_pretrained, by its own names, and `device`.",
    ]),
  open: openJsonLines,
};
