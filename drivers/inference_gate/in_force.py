"""What of the determinism settings is really in force: read from Python, torch and the engine, never repeated from what was asked."""

import os
import sys

from .refusal import Refused

# Where each setting was read, for the message when one did not take.
_SOURCES = {
    "seed": "torch.initial_seed()",
    "hash_seed": "PYTHONHASHSEED and sys.flags",
    "deterministic_algorithms": "torch.are_deterministic_algorithms_enabled()",
    "fill_uninitialized_memory": "torch.utils.deterministic",
    "cublas_workspace": "CUBLAS_WORKSPACE_CONFIG",
    "cudnn_deterministic": "torch.backends.cudnn.deterministic",
    "cudnn_benchmark": "torch.backends.cudnn.benchmark",
    "tf32": "torch.backends and torch.get_float32_matmul_precision()",
    "compile": "torch._dynamo.config.disable",
    "autotune": "torch._inductor.config.max_autotune",
    "threads": "torch.get_num_threads()",
    "interop_threads": "torch.get_num_interop_threads()",
}


def measured(torch):
    """Settings that Python and torch tell, by their names in `determinism:`."""
    return {
        "hash_seed": _hash_seed(),
        "cublas_workspace": os.environ.get("CUBLAS_WORKSPACE_CONFIG", "default"),
        "compile": _compiles(),
        "autotune": _autotunes(),
        **quickly(torch),
    }


def quickly(torch):
    """The part that is read anew after every answer: it costs microseconds."""
    return {
        "seed": torch.initial_seed(),
        "deterministic_algorithms": _algorithms(torch),
        "fill_uninitialized_memory": torch.utils.deterministic.fill_uninitialized_memory,
        "cudnn_deterministic": torch.backends.cudnn.deterministic,
        "cudnn_benchmark": torch.backends.cudnn.benchmark,
        "tf32": _tf32(torch),
        "threads": torch.get_num_threads(),
        "interop_threads": torch.get_num_interop_threads(),
    }


def check(asked, found, where="", source=None):
    """
    Raises Refused for the first setting that is not in force as it was asked for; one that was not read is not held against anybody.
    `source` is for what was read from neither Python nor torch.
    """
    for name, value in found.items():
        if asked[name] != value:
            read_from = f"{source or _SOURCES[name]}{where}"
            raise Refused("setting-not-in-force", name, f"{_word(value)}, read from {read_from}", _word(asked[name]))


def facts(found):
    """`engine.determinism.<name>` with the value that is in force."""
    return {f"engine.determinism.{name}": value for name, value in sorted(found.items())}


def _hash_seed():
    # -R and -E, and an interpreter that was started without the variable, leave hashes random.
    text = os.environ.get("PYTHONHASHSEED", "random")
    if sys.flags.ignore_environment or not text.isdigit():
        return "random"
    seed = int(text)
    return seed if sys.flags.hash_randomization == (0 if seed == 0 else 1) else "random"


def _algorithms(torch):
    if not torch.are_deterministic_algorithms_enabled():
        return "off"
    return "warn" if torch.is_deterministic_algorithms_warn_only_enabled() else "strict"


def _tf32(torch):
    return bool(torch.backends.cudnn.allow_tf32 or torch.get_float32_matmul_precision() != "highest")


def _compiles():
    dynamo = sys.modules.get("torch._dynamo.config")
    if dynamo is not None:
        return not dynamo.disable
    # Nothing has imported the compiler yet; when something does, it reads this.
    return os.environ.get("TORCHDYNAMO_DISABLE", "0") != "1"


def _autotunes():
    inductor = sys.modules.get("torch._inductor.config")
    if inductor is not None:
        return bool(inductor.max_autotune or inductor.max_autotune_gemm)
    return os.environ.get("TORCHINDUCTOR_MAX_AUTOTUNE", "0") == "1"


def _word(value):
    return str(value).lower() if isinstance(value, bool) else str(value)
