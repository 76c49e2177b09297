"""
The determinism prelude: what is set inside the process before an engine is imported, from the suite's `determinism:`.

What has to be there before the interpreter starts (PYTHONHASHSEED, CUBLAS_WORKSPACE_CONFIG, thread counts and the switches that
frameworks read from the environment) is set by the launch plan; `in_force.py` reads back whether all of it took.
"""

import random

from .refusal import Refused

# Names of `determinism:` in a suite; src/model/determinism.ts describes each.
SETTINGS = (
    "seed",
    "hash_seed",
    "deterministic_algorithms",
    "fill_uninitialized_memory",
    "cublas_workspace",
    "cudnn_deterministic",
    "cudnn_benchmark",
    "tf32",
    "compile",
    "autotune",
    "threads",
    "interop_threads",
    "multiprocessing",
    "batch_invariant",
)


def apply(determinism):
    """Seeds and switches of Python, NumPy and torch. A setting that nobody knows, or one that is missing, is refused."""
    unknown = sorted(set(determinism) ^ set(SETTINGS))
    if unknown:
        raise Refused("settings-invalid", "determinism", ", ".join(unknown), "exactly the settings of this driver")
    torch = _imported("torch")
    if torch is not None:
        # Before anything is computed: later, the number of threads between operations cannot be changed.
        torch.set_num_interop_threads(determinism["interop_threads"])
        torch.set_num_threads(determinism["threads"])
        set_flags(determinism)
    seed_everything(determinism["seed"])


def set_flags(determinism):
    """The switches of torch, which can be set at any time before something is computed."""
    torch = _imported("torch")
    if torch is not None:
        mode = determinism["deterministic_algorithms"]
        torch.use_deterministic_algorithms(mode != "off", warn_only=mode == "warn")
        torch.utils.deterministic.fill_uninitialized_memory = determinism["fill_uninitialized_memory"]
        torch.backends.cudnn.deterministic = determinism["cudnn_deterministic"]
        torch.backends.cudnn.benchmark = determinism["cudnn_benchmark"]
        torch.backends.cudnn.allow_tf32 = determinism["tf32"]
        torch.set_float32_matmul_precision("high" if determinism["tf32"] else "highest")


def renew(determinism):
    """Applies the prelude in a process that has not inherited it; where it is in force nothing is touched. Some of it can be set only once."""
    torch = _imported("torch")
    if torch is None or torch.get_num_interop_threads() != determinism["interop_threads"]:
        apply(determinism)


def seed_everything(seed):
    """Starts every global generator anew, so that no request depends on the one before it."""
    random.seed(seed)
    numpy = _imported("numpy")
    if numpy is not None:
        numpy.random.seed(seed)
    torch = _imported("torch")
    if torch is not None:
        # All devices of torch; a GPU that has not been used yet is seeded when it is.
        torch.manual_seed(seed)


def _imported(name):
    try:
        return __import__(name)
    except ImportError:
        return None
