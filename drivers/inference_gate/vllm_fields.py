"""Sampling fields whose values are more than JSON can say, as vLLM's SamplingParams wants them."""

# Fields that hold an object of a class, by the names that versions of vLLM have given them.
_CLASSES = {
    "guided_decoding": "GuidedDecodingParams",
    "repetition_detection": "RepetitionDetectionParams",
    "structured_outputs": "StructuredOutputsParams",
}


def typed(extra):
    """The same fields; mappings become objects of their class, and token ids in names of a mapping become numbers."""
    from vllm import sampling_params

    made = dict(extra)
    for name, value in extra.items():
        kind = getattr(sampling_params, _CLASSES.get(name, ""), None)
        if kind is not None and isinstance(value, dict):
            made[name] = kind(**value)
        elif name == "logit_bias" and isinstance(value, dict):
            made[name] = {int(token): float(bias) for token, bias in value.items()}
    return made
