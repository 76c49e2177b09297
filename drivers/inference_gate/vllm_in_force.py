"""What of settings and arguments vLLM really runs with: read from its resolved configuration and from the objects that it built."""

import dataclasses
import enum
import os
import re

from .refusal import Refused

# Where these settings are read, for the message when one did not take.
SOURCE = "vLLM's resolved configuration"

# Parts of the resolved configuration that hold what an argument became.
_PARTS = (
    "model_config",
    "cache_config",
    "scheduler_config",
    "parallel_config",
    "compilation_config",
    "attention_config",
    "kernel_config",
    "load_config",
)

# Arguments that become something else by design: names of places, and amounts of memory.
_RESOLVED_OTHERWISE = re.compile(r"path|dir$|file|^model$|^tokenizer$|bytes$|memory|token$")


def settings_in_force(llm, envs):
    """Settings of `determinism:` that only vLLM can tell."""
    core = type(llm.llm_engine.engine_core).__name__
    return {"multiprocessing": core != "InprocClient", **config_in_force(llm.llm_engine.vllm_config, envs)}


def config_in_force(config, envs):
    """The part of them that the resolved configuration and vLLM's variables tell."""
    return {
        "batch_invariant": _batch_invariant(envs),
        "compile": _compiles(config),
        "autotune": _autotunes(config, envs),
    }


def _batch_invariant(envs):
    try:
        return bool(envs.VLLM_BATCH_INVARIANT)
    except AttributeError:
        return os.environ.get("VLLM_BATCH_INVARIANT", "0") == "1"


def _compiles(config):
    compilation = config.compilation_config
    mode = getattr(compilation, "mode", getattr(compilation, "level", None))
    graphs = getattr(compilation, "cudagraph_mode", None)
    return _plain(mode) not in (None, 0, "NONE") or _plain(graphs) not in (None, 0, "NONE")


def _autotunes(config, envs):
    kernel = getattr(config, "kernel_config", None)
    flashinfer = bool(getattr(kernel, "enable_flashinfer_autotune", False))
    first_only = getattr(envs, "VLLM_TRITON_FORCE_FIRST_CONFIG", True)
    return flashinfer or not first_only


def check_arguments(given, config):
    """Raises Refused where vLLM resolved a plain argument to something else than was given, as it does where it knows better."""
    resolved = {}
    for part in _PARTS:
        section = getattr(config, part, None)
        for field in _fields(section):
            resolved.setdefault(field, _plain(getattr(section, field, None)))
    for name, value in given.items():
        found = resolved.get(name)
        if not isinstance(value, (bool, int, float, str)) or name not in resolved or found is None:
            continue
        if value in ("auto", -1) or _RESOLVED_OTHERWISE.search(name):
            continue
        if _same(value, found):
            continue
        raise Refused("setting-not-in-force", f"engine.args.{name}", f"{found}, vLLM's resolved configuration", value)


def _same(value, found):
    if isinstance(value, str) and isinstance(found, str):
        other_names = {"half": "float16", "float": "float32"}
        return other_names.get(value, value).lower() == found.lower()
    return value == found or str(value) == str(found)


def _fields(section):
    if section is None:
        return []
    if dataclasses.is_dataclass(section):
        return [field.name for field in dataclasses.fields(section) if not field.name.startswith("_")]
    return [name for name in vars(section) if not name.startswith("_")]


def _plain(value):
    if isinstance(value, enum.Enum):
        return value.name
    if type(value).__module__ == "torch":
        return str(value).replace("torch.", "")
    return value
