/** What to do about a failure of an engine whose own words do not say it, by those words. */

const known: readonly (readonly [RegExp, string])[] = [
  [
    /CUDA out of memory|OutOfMemoryError|DefaultCPUAllocator|[Cc]annot allocate memory|MemoryError/,
    "Not enough memory: a smaller max_model_len, fewer other programs on the device, or a smaller model.",
  ],
  [
    /No available memory for the cache blocks|KV cache is needed|larger than the (?:available )?KV cache/,
    "The key-value cache does not fit: raise gpu_memory_utilization, or lower max_model_len.",
  ],
  [
    /outgoing traffic has been disabled|offline mode|LocalEntryNotFoundError|couldn't connect to/,
    "The model is not in the local cache, and nothing is downloaded during a replay: fetch it before.",
  ],
  [
    /NVIDIA driver|CUDA driver version is insufficient|no CUDA-capable device|Found no NVIDIA/,
    "No usable GPU is seen here: look at nvidia-smi, and at the GPU options of the container.",
  ],
  [
    /maximum (?:context|model) length|longer than the maximum|more than the model|\(max_model_len\) was full|cannot be greater than max_model_len/,
    "Shorten the prompt or max_tokens, or raise max_model_len in engine.args.",
  ],
  [/greater than the derived max_model_len/, "Lower max_model_len in engine.args to what the model was made for."],
  [
    /InvalidCxxCompiler|No working C\+\+ compiler/,
    "torch.compile needs a C++ compiler here: install g++, or leave determinism.compile false.",
  ],
  [/trust_remote_code/, "The model brings code of its own: set trust_remote_code in engine.args if you trust it."],
  [
    /Unable to find interface for: \[127\.0\.0\.1\]/,
    "vLLM's processes meet on the loopback interface, which is down here: ip link set lo up. No other interface is needed.",
  ],
  [
    /Cannot find any model weights|Error no file named .*\bfound in directory/,
    "The model's folder has no weights: fetch or copy the whole model.",
  ],
];

/** One line of help for each kind of failure that the texts tell of; empty when nothing is known. */
export const failureAdvice = (texts: readonly string[]): readonly string[] =>
  known.flatMap(([sign, advice]) => (texts.some((text) => sign.test(text)) ? [advice] : []));
