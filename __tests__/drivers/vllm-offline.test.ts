import { resolve } from "node:path";
import { expect, test } from "@jest/globals";
import { pythonValue } from "./run-python.ts";

const fixtures = resolve("__tests__", "fixtures", "python");

test("an answer that is stopped costs no further step: the engine is told the name that it knows", () => {
  const told = pythonValue(
    `
import vllm
from inference_gate.vllm_offline import VllmEngine
from vllm.sampling_params import RequestOutputKind
class Asked:
    id, tokens = "1", 0
    def token(self, *told): self.tokens += 1
    def is_stopped(self): return self.tokens == 3
engine = vllm.LLM("model").llm_engine
steps = []
step = engine.step
engine.step = lambda: steps.append(1) or step()
engine.add_request("1", {"prompt_token_ids": [1, 2]}, vllm.SamplingParams(max_tokens=40, output_kind=RequestOutputKind.DELTA))
output = VllmEngine._steps(None, engine, Asked())
result = {"steps": len(steps), "reason": output["finish_reason"], "left": engine.has_unfinished_requests()}
`,
    { PYTHONPATH: fixtures },
  );
  expect(told).toEqual({ steps: 3, reason: "abort", left: false });
});
