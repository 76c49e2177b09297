"""Sampling fields against those of the installed version: every one by name, an unknown one refused with the nearest."""

import difflib
import inspect

from .refusal import Refused

# Fields that say how the answer comes back; the driver needs them as they are.
OWNED = {
    "detokenize": "the text is needed",
    "flat_logprobs": "the driver reads the other form",
    "n": "a golden holds one answer",
    "output_kind": "tokens are sent as they come",
    "skip_clone": "it belongs to the engine",
    "stream_interval": "tokens are sent as they come",
}

# Values that change nothing: a version without the field computes the same.
NEUTRAL = {
    "temperature": 1,
    "top_p": 1,
    "top_k": 0,
    "min_p": 0,
    "min_tokens": 0,
    "presence_penalty": 0,
    "frequency_penalty": 0,
    "repetition_penalty": 1,
    "stop": [],
    "stop_token_ids": [],
    "ignore_eos": False,
    "skip_special_tokens": True,
}


def names_of(params_class):
    """Public field names of the class, in its order."""
    names = inspect.signature(params_class).parameters
    return [name for name in names if not name.startswith("_") and name not in ("args", "kwargs", "self")]


def check_names(given, params_class, version):
    """Raises Refused for the first given name that the installed class does not have, or that belongs to the driver."""
    known = [name for name in names_of(params_class) if name not in OWNED]
    for name in given:
        if name in OWNED:
            raise Refused("sampling-field-owned", name, f"sampling.{name}", OWNED[name])
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            expected = f"{near[0]}?" if near else ", ".join(sorted(known))
            raise Refused("sampling-field-unknown", name, f"no such field in {version}", expected)


def arguments(sampling, extra, params_class, version):
    """Arguments of the class for one request: every field it has, by name. Raises Refused where one is needed that it does not have."""
    check_names(extra, params_class, version)
    known = set(names_of(params_class))
    wanted = {}
    for name, value in {**sampling, **extra}.items():
        if name in known:
            wanted[name] = _all_candidates(params_class) if name == "top_k" and value == 0 else value
        elif name not in NEUTRAL or value != NEUTRAL[name]:
            raise Refused("sampling-field-unknown", name, f"no such field in {version}", "a version that has it")
    return wanted


def _all_candidates(params_class):
    """How the version says that top_k is off: versions whose default is -1 refuse 0."""
    default = inspect.signature(params_class).parameters["top_k"].default
    return -1 if default == -1 else 0
