"""Whether tokenizer and model belong together, as far as their sizes can tell."""

from .refusal import Refused


def check_fit(tokenizer, embedding_rows, model):
    """
    Raises Refused when the tokenizer's own vocabulary has ids that the model has no row for. A model may have more rows than there are
    tokens, and a tokenizer may have added tokens for pictures or tools that a text model has no row for: those count when they are used.
    """
    size = getattr(tokenizer, "vocab_size", None)
    if size is None or embedding_rows is None or size <= embedding_rows:
        return
    raise Refused(
        "tokenizer-mismatch",
        model,
        f"a tokenizer of {size} tokens",
        f"at most {embedding_rows}, the rows of the model's embedding",
    )


def check_ids(ids, embedding_rows):
    """Raises ValueError for a prompt with an id that the model has no row for; None of rows is not known."""
    if ids and embedding_rows is not None and max(ids) >= embedding_rows:
        raise ValueError(f"the prompt has token {max(ids)}, and the model has {embedding_rows} rows: is it another model's tokenizer?")
