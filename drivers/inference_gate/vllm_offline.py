"""Engine `vllm`: vLLM inside this process, one request at a time, stepped so that every token is told as it comes."""

import os

from . import attestation, in_force, prelude
from .chat import chat_token_ids
from .child_watch import ChildWatch
from .failure import hints_of, last_line
from .model_files import check_folder
from .refusal import Refused
from .sampling_fields import arguments, check_names
from .tokenizers_fit import check_fit, check_ids
from .vllm_arguments import known_names, llm_arguments
from .vllm_age import check_class, check_engine
from .vllm_fields import typed
from .vllm_in_force import SOURCE, check_arguments, settings_in_force
from .vllm_workers import Workers


def open_engine(settings):
    """Starts vLLM and makes sure that what was asked is what runs. Raises Refused."""
    vllm, engine_args_class = _import_vllm()
    version = f"vLLM {vllm.__version__}"
    check_class(vllm.LLM, version)
    check_names(settings.sampling_fields, vllm.SamplingParams, version)
    given = llm_arguments(settings, known_names(vllm.LLM, engine_args_class), version)
    if os.path.isdir(given["model"]):
        check_folder(given["model"])
    llm = vllm.LLM(**given)
    check_engine(llm, version)
    return VllmEngine(vllm, llm, settings, given)


def _import_vllm():
    try:
        import vllm
        from vllm import LLM, SamplingParams  # noqa: F401 - the module imports them only when they are asked for
        from vllm.engine.arg_utils import EngineArgs
    except ModuleNotFoundError as error:
        if error.name != "vllm":
            raise Refused("import-failed", "vllm", f"no module {error.name}", "vLLM with all its packages") from error
        raise Refused("module-missing", "vllm", "no module of that name", "vLLM") from error
    except Exception as error:
        raise Refused("import-failed", "vllm", last_line(error), "a module that imports", hints_of(error)) from error
    return vllm, EngineArgs


class VllmEngine:
    name = "vllm"

    def __init__(self, vllm, llm, settings, given):
        from vllm import envs

        self.version = vllm.__version__
        self._params_class = vllm.SamplingParams
        self._output_kind = _delta_kind()
        self._failed = None
        self._llm = llm
        self._asked = settings.determinism
        self._revision = given.get("revision")
        self._template = settings.args.get("chat_template")
        self._config = llm.llm_engine.vllm_config
        self._tokenizer = llm.get_tokenizer()
        check_arguments(settings.args, self._config)
        rows = self._config.model_config.get_vocab_size()
        check_fit(self._tokenizer, rows, given["model"])
        # An adapter may bring rows of its own.
        self._rows = None if settings.args.get("enable_lora") else rows
        self._context = self._config.model_config.max_model_len
        self._workers = Workers(llm)
        self._workers.set_flags(self._asked)
        own = settings_in_force(llm, envs)
        in_force.check(self._asked, own, source=SOURCE)
        self._in_force = {**self._workers.check(self._asked, False), **own}
        self._children = ChildWatch()

    def facts(self):
        config = self._config
        parallel = config.parallel_config
        device = str(config.device_config.device_type)
        count = parallel.tensor_parallel_size * parallel.pipeline_parallel_size
        return {
            **attestation.facts(
                module="vllm",
                config=config,
                tokenizer=self._tokenizer,
                device=device,
                gpu_count=None if device == "cpu" else count,
                revision=self._revision,
            ),
            **in_force.facts(self._in_force),
            "engine.threads": self._in_force["threads"],
            "engine.logprobs": getattr(config.model_config, "logprobs_mode", "raw_logprobs"),
        }

    def before_request(self):
        if self._failed is not None:
            raise RuntimeError(f"vLLM failed in an earlier case and is asked nothing more: {self._failed}")
        prelude.seed_everything(self._asked["seed"])
        self._workers.seed(self._asked["seed"])

    def complete(self, request):
        params = self._params_class(
            **arguments(request.sampling, typed(request.extra), self._params_class, f"vLLM {self.version}"),
            output_kind=self._output_kind,
        )
        prompt = self._prompt(request.prompt)
        check_ids(self._ids_of(prompt), self._rows)
        engine = self._llm.llm_engine
        engine.add_request(request.id, prompt, params)
        try:
            output = self._steps(engine, request)
        except Exception as error:
            # What its step has left half-done hangs or shapes the next request.
            self._failed = last_line(error)
            raise
        self._check_room(request, output["finish_reason"])
        self._workers.check(self._asked, True)
        return output

    def close(self):
        self._children.disarm()
        shutdown = getattr(self._llm.llm_engine.engine_core, "shutdown", None)
        if shutdown is not None:
            shutdown()

    def _prompt(self, prompt):
        if prompt["kind"] == "text":
            return {"prompt": prompt["text"]}
        if prompt["kind"] == "tokens":
            return {"prompt_token_ids": prompt["token_ids"]}
        return {"prompt_token_ids": chat_token_ids(self._tokenizer, prompt["messages"], self._template)}

    def _steps(self, engine, request):
        prompt_ids = None
        while engine.has_unfinished_requests():
            for output in engine.step():
                if prompt_ids is None and output.prompt_token_ids is not None:
                    prompt_ids = list(output.prompt_token_ids)
                part = output.outputs[0]
                _tell(request, part)
                if output.finished:
                    return _end(part.finish_reason, prompt_ids)
            if request.is_stopped():
                # By our name: newer versions give the request another one, return it, and pass over it here.
                engine.abort_request([request.id])
                while engine.has_unfinished_requests():
                    engine.step()
                return _end("abort", prompt_ids)
        raise RuntimeError("vLLM ended the request without an output")

    def _ids_of(self, prompt):
        """Ids as vLLM makes them of a text; it takes those beyond the model's rows, and computes something or crashes."""
        if "prompt_token_ids" in prompt:
            return prompt["prompt_token_ids"]
        return self._tokenizer(prompt["prompt"])["input_ids"] if callable(self._tokenizer) else []

    def _check_room(self, request, reason):
        """vLLM ends an output where the context is full, as if that had been asked for."""
        limit = request.sampling["max_tokens"]
        if reason == "length" and request.tokens < limit:
            context = f"the context of {self._context} tokens (max_model_len)"
            raise ValueError(f"{context} was full after {request.tokens} tokens, before max_tokens {limit}")


def _end(reason, prompt_ids):
    if reason not in ("stop", "length", "abort"):
        raise RuntimeError(f"vLLM ended the request with {reason!r}")
    return {"finish_reason": reason, "prompt_token_ids": prompt_ids}


def _tell(request, part):
    """Tells the tokens of one step; the text that they add together goes with the last of them."""
    ids = list(part.token_ids)
    for place, token_id in enumerate(ids):
        logprob, margin = numbers_of(part.logprobs[place], token_id) if part.logprobs else (None, None)
        request.token(token_id, logprob, margin, part.text if place == len(ids) - 1 else "")


def numbers_of(alternatives, token_id):
    """Log-probability of the token, and that minus the best other one's; the second is None where no other is known."""
    chosen = alternatives[token_id].logprob
    others = [entry.logprob for other, entry in alternatives.items() if other != token_id]
    return chosen, (chosen - max(others) if others else None)


def _delta_kind():
    from vllm.sampling_params import RequestOutputKind

    return RequestOutputKind.DELTA
