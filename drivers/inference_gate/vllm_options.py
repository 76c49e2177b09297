"""Which options the installed server takes, by its own parser, asked before anything is started: its usage is 50 lines that nobody reads."""

import importlib

from .vllm_arguments import unknown_argument

# Where the generations of vLLM have them, the oldest first.
PARSERS = ("vllm.entrypoints.openai.cli_args", "vllm.entrypoints.launchers.cli_args")
CLASSES = ("vllm.utils", "vllm.utils.argparse_utils")


def check_options(given):
    """Raises Refused for the first option that no option of this version begins with; what its parser does with the others is its own matter."""
    import vllm

    known = _option_words()
    if known is None:
        return
    names = sorted({word[2:].replace("-", "_") for word in known if word.startswith("--")})
    for name, value in given.items():
        # `--compilation-config.mode 0` is a field of the option before the first dot.
        option = name.split(".", 1)[0].replace("_", "-")
        word = f"--no-{option}" if value is False else f"--{option}"
        # A parser of Python takes the beginning of a name for the whole.
        if not any(one.startswith(word) for one in known):
            raise unknown_argument(name, names, f"no option {word} in vLLM {vllm.__version__}", "an option of the server")


def _option_words():
    """None where this version keeps its parser elsewhere: then the server says itself what it does not take."""
    make, flexible = _found(PARSERS, "make_arg_parser"), _found(CLASSES, "FlexibleArgumentParser")
    if make is None or flexible is None:
        return None
    # argparse has no public list of its options.
    return list(make(flexible(add_help=False))._option_string_actions)


def _found(modules, name):
    for module in modules:
        try:
            found = getattr(importlib.import_module(module), name, None)
        except ModuleNotFoundError:
            continue
        if found is not None:
            return found
    return None
