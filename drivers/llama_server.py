#!/usr/bin/env python3
"""A stand-in for llama.cpp's `llama-server`, started from the Python package `xllamacpp`.

`xllamacpp` carries llama.cpp's own HTTP server as a library, prebuilt, so that a machine
without a compiler has a real one in seconds. The options below have the names, values and
meaning of `llama-server`; anything else is refused, never ignored:
https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md

Differences: `--parallel` is 1 when it is not given, no `LLAMA_ARG_*` variable is read (one
that is set is refused), and `/props` reports the build as `b0-unknown`, because the package
is built without llama.cpp's history; `--version` and the first line of the log tell the
package's version instead.

The package is found as Python finds any: installed, or in a folder named by PYTHONPATH.
"""

import os
import signal
import sys
from importlib import metadata


class Refused(Exception):
    """An argument that cannot be honoured; its text names it."""


def integer(text):
    try:
        return int(text, 10)
    except ValueError:
        raise Refused(f"expected a whole number, found {text!r}") from None


def number(text):
    try:
        return float(text)
    except ValueError:
        raise Refused(f"expected a number, found {text!r}") from None


def words(text):
    return text


def readable_file(text):
    if not os.path.isfile(text):
        raise Refused(f"there is no file {text!r}")
    return text


def content_of(text):
    with open(readable_file(text), encoding="utf-8") as file:
        return file.read()


def layers(text):
    return {"auto": -1, "all": -2}[text] if text in ("auto", "all") else integer(text)


def one_of(kind, prefix, allowed):
    """Parses one of the allowed words into the member of an xllamacpp enumeration."""

    def parse(text):
        if text not in allowed:
            raise Refused(f"expected one of {', '.join(allowed)}, found {text!r}")
        import xllamacpp

        return getattr(getattr(xllamacpp, kind), prefix + allowed[text])

    return parse


CACHE_TYPES = {name: name.upper() for name in ("f32", "f16", "bf16", "q8_0", "q4_0", "q4_1", "iq4_nl", "q5_0", "q5_1")}
cache_type = one_of("ggml_type", "GGML_TYPE_", CACHE_TYPES)
flash_attention = one_of(
    "llama_flash_attn_type", "LLAMA_FLASH_ATTN_TYPE_", {"on": "ENABLED", "off": "DISABLED", "auto": "AUTO"}
)
load_mode = one_of(
    "llama_load_mode",
    "LLAMA_LOAD_MODE_",
    {"auto": "AUTO", "none": "NONE", "mmap": "MMAP", "mlock": "MLOCK", "mmap+mlock": "MMAP_MLOCK", "dio": "DIRECT_IO"},
)

# Names of one option, how its value is read, and the field of CommonParams that it sets.
VALUES = [
    (("--model", "-m"), readable_file, "model.path"),
    (("--alias", "-a"), lambda text: set(text.split(",")), "model_alias"),
    (("--host",), lambda text: text.split(","), "hostnames"),
    (("--port",), integer, "port"),
    (("--timeout", "-to"), integer, "timeout_read"),
    (("--threads-http",), integer, "n_threads_http"),
    (("--threads", "-t"), integer, "cpuparams.n_threads"),
    (("--threads-batch", "-tb"), integer, "cpuparams_batch.n_threads"),
    (("--poll",), integer, "cpuparams.poll"),
    (("--poll-batch",), integer, "cpuparams_batch.poll"),
    (("--ctx-size", "-c"), integer, "n_ctx"),
    (("--predict", "--n-predict", "-n"), integer, "n_predict"),
    (("--batch-size", "-b"), integer, "n_batch"),
    (("--ubatch-size", "-ub"), integer, "n_ubatch"),
    (("--parallel", "-np"), integer, "n_parallel"),
    (("--keep",), integer, "n_keep"),
    (("--cache-ram", "-cram"), integer, "cache_ram_mib"),
    (("--cache-reuse",), integer, "n_cache_reuse"),
    (("--slot-prompt-similarity", "-sps"), number, "slot_prompt_similarity"),
    (("--cache-type-k", "-ctk"), cache_type, "cache_type_k"),
    (("--cache-type-v", "-ctv"), cache_type, "cache_type_v"),
    (("--n-gpu-layers", "--gpu-layers", "-ngl"), layers, "n_gpu_layers"),
    (("--main-gpu", "-mg"), integer, "main_gpu"),
    (("--flash-attn", "-fa"), flash_attention, "flash_attn_type"),
    (("--load-mode", "-lm"), load_mode, "load_mode"),
    (("--chat-template",), words, "chat_template"),
    (("--chat-template-file",), content_of, "chat_template"),
    (("--seed", "-s"), lambda text: integer(text) % 2**32, "sampling.seed"),
    (("--temp", "--temperature"), number, "sampling.temp"),
    (("--top-k",), integer, "sampling.top_k"),
    (("--top-p",), number, "sampling.top_p"),
    (("--min-p",), number, "sampling.min_p"),
    (("--repeat-penalty",), number, "sampling.penalty_repeat"),
    (("--repeat-last-n",), integer, "sampling.penalty_last_n"),
    (("--presence-penalty",), number, "sampling.penalty_present"),
    (("--frequency-penalty",), number, "sampling.penalty_freq"),
    (("--verbosity", "--log-verbosity", "-lv"), integer, "verbosity"),
]

