"""The least that a script does with the same LLM, the same prompts and the same sampling: generates each in turn and prints what it took.

    python bare_vllm.py <JSON: model, args, sampling, prompts>

Wall time and the processor time of this whole process, all threads, user and system, in milliseconds.
"""

import json
import sys
import time

asked = json.loads(sys.argv[1])


def now():
    return time.perf_counter(), time.process_time()


def since(start):
    wall, cpu = now()
    return {"ms": (wall - start[0]) * 1000, "cpuMs": (cpu - start[1]) * 1000}


began = (time.perf_counter(), 0.0)
import torch  # noqa: E402

torch.set_num_threads(1)
steps = {"torch": since(began)}
start = now()
from vllm import LLM, SamplingParams  # noqa: E402

steps["import"] = since(start)
start = now()
llm = LLM(model=asked["model"], **asked["args"])
steps["llm"] = since(start)
# The first request of a launch is slower; the gate, too, throws its first one away.
start = now()
llm.generate([asked["prompts"][0]], SamplingParams(**{**asked["sampling"], "max_tokens": 16}), use_tqdm=False)
steps["warm-up"] = since(start)
cases = []
for prompt in asked["prompts"]:
    start = now()
    params = SamplingParams(**asked["sampling"])
    [output] = llm.generate([prompt], params, use_tqdm=False)
    cases.append({**since(start), "ids": list(output.outputs[0].token_ids)})
steps["whole"] = since(began)
sys.stderr.flush()
print("\n" + json.dumps({"steps": steps, "cases": cases}))
