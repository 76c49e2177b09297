"""Which driver answers, and in which order things happen: protocol first, prelude next, framework last."""

import importlib
import sys

from . import prelude
from .protocol import Channel, converse
from .settings import read_settings

# Engine to the module that drives it; a module has `open_engine(settings)`.
DRIVERS = {
    "vllm": "inference_gate.vllm_offline",
    "transformers": "inference_gate.transformers_offline",
}

# Not a driver of the protocol: the engine's own server, with its own words after the name.
SERVER = "vllm-server"


def main(argv):
    """Exit code of the driver: 0 after a conversation or the server's life, 2 for words that name no driver."""
    if argv[:1] == [SERVER]:
        return _import_driver("inference_gate.serve").main(argv[1:])
    if not argv or argv[0] not in DRIVERS:
        names = ", ".join(sorted([*DRIVERS, SERVER]))
        sys.stderr.write(f"expected one of {names}, found {argv[0] if argv else 'nothing'}\n")
        return 2
    channel = Channel.take_over()

    def open_engine():
        settings = read_settings(argv[1:])
        prelude.apply(settings.determinism)
        driver = _import_driver(DRIVERS[argv[0]])
        return settings, driver.open_engine(settings)

    return converse(channel, open_engine)


def _import_driver(name):
    # This folder is read-only where it is mounted, and part of a repository where it is not.
    keep, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        return importlib.import_module(name)
    finally:
        sys.dont_write_bytecode = keep

