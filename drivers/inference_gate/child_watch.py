"""The processes that an engine computes in, watched: vLLM's own client waits for ever for one that was killed."""

import multiprocessing
import os
import sys
import threading
from multiprocessing.connection import wait

# For the engine to tell of the end itself, which says more than an exit code.
_GRACE_SECONDS = 2


class ChildWatch:
    """Ends this process as its child was ended, with 128 + n for signal n, unless `disarm` came first."""

    def __init__(self):
        self._disarmed = threading.Event()
        children = multiprocessing.active_children()
        if children:
            threading.Thread(target=self._watch, args=(children,), daemon=True).start()

    def disarm(self):
        """Before the children are asked to end."""
        self._disarmed.set()

    def _watch(self, children):
        while children:
            wait([child.sentinel for child in children])
            # Each asked once: a process that is being killed closes its files before it has an exit code.
            codes = [(child, child.exitcode) for child in children]
            for child, code in codes:
                if code:
                    self._end_as(child, code)
                    return
            # One that has done its work was no engine.
            children = [child for child, code in codes if code is None]

    def _end_as(self, child, code):
        if self._disarmed.wait(_GRACE_SECONDS):
            return
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        sys.stderr.write(f"{child.name}, a process of the engine, was ended by {how}\n")
        sys.stderr.flush()
        os._exit(128 - code if code < 0 else code)
