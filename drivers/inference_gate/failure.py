"""What of an exception a person needs first: its last line, and what to do where the engine or the kind of failure says it."""

import re

LONGEST = 600

# Text of a failure to what to do, for failures whose own words do not say it.
_KNOWN = (
    (r"CUDA out of memory|OutOfMemoryError|DefaultCPUAllocator|[Cc]annot allocate memory|MemoryError",
     "Not enough memory: a smaller max_model_len, fewer other programs on the device, or a smaller model."),
    (r"No available memory for the cache blocks|KV cache is needed|larger than the (?:available )?KV cache",
     "The key-value cache does not fit: raise gpu_memory_utilization, or lower max_model_len."),
    (r"outgoing traffic has been disabled|offline mode|LocalEntryNotFoundError|couldn't connect to",
     "The model is not in the local cache, and nothing is downloaded during a replay: fetch it before."),
    (r"NVIDIA driver|CUDA driver version is insufficient|no CUDA-capable device|Found no NVIDIA",
     "No usable GPU is seen here: look at nvidia-smi, and at the GPU options of the container."),
    (r"maximum (?:context|model) length|longer than the maximum|more than the model",
     "Shorten the prompt or max_tokens, or raise max_model_len in engine.args."),
    (r"InvalidCxxCompiler|No working C\+\+ compiler",
     "torch.compile needs a C++ compiler here: install g++, or leave determinism.compile false."),
    (r"trust_remote_code", "The model brings code of its own: set trust_remote_code in engine.args if you trust it."),
)


def _plain(text):
    return re.sub(r"\s+", " ", text).strip()


def root(error):
    """The exception that a chain began with, where a framework has wrapped it."""
    seen = set()
    while id(error) not in seen:
        seen.add(id(error))
        cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if cause is None or isinstance(cause, (KeyError, AttributeError, ImportError, StopIteration)):
            break
        error = cause
    return error


def last_line(error):
    """Such as `ValueError: the model has no tokenizer`, on one line."""
    text = _plain(str(error))
    name = type(error).__name__
    return (f"{name}: {text}" if text else name)[:LONGEST]


def hints_of(error):
    """What to do, the most telling first; empty when nothing is known of such a failure."""
    origin = root(error)
    text = f"{type(error).__name__}: {error}\n{type(origin).__name__}: {origin}"
    begun = [] if origin is error else [f"It began with {last_line(origin)}"]
    return begun + [advice for pattern, advice in _KNOWN if re.search(pattern, text)]
