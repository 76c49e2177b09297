"""
What of an exception a person needs first: its last line, and the one that it began with. What to do about it the gate knows
(src/messages/failure-advice.ts).
"""

import re

LONGEST = 600


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
    """The exception that it began with, where a framework has wrapped it."""
    origin = root(error)
    return [] if origin is error else [f"It began with {last_line(origin)}"]
