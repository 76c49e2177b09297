"""The shape of what the gate sends (docs/engine-protocol.md), held against every line: a gate and a driver that do not fit are told apart early."""

PROTOCOL = 1

# Must be those of `requestLineSchema` in src/engines/protocols/json-lines-messages.ts.
_MESSAGES = {
    "hello": {"protocol": int},
    "complete": {"id": str, "case": str, "prompt": dict, "sampling": dict, "extra": dict, "needs_token_ids": bool},
    "stop": {"id": str},
    "bye": {},
}
_PROMPTS = {
    "text": {"text": str},
    "tokens": {"token_ids": list},
    "messages": {"messages": list},
}
_SAMPLING = {
    "temperature": float,
    "top_p": float,
    "top_k": int,
    "min_p": float,
    "seed": int,
    "max_tokens": int,
    "min_tokens": int,
    "presence_penalty": float,
    "frequency_penalty": float,
    "repetition_penalty": float,
    "stop": list,
    "stop_token_ids": list,
    "ignore_eos": bool,
    "skip_special_tokens": bool,
    "logprobs": int,
}


class NoMessage(Exception):
    """A line of the gate that is no message of this protocol; its text says what is wrong with it."""


def checked(message):
    """The message itself. Raises NoMessage for a type, field or value that this protocol does not have."""
    kind = _one_of(message, "type", _MESSAGES, "a message")
    _fields(message, {"type": str, **_MESSAGES[kind]}, kind)
    if kind == "hello" and message["protocol"] != PROTOCOL:
        raise NoMessage(f"hello: protocol {message['protocol']}, expected {PROTOCOL}")
    if kind == "complete":
        prompt = message["prompt"]
        form = _one_of(prompt, "kind", _PROMPTS, "prompt")
        _fields(prompt, {"kind": str, **_PROMPTS[form]}, "prompt")
        _fields(message["sampling"], _SAMPLING, "sampling")
    return message


def _one_of(value, name, known, where):
    found = value.get(name) if isinstance(value, dict) else None
    if not isinstance(found, str) or found not in known:
        raise NoMessage(f"{where}: {name} {found!r}, expected one of {', '.join(sorted(known))}")
    return found


def _fields(value, shape, where):
    if set(value) != set(shape):
        raise NoMessage(f"{where}: fields {', '.join(sorted(value))}, expected {', '.join(sorted(shape))}")
    for name, kind in shape.items():
        if not _is(value[name], kind):
            raise NoMessage(f"{where}.{name}: {value[name]!r}, expected {kind.__name__}")


def _is(value, kind):
    # A boolean is an int to Python, and JSON writes 1.0 as 1.
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, (int, float)) if kind is float else isinstance(value, kind)
