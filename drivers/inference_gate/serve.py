"""Engine `vllm-server`: vLLM's own OpenAI server in this interpreter, after the prelude and with a path of ours beside its own."""

import dataclasses
import importlib.util
import json
import os
import runpy
import sys
import tempfile
import traceback

from . import prelude
from .failure import hints_of, last_line
from .model_files import check_folder
from .refusal import Refused
from .settings import read_settings
from .vllm_age import NEEDED
from .vllm_arguments import explicit
from .vllm_options import check_options

# Modules that start the server when they are run, the one of every image first; the other takes its place some day.
SERVERS = ("vllm.entrypoints.openai.api_server", "vllm.entrypoints.launchers.api_server.entry")
MIDDLEWARE = "inference_gate.serve_facts.Facts"
WORKER_EXTENSION = "inference_gate.serve_worker.Attested"
# Begins the line that src/engines/drivers/refused-start.ts looks for.
REFUSED = "inference-gate refused:"


def main(words):
    """Exit code: that of the server, or 1 with one line on stderr that says what is refused, for the gate to read."""
    try:
        settings = read_settings([])
        prelude.apply(settings.determinism)
        server = _server_module()
        folder = _value_of(words, "--model")
        if folder is not None and os.path.isdir(folder):
            check_folder(folder)
        added = _added_words(words, settings.determinism)
        check_options(settings.args)
    except Refused as refused:
        return _refuse(refused)
    except ImportError as error:
        traceback.print_exception(type(error), error, error.__traceback__, file=sys.stderr)
        return _refuse(Refused("import-failed", "vllm", last_line(error), "a module that imports", hints_of(error)))
    _let_children_import_us()
    sys.argv = [server, *words, *added]
    runpy.run_module(server, run_name="__main__")
    return 0


def _refuse(refused):
    sys.stderr.write(f"{REFUSED} {json.dumps(refused.as_message())}\n")
    return 1


def _server_module():
    for name in SERVERS:
        try:
            if importlib.util.find_spec(name) is not None:
                return name
        except ModuleNotFoundError as error:
            if error.name == "vllm":
                raise Refused("module-missing", "vllm", "no module of that name", "vLLM") from error
            if not name.startswith(f"{error.name}."):
                raise
    raise Refused("module-missing", "vllm", "neither " + " nor ".join(SERVERS), "vLLM with its OpenAI server")


def _added_words(words, determinism):
    """Options that are ours, and explicit values where the suite gives none; what this version does not know is left out."""
    from vllm.engine.arg_utils import EngineArgs

    known = {field.name for field in dataclasses.fields(EngineArgs)}
    if "worker_extension_cls" not in known:
        raise Refused("version-too-old", "vllm", "a version without --worker-extension-cls", NEEDED)
    added = ["--middleware", MIDDLEWARE, "--worker-extension-cls", WORKER_EXTENSION]
    for name, value in explicit(determinism).items():
        option = name.replace("_", "-")
        if name not in known or f"--{option}" in words or f"--no-{option}" in words:
            continue
        added += [f"--{option}" if value else f"--no-{option}"] if isinstance(value, bool) else [f"--{option}", str(value)]
    return added


def _value_of(words, option):
    return words[words.index(option) + 1] if option in words[:-1] else None


def _let_children_import_us():
    """vLLM's processes are new interpreters, or may be: they find this package where their path says, whatever its folder is called."""
    here = os.path.dirname(os.path.abspath(__file__))
    parent = os.path.dirname(here)
    if os.path.basename(here) != "inference_gate":
        parent = tempfile.mkdtemp(prefix="inference-gate-")
        os.symlink(here, os.path.join(parent, "inference_gate"))
    sys.path.append(parent)
    paths = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    os.environ["PYTHONPATH"] = os.pathsep.join([*paths, parent])
