"""The least that a script does with the same LLM, the same prompts and the same sampling: generates each in turn and prints how long it took.

    python bare_vllm.py <JSON: model, args, sampling, prompts>
"""

import json
import sys
import time

asked = json.loads(sys.argv[1])

import torch  # noqa: E402

torch.set_num_threads(1)

from vllm import LLM, SamplingParams  # noqa: E402

llm = LLM(model=asked["model"], **asked["args"])
params = SamplingParams(**asked["sampling"])
# The first request of a launch is slower; the gate, too, throws its first one away.
llm.generate([asked["prompts"][0]], SamplingParams(**{**asked["sampling"], "max_tokens": 16}), use_tqdm=False)
times = []
for prompt in asked["prompts"]:
    start = time.perf_counter()
    [output] = llm.generate([prompt], params, use_tqdm=False)
    times.append({"ms": (time.perf_counter() - start) * 1000, "ids": list(output.outputs[0].token_ids)})
sys.stderr.flush()
print("\n" + json.dumps(times))
