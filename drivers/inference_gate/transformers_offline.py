"""Engine `transformers`: a causal language model inside this process, one sequence, one token at a time, with a cache of its own."""

import os

from . import attestation, in_force, prelude
from .chat import chat_token_ids
from .failure import hints_of, last_line
from .model_files import check_folder
from .refusal import Refused
from .sampling_loop import Sampler
from .streamed_text import StreamedText
from .tokenizers_fit import check_fit, check_ids

# Arguments of ours beside those of from_pretrained.
_OWN = ("chat_template", "device", "tokenizer", "tokenizer_revision")


def open_engine(settings):
    """Loads tokenizer and model and makes sure that what was asked is what runs. Raises Refused."""
    torch, transformers = _import("torch"), _import("transformers")
    model = settings.model
    source = model["path"] or model["name"]
    tokenizer_source = settings.args.get("tokenizer", source)
    if os.path.isdir(source):
        check_folder(source)
    revision = {} if model["revision"] is None or model["path"] else {"revision": model["revision"]}
    tokenizer_revision = settings.args.get("tokenizer_revision")
    tokenizer = transformers.AutoTokenizer.from_pretrained(
        tokenizer_source,
        **({"revision": tokenizer_revision} if tokenizer_revision else revision if tokenizer_source == source else {}),
        **{name: settings.args[name] for name in ("trust_remote_code",) if name in settings.args},
    )
    args = {name: value for name, value in settings.args.items() if name not in _OWN}
    loaded = transformers.AutoModelForCausalLM.from_pretrained(source, **revision, **args).eval()
    device = settings.args.get("device", "cuda" if torch.cuda.is_available() else "cpu")
    if "device_map" not in args:
        loaded = loaded.to(device)
    return TransformersEngine(torch, transformers.__version__, loaded, tokenizer, settings, source)


def _import(name):
    try:
        return __import__(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            expected = f"{name} with all its packages"
            raise Refused("import-failed", name, f"no module {error.name}", expected) from error
        raise Refused("module-missing", name, "no module of that name", name) from error
    except Exception as error:
        raise Refused("import-failed", name, last_line(error), "a module that imports", hints_of(error)) from error


class TransformersEngine:
    name = "transformers"

    def __init__(self, torch, version, model, tokenizer, settings, source):
        self.version = version
        self._torch = torch
        self._model = model
        self._tokenizer = tokenizer
        self._asked = settings.determinism
        self._revision = None if settings.model["path"] else settings.model["revision"]
        self._template = settings.args.get("chat_template")
        self._rows = model.get_input_embeddings().weight.shape[0]
        check_fit(tokenizer, self._rows, source)
        self._end_ids = _end_ids(model.generation_config.eos_token_id, tokenizer.eos_token_id)
        self._longest = getattr(model.config.get_text_config(), "max_position_embeddings", None)
        _check_dtype(settings.args, model)
        self._in_force = in_force.measured(torch)
        in_force.check(self._asked, self._in_force)

    def facts(self):
        model, device = self._model, self._model.device
        config = {
            "architecture": type(model).__name__,
            "attn_implementation": getattr(model.config, "_attn_implementation", None),
            "dtype": str(model.dtype),
            "model": model.config,
            "quantization": str(getattr(model.config, "quantization_config", None)),
        }
        return {
            **attestation.facts(
                module="transformers",
                config=config,
                tokenizer=self._tokenizer,
                device=device.type,
                gpu_count=None if device.type == "cpu" else 1,
                revision=self._revision,
            ),
            **in_force.facts(self._in_force),
            "engine.threads": self._in_force["threads"],
            "engine.logprobs": "raw_logprobs",
        }

    def before_request(self):
        prelude.seed_everything(self._asked["seed"])

    def complete(self, request):
        ids = self._prompt_ids(request.prompt)
        check_ids(ids, self._rows)
        sampling = request.sampling
        if self._longest is not None and len(ids) + sampling["max_tokens"] > self._longest:
            asked = f"{len(ids)} prompt tokens and max_tokens {sampling['max_tokens']}"
            raise ValueError(f"{asked} are more than the model's {self._longest} positions")
        with self._torch.inference_mode():
            reason = self._generate(request, ids, sampling)
        in_force.check(self._asked, in_force.quickly(self._torch))
        return {"finish_reason": reason, "prompt_token_ids": ids}

    def close(self):
        """Nothing of it outlives the process."""

    def _prompt_ids(self, prompt):
        if prompt["kind"] == "tokens":
            return prompt["token_ids"]
        if prompt["kind"] == "text":
            ids = list(self._tokenizer(prompt["text"])["input_ids"])
        else:
            ids = chat_token_ids(self._tokenizer, prompt["messages"], self._template)
        if not ids:
            raise ValueError("the prompt has no tokens")
        return ids

    def _generate(self, request, ids, sampling):
        torch, device = self._torch, self._model.device
        end_ids = [] if sampling["ignore_eos"] else self._end_ids
        end_ids = [*end_ids, *sampling["stop_token_ids"]]
        logits, cache = self._forward(torch.tensor([ids], device=device), None)
        sampler = Sampler(torch, sampling, ids, end_ids, logits.shape[-1], device)
        text = StreamedText(self._decoder(sampling["skip_special_tokens"]), sampling["stop"])
        for count in range(1, sampling["max_tokens"] + 1):
            token, logprob, margin = sampler.draw(logits)
            is_end = token in end_ids
            # As in vLLM: the token that ends an output adds no text, and no text ends it before min_tokens.
            added = "" if is_end else text.add(token, count > sampling["min_tokens"])
            is_over = is_end or text.stopped
            is_last = is_over or count == sampling["max_tokens"]
            request.token(token, logprob, margin, added + (text.rest() if is_last else ""))
            if is_last:
                return "stop" if is_over else "length"
            if request.is_stopped():
                return "abort"
            logits, cache = self._forward(torch.tensor([[token]], device=device), cache)
        raise RuntimeError("max_tokens is less than one")

    def _forward(self, tokens, cache):
        out = self._model(input_ids=tokens, past_key_values=cache, use_cache=True, logits_to_keep=1)
        return out.logits[0, -1].to(self._torch.float32), out.past_key_values

    def _decoder(self, skip_special_tokens):
        return lambda ids: self._tokenizer.decode(
            ids, skip_special_tokens=skip_special_tokens, clean_up_tokenization_spaces=False
        )


def _end_ids(*sources):
    ids = []
    for source in sources:
        ids += [] if source is None else source if isinstance(source, list) else [source]
    return sorted(set(ids))


def _check_dtype(args, model):
    asked = args.get("dtype", args.get("torch_dtype"))
    found = str(model.dtype).replace("torch.", "")
    if isinstance(asked, str) and asked != "auto" and asked != found:
        raise Refused("setting-not-in-force", "engine.args.dtype", f"{found}, the dtype of the weights", asked)
