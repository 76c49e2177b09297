"""
Every process that computes: one, or one a GPU in a tensor-parallel group. What is set and read is set and read there, since a
process that only schedules says nothing of the ones that compute.
"""

from . import in_force, prelude


class Workers:
    """The workers of an `LLM`."""

    def __init__(self, llm):
        self._llm = llm

    def seed(self, seed):
        """Starts the global generators of every worker anew."""
        self._each(_seed, seed)

    def set_flags(self, determinism):
        """A worker that was not forked from us has not inherited what we set."""
        self._each(_set_flags, determinism)

    def check(self, asked, is_quick):
        """Raises Refused for the first setting that is not in force in some worker; returns what is in force in the first."""
        found = self._each(_measure, is_quick)
        for rank, one in enumerate(found):
            in_force.check(asked, one, f" in worker {rank}" if len(found) > 1 else "")
        return found[0]

    def _each(self, function, *args):
        return self._llm.collective_rpc(function, args=args)


def _seed(_worker, seed):
    prelude.seed_everything(seed)


def _set_flags(_worker, determinism):
    import torch

    prelude.set_flags(determinism)
    try:
        torch.set_num_interop_threads(determinism["interop_threads"])
    except RuntimeError:
        # Too late in a process that has used them; whether it matters is read back.
        pass


def _measure(_worker, is_quick):
    import torch

    return in_force.quickly(torch) if is_quick else in_force.measured(torch)
