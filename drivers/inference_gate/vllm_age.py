"""Whether the installed vLLM is new enough to be measured: what an older one lacks is named, where it would end in an AttributeError."""

from .refusal import Refused

# https://github.com/vllm-project/vllm/releases/tag/v0.8.0
NEEDED = "vLLM 0.8 or newer with its engine V1, whose processes tell what is in force in them"


def check_class(llm_class, version):
    """Before a model is loaded: a version that cannot ask its workers."""
    if not hasattr(llm_class, "collective_rpc"):
        raise Refused("version-too-old", "vllm", f"{version}, whose LLM has no collective_rpc", NEEDED)


def check_engine(llm, version):
    """After the start: vLLM before 0.11 falls back to its first engine, V0, for what V1 could not do yet."""
    if not hasattr(llm.llm_engine, "engine_core"):
        raise Refused("version-too-old", "vllm", f"{version}, which runs this with its engine V0", NEEDED)
