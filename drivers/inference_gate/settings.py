"""What the gate hands over to a driver: one variable with everything that was declared, and the paths as this machine sees them."""

import json
import os

from .refusal import Refused

VARIABLE = "INFERENCE_GATE_SETTINGS"
VERSION = 1


class Settings:
    """`args`: the engine's own arguments; `model`: name, revision, path; `determinism`: see prelude.py; `sampling_fields`: names in use."""

    def __init__(self, args, model, determinism, sampling_fields):
        self.args = args
        self.model = model
        self.determinism = determinism
        self.sampling_fields = sampling_fields


def read_settings(words, environment=None):
    """Settings from the variable; `--path model=/x` and `--path args.tokenizer=/y` put a path where this machine has the file."""
    text = (os.environ if environment is None else environment).get(VARIABLE)
    expected = f"JSON in the variable {VARIABLE}, as the gate sets it"
    if text is None:
        raise Refused("settings-invalid", VARIABLE, "nothing", expected)
    try:
        read = json.loads(text)
        version = read["version"]
        settings = Settings(read["args"], read["model"], read["determinism"], read["sampling_fields"])
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("settings-invalid", VARIABLE, f"{type(error).__name__}: {error}", expected) from None
    if version != VERSION:
        raise Refused("settings-invalid", VARIABLE, f"version {version}", f"version {VERSION}")
    _take_paths(settings, words)
    return settings


def _take_paths(settings, words):
    words = list(words)
    while words:
        flag = words.pop(0)
        place, equals, path = words.pop(0).partition("=") if flag == "--path" and words else ("", "", "")
        if equals and place == "model":
            settings.model["path"] = path
        elif equals and place.startswith("args."):
            settings.args[place[len("args.") :]] = path
        else:
            raise Refused("settings-invalid", "command line", flag, "--path model=… or --path args.<name>=…")
