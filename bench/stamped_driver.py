"""The gate's own driver with stamps around what it does, and beside each answer the bare loop on the same `LLM`, in turns.

    python stamped_driver.py <file for the stamps, JSON Lines> <JSON: sampling of the bare loop, or null for none> <folder of the driver> vllm …

A stamp is wall time and the processor time of this whole process, all threads, user and system, in milliseconds; `coreCpuMs` is the part
that vLLM's core spent on computing tokens, which is the same work with a gate and without one.
"""

import functools
import importlib.util
import json
import os
import sys
import time

began = (time.perf_counter(), 0.0)
place, bare_sampling, folder = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3]


def now():
    return time.perf_counter(), time.process_time()


def since(start):
    wall, cpu = now()
    return {"ms": (wall - start[0]) * 1000, "cpuMs": (cpu - start[1]) * 1000}


def tell(**stamp):
    with open(place, "a", encoding="utf-8") as file:
        file.write(json.dumps(stamp) + "\n")


def timed(name, function):
    """The function, each call told with what it took."""
    @functools.wraps(function)
    def around(*args, **kwargs):
        start = now()
        try:
            return function(*args, **kwargs)
        finally:
            tell(step=name, **since(start))

    return around


class Core:
    """How much processor time vLLM's core has used since it was last asked."""

    def __init__(self):
        self._ms = 0.0

    def watch(self, core):
        compute = core.get_output

        def watched():
            start = time.process_time()
            try:
                return compute()
            finally:
                self._ms += (time.process_time() - start) * 1000

        core.get_output = watched

    def spent(self):
        spent, self._ms = self._ms, 0.0
        return spent


core = Core()


def answered(work):
    """What the work gives, and its stamps."""
    core.spent()
    start = now()
    result = work()
    return result, {**since(start), "coreCpuMs": core.spent()}


def bare(engine, message):
    """What a script does that only wants the answer: bench/bare_vllm.py does the same."""
    import vllm

    def work():
        params = vllm.SamplingParams(**bare_sampling)
        [output] = engine._llm.generate([message["text"]], params, use_tqdm=False)
        return output

    output, took = answered(work)
    return {**took, "ids": list(output.outputs[0].token_ids)}


def stamp(protocol):
    """Every answer with its stamps; even ones before the bare loop and odd ones after it: A B B A behind the warm-up."""
    answer = protocol._answer
    asked = []

    def stamped(channel, engine, request):
        asked.append(request.id)
        is_first = len(asked) % 2 == 0
        beside = bare(engine, request.prompt) if bare_sampling is not None and not is_first else None
        _, took = answered(lambda: answer(channel, engine, request))
        if bare_sampling is not None and is_first:
            beside = bare(engine, request.prompt)
        # The gate ends this process before it could tell how long it has lived.
        tell(request=len(asked), tokens=request.tokens, gate=took, bare=beside, lived=since(began))

    protocol._answer = stamped


def main():
    spec = importlib.util.spec_from_file_location("driver_entry", os.path.join(folder, "__main__.py"))
    entry = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True
    spec.loader.exec_module(entry)
    entry._import_package()
    from inference_gate import launch, prelude, protocol, vllm_offline

    sys.dont_write_bytecode = False
    stamp(protocol)
    prelude.apply = timed("prelude", prelude.apply)
    importing = vllm_offline._import_vllm

    def import_vllm():
        imported = importing()
        llm = sys.modules["vllm"].LLM
        llm.__init__ = timed("llm", llm.__init__)
        return imported

    vllm_offline._import_vllm = timed("import", import_vllm)
    engine = vllm_offline.VllmEngine
    read_back = timed("read-back", engine.__init__)

    def made(self, module, llm, *rest):
        read_back(self, module, llm, *rest)
        core.watch(llm.llm_engine.engine_core)

    engine.__init__ = made
    engine.facts = timed("attestation", engine.facts)
    return launch.main(sys.argv[4:])


if __name__ == "__main__":
    sys.exit(main())
