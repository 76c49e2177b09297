"""What `LLM(...)` is called with: the suite's arguments exactly, the gate's own, and explicit values where a default could move."""

import dataclasses
import difflib
import inspect

from .refusal import Refused


def known_names(llm_class, engine_args_class):
    """Every argument that the installed version takes by name."""
    own = [name for name in inspect.signature(llm_class.__init__).parameters if name not in ("self", "kwargs")]
    fields = dataclasses.fields(engine_args_class) if dataclasses.is_dataclass(engine_args_class) else []
    return sorted({*own, *(field.name for field in fields)})


def check_names(given, known, version):
    """Raises Refused for the first argument that this version does not take."""
    for name in given:
        if name not in known:
            raise unknown_argument(name, known, f"no such argument in {version}", "an argument of LLM")


def unknown_argument(name, known, found, expected):
    """The refusal of an argument, with the nearest one that is known; `expected` where none is near."""
    near = [] if name in known else difflib.get_close_matches(name, known, n=1)
    return Refused("argument-unknown", name, found, f"{near[0]}?" if near else expected)


def explicit(determinism):
    """
    Values that are given where the suite gives none. With prefix caching or more than one sequence at a time, a result depends on
    other requests; `generation_config` of the model's repository would change sampling defaults unseen.
    """
    return {
        "enforce_eager": not determinism["compile"],
        "seed": determinism["seed"],
        "max_num_seqs": 1,
        "enable_prefix_caching": False,
        "generation_config": "vllm",
        "logprobs_mode": "raw_logprobs",
        **({} if determinism["autotune"] else {"enable_flashinfer_autotune": False}),
    }


def llm_arguments(settings, known, version):
    """Keyword arguments of `LLM`. Explicit values that an older version does not know are left out."""
    check_names(settings.args, known, version)
    model = settings.model
    own = {"model": model["path"] or model["name"]}
    if model["revision"] is not None and not model["path"]:
        own["revision"] = model["revision"]
        # A tokenizer of the same repository moves with it; one from elsewhere needs its own revision.
        if "tokenizer" not in settings.args:
            own["tokenizer_revision"] = model["revision"]
    defaults = {name: value for name, value in explicit(settings.determinism).items() if name in known}
    return {**defaults, **own, **settings.args}