# Options without a value: name, the field it sets, and to what.
SWITCHES = [
    (("--cache-prompt",), "cache_prompt", True),
    (("--no-cache-prompt",), "cache_prompt", False),
    (("--cache-idle-slots",), "cache_idle_slots", True),
    (("--no-cache-idle-slots",), "cache_idle_slots", False),
    (("--cont-batching", "-cb"), "cont_batching", True),
    (("--no-cont-batching", "-nocb"), "cont_batching", False),
    (("--kv-unified", "-kvu"), "kv_unified", True),
    (("--no-kv-unified", "-no-kvu"), "kv_unified", False),
    (("--kv-offload", "-kvo"), "no_kv_offload", False),
    (("--no-kv-offload", "-nkvo"), "no_kv_offload", True),
    (("--op-offload",), "no_op_offload", False),
    (("--no-op-offload",), "no_op_offload", True),
    (("--repack",), "no_extra_bufts", False),
    (("--no-repack", "-nr"), "no_extra_bufts", True),
    (("--context-shift",), "ctx_shift", True),
    (("--no-context-shift",), "ctx_shift", False),
    (("--warmup",), "warmup", True),
    (("--no-warmup",), "warmup", False),
    (("--check-tensors",), "check_tensors", True),
    (("--swa-full",), "swa_full", True),
    (("--jinja",), "use_jinja", True),
    (("--no-jinja",), "use_jinja", False),
    (("--special", "-sp"), "special", True),
    (("--ignore-eos",), "sampling.ignore_eos", True),
    (("--slots",), "endpoint_slots", True),
    (("--no-slots",), "endpoint_slots", False),
    (("--props",), "endpoint_props", True),
    (("--metrics",), "endpoint_metrics", True),
    (("--ui", "--webui"), "ui", True),
    (("--no-ui", "--no-webui"), "ui", False),
    (("--offline",), "offline", True),
]


def settings(argv):
    """The command line as a dictionary from field to value. Raises Refused with the option's name."""
    by_name = {name: (parse, field) for names, parse, field in VALUES for name in names}
    switches = {name: (field, value) for names, field, value in SWITCHES for name in names}
    chosen = {}
    rest = iter(argv)
    for name in rest:
        if name in switches:
            field, value = switches[name]
            chosen[field] = value
            continue
        if name not in by_name:
            raise Refused(f"invalid argument: {name} (this stand-in for llama-server does not know it; see --help)")
        text = next(rest, None)
        if text is None:
            raise Refused(f"{name}: expected a value")
        parse, field = by_name[name]
        try:
            chosen[field] = parse(text)
        except Refused as why:
            raise Refused(f"{name}: {why}") from None
        except (OSError, UnicodeDecodeError) as why:
            raise Refused(f"{name}: cannot read {text!r}: {why}") from None
    if "model.path" not in chosen:
        raise Refused("--model FILE must be given")
    return chosen


def common_params(chosen):
    """llama.cpp's parameters for the settings; batch threads follow `--threads`, as in llama-server."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    threads = chosen.get("cpuparams.n_threads", -1)
    if threads <= 0:
        threads = os.cpu_count() or 1
    fields = {
        "port": 8080,
        "cpuparams_batch.n_threads": threads,
        "cpuparams_batch.poll": chosen.get("cpuparams.poll", 50),
        **chosen,
        "cpuparams.n_threads": threads,
    }
    for field, value in fields.items():
        target = params
        *parents, last = field.split(".")
        for parent in parents:
            target = getattr(target, parent)
        setattr(target, last, value)
    if "timeout_read" in chosen:
        params.timeout_write = chosen["timeout_read"]
    return params


def version():
    try:
        return f"xllamacpp {metadata.version('xllamacpp')}"
    except metadata.PackageNotFoundError:
        return "xllamacpp, version unknown"


def print_help():
    print("llama_server.py: llama.cpp's HTTP server from the Python package xllamacpp\n\noptions, as in llama-server:")
    for names, _, _ in VALUES:
        print(f"  {', '.join(names)} VALUE")
    for names, _, _ in SWITCHES:
        print(f"  {', '.join(names)}")
    print("  --version\n  --help")


def refuse(text):
    print(f"error: {text}", file=sys.stderr, flush=True)
    return 1


def serve(argv):
    foreign = sorted(name for name in os.environ if name.startswith("LLAMA_ARG_"))
    if foreign:
        return refuse(f"{', '.join(foreign)}: set in the environment, which this stand-in does not read; use options")
    try:
        import xllamacpp
    except ImportError as why:
        hint = (
            "install the system library libgomp (Debian and Ubuntu: apt-get install libgomp1)"
            if "libgomp" in str(why)
            else "install the Python package xllamacpp, or name the folder that holds it in PYTHONPATH"
        )
        return refuse(f"cannot load xllamacpp ({why}); {hint}")
    try:
        chosen = settings(argv)
    except Refused as why:
        return refuse(why)
    print(f"llama_server.py: {version()}, Python {sys.version.split()[0]}", file=sys.stderr, flush=True)
    try:
        server = xllamacpp.Server(common_params(chosen))
    except Exception as why:  # whatever llama.cpp throws ends the start, with its own words
        return refuse(f"llama.cpp could not start: {why}")
    # The server's threads are llama.cpp's own; they hold nothing that must be saved, so that the end can be at once.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    signal.signal(signal.SIGINT, lambda *_: os._exit(0))
    # A signal that comes just before the wait, or to a thread of llama.cpp, ends the wait all the same: it leaves a byte.
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    print(f"llama_server.py: listening on {server.listening_address}", file=sys.stderr, flush=True)
    while True:
        os.read(woken, 1)


def main(argv):
    # Until the model is loaded the process ends at once, as a program without handlers does.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if "--version" in argv:
        print(version())
        return 0
    if "--help" in argv or "-h" in argv:
        print_help()
        return 0
    return serve(argv)


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
