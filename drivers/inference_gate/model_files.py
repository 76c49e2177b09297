"""Looks at a model's folder before an engine does: a damaged weight file is named, where frameworks only say that something is wrong."""

import json
import os
import struct

from .refusal import Refused

# The header of a safetensors file is JSON after eight bytes that tell its length; larger ones are refused by the format's own reader.
_LARGEST_HEADER = 100_000_000

# https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
_POINTER = b"version https://git-lfs.github.com/spec/"
_LARGEST_POINTER = 1024


def check_folder(folder):
    """Raises Refused (`model-unreadable`) for a folder without a configuration, or with a weight file that is damaged or missing."""
    if not os.path.isdir(folder):
        return
    if not os.path.isfile(os.path.join(folder, "config.json")):
        raise Refused("model-unreadable", folder, "no config.json", "a model folder as transformers writes it")
    for name in sorted(os.listdir(folder)):
        _check_pointer(os.path.join(folder, name))
        if name.endswith(".safetensors"):
            check_safetensors(os.path.join(folder, name))
        elif name.endswith(".safetensors.index.json"):
            _check_index(folder, name)


def check_safetensors(path):
    """Raises Refused for a file that is shorter or longer than its header says, or that is no safetensors file at all."""
    size = os.path.getsize(path)
    expected = "a whole safetensors file"
    with open(path, "rb") as file:
        start = file.read(8)
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else None
        if length is None or length > _LARGEST_HEADER or 8 + length > size:
            raise Refused("model-unreadable", path, f"{size} bytes without a whole header", expected)
        try:
            header = json.loads(file.read(length))
            ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
        except (ValueError, KeyError, TypeError, IndexError, AttributeError):
            raise Refused("model-unreadable", path, "a header that is no safetensors header", expected) from None
    wanted = 8 + length + max(ends, default=0)
    if size != wanted:
        raise Refused("model-unreadable", path, f"{size} bytes", f"{wanted} bytes, as its header says")


def _check_pointer(path):
    """A clone without Git LFS has such a text in place of every large file: weights of any format, and tokenizers too."""
    if not os.path.isfile(path) or os.path.getsize(path) > _LARGEST_POINTER:
        return
    with open(path, "rb") as file:
        if file.read(len(_POINTER)) == _POINTER:
            advice = "Run `git lfs pull` where the model was cloned."
            raise Refused("model-unreadable", path, "a pointer of Git LFS", "the file that it points to", [advice])


def _check_index(folder, name):
    path = os.path.join(folder, name)
    try:
        with open(path, encoding="utf-8") as file:
            files = sorted(set(json.load(file)["weight_map"].values()))
    except (ValueError, KeyError, AttributeError):
        raise Refused("model-unreadable", path, "no index of weights", "JSON with a weight_map") from None
    for part in files:
        if not os.path.isfile(os.path.join(folder, part)):
            raise Refused("model-unreadable", os.path.join(folder, part), "nothing", f"a file that {name} names")
