"""A chat as token ids, through the model's own template."""

import os


def chat_token_ids(tokenizer, messages, template=None):
    """Ids that ask for the assistant's answer; `template` is a text or a file in place of the model's own."""
    more = {} if template is None else {"chat_template": _text_of(template)}
    ids = tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=True, **more)
    return list(ids["input_ids"] if hasattr(ids, "keys") else ids)


def _text_of(template):
    if not os.path.isfile(template):
        return template
    with open(template, encoding="utf-8") as file:
        return file.read()
