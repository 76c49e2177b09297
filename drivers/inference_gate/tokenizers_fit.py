"""Whether tokenizer and model belong together, as far as their sizes can tell."""

from .refusal import Refused


def check_fit(tokenizer_size, embedding_rows, model):
    """Raises Refused when the tokenizer has ids that the model has no row for. A model may have more rows than there are tokens."""
    if tokenizer_size is None or embedding_rows is None or tokenizer_size <= embedding_rows:
        return
    raise Refused(
        "tokenizer-mismatch",
        model,
        f"a tokenizer of {tokenizer_size} tokens",
        f"at most {embedding_rows}, the rows of the model's embedding",
    )
