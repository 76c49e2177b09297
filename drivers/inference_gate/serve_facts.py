"""`GET /inference-gate/facts` of vLLM's server: what is in force in its workers, and the tokenizer that renders prompts."""

import json
import sys
import traceback

from . import attestation, in_force
from .failure import hints_of, last_line
from .refusal import Refused
from .settings import read_settings
from .tokenizers_fit import check_fit
from .vllm_in_force import SOURCE

PATH = "/inference-gate/facts"


class Facts:
    """An ASGI middleware (vLLM's `--middleware`): answers one path and leaves every other request alone."""

    def __init__(self, app):
        self._app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._app(scope, receive, send)
            return
        body = json.dumps(await _told(scope["app"].state)).encode("utf-8")
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode("ascii"))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def _told(state):
    try:
        return {"facts": await _facts(state)}
    except Refused as refused:
        return {"refused": refused.as_message()}
    except Exception as error:  # noqa: BLE001 - the gate must hear of it, whatever it is
        traceback.print_exception(type(error), error, error.__traceback__, file=sys.stderr)
        refused = Refused("engine-start-failed", "the server", last_line(error), "facts of its workers", hints_of(error))
        return {"refused": refused.as_message()}


async def _facts(state):
    client = state.engine_client
    settings = read_settings([])
    workers = [json.loads(text) for text in await client.collective_rpc("inference_gate_attested")]
    for worker in workers:
        if "refused" in worker:
            raise Refused.of_message(worker["refused"])
        worker["of_engine"]["multiprocessing"] = type(client.engine_core).__name__ != "InprocClient"
        in_force.check(settings.determinism, worker["in_force"])
        in_force.check(settings.determinism, worker["of_engine"], source=SOURCE)
    first = {**workers[0], "in_force": {**workers[0]["in_force"], **workers[0]["of_engine"]}}
    tokenizer = await _tokenizer(client)
    rows = client.model_config.get_vocab_size()
    check_fit(tokenizer, rows, settings.model["name"])
    return {
        **first["facts"],
        **in_force.facts(first["in_force"]),
        **attestation.tokenizer_facts(tokenizer),
        **_template_facts(state),
        # An adapter may bring rows of its own.
        **({} if settings.args.get("enable_lora") else {"model.rows": rows}),
        "engine.threads": first["in_force"]["threads"],
        "engine.logprobs": getattr(client.model_config, "logprobs_mode", "raw_logprobs"),
    }


async def _tokenizer(client):
    """Newer clients give it at once, older ones have to be waited for."""
    found = client.get_tokenizer()
    return await found if hasattr(found, "__await__") else found


def _template_facts(state):
    """`--chat-template` takes the place of the tokenizer's own."""
    given = getattr(getattr(state, "args", None), "chat_template", None)
    if not isinstance(given, str):
        return {}
    try:
        with open(given, encoding="utf-8") as file:
            given = file.read()
    except OSError:
        pass
    return {"model.chat_template": attestation.digest_of_text(given)}
