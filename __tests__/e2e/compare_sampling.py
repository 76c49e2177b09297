"""Holds the sampling of our transformers driver against vLLM's own functions on random logits; prints the number of cases and every difference.

    python compare_sampling.py <folder drivers/inference_gate>
"""

import importlib.util
import json
import os
import random
import sys

sys.dont_write_bytecode = True
here = sys.argv[1]
spec = importlib.util.spec_from_file_location("sampling_loop", os.path.join(here, "sampling_loop.py"))
sampling_loop = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sampling_loop)

import torch  # noqa: E402
from vllm.model_executor.layers.utils import apply_penalties  # noqa: E402
from vllm.v1.sample.ops.topk_topp_sampler import apply_top_k_top_p_pytorch, random_sample  # noqa: E402

VOCABULARY = 500
chance = random.Random(5)
torch.manual_seed(5)


def of_vllm(logits, sampling, prompt, output):
    """As vllm/v1/sample/sampler.py puts them together for one sequence; min_p as its MinPLogitsProcessor does."""
    row = apply_penalties(
        logits.clone().unsqueeze(0),
        torch.tensor([prompt]),
        torch.tensor([output]),
        torch.tensor([sampling["presence_penalty"]]),
        torch.tensor([sampling["frequency_penalty"]]),
        torch.tensor([sampling["repetition_penalty"]]),
    )
    if sampling["temperature"] == 0:
        return int(row.argmax())
    row = row / sampling["temperature"]
    if sampling["min_p"] > 0:
        weights = torch.softmax(row, dim=-1)
        row = row.masked_fill(weights < weights.amax() * sampling["min_p"], float("-inf"))
    k = torch.tensor([sampling["top_k"] or VOCABULARY])
    row = apply_top_k_top_p_pytorch(row, k, torch.tensor([sampling["top_p"]]))
    generator = torch.Generator().manual_seed(sampling["seed"])
    return int(random_sample(row.softmax(dim=-1, dtype=torch.float32), {0: generator})[0])


differences = []
cases = 400
for number in range(cases):
    logits = torch.randn(VOCABULARY) * chance.choice([1, 4])
    prompt = [chance.randrange(VOCABULARY) for _ in range(20)]
    output = [chance.randrange(VOCABULARY) for _ in range(10)]
    sampling = {
        "temperature": chance.choice([0, 0.3, 0.8, 1.7]),
        "top_p": chance.choice([1.0, 0.9, 0.2]),
        "top_k": chance.choice([0, 1, 7, 100]),
        "min_p": chance.choice([0, 0.05, 0.5]),
        "presence_penalty": chance.choice([0.0, 1.5, -0.5]),
        "frequency_penalty": chance.choice([0.0, 0.7, -0.3]),
        "repetition_penalty": chance.choice([1.0, 1.3, 0.8]),
        "min_tokens": 0,
        "seed": number,
    }
    sampler = sampling_loop.Sampler(torch, sampling, prompt, [], VOCABULARY, "cpu")
    for token in output:
        sampler._counts[token] += 1
    token, _, _ = sampler.draw(logits)
    expected = of_vllm(logits, sampling, prompt, output)
    if token != expected:
        differences.append({"sampling": sampling, "token": token, "vllm": expected})

print("\n" + json.dumps({"cases": cases, "differences": differences}))
