"""What vLLM's workers add to themselves: the prelude in a process that did not inherit it, and what is in force where the model is computed."""

import json

from . import attestation, in_force, prelude
from .refusal import Refused
from .settings import read_settings
from .vllm_in_force import check_arguments, config_in_force

prelude.renew(read_settings([]).determinism)


class Attested:
    """Becomes a base of vLLM's worker class (`--worker-extension-cls`); its method is called through `collective_rpc`."""

    def inference_gate_attested(self):
        """JSON text: `facts`, `in_force` of torch and `of_engine` of vLLM in this process, or `refused`."""
        import torch
        from vllm import envs

        try:
            config = self.vllm_config
            check_arguments(read_settings([]).args, config)
            parallel = config.parallel_config
            device = str(config.device_config.device_type)
            count = parallel.tensor_parallel_size * parallel.pipeline_parallel_size
            facts = attestation.facts(
                module="vllm",
                config=config,
                device=device,
                gpu_count=None if device == "cpu" else count,
                revision=config.model_config.revision,
            )
            of_engine = config_in_force(config, envs)
            return json.dumps({"facts": facts, "in_force": in_force.measured(torch), "of_engine": of_engine})
        except Refused as refused:
            return json.dumps({"refused": refused.as_message()})
