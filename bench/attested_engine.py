"""An engine of no use that tells what computes, as the drivers do: facts measured inside, and how long that took.

    python3 attested_engine.py <folder of the drivers>
"""

import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(sys.argv[1]))
sys.dont_write_bytecode = True
from inference_gate import attestation  # noqa: E402

start = time.perf_counter()
facts = attestation.facts()
facts["engine.inside-ms"] = (time.perf_counter() - start) * 1000
print(json.dumps({"type": "ready", "protocol": 1, "engine": {"name": "attested", "version": "1"}, "facts": facts}), flush=True)
for line in sys.stdin:
    if json.loads(line)["type"] == "bye":
        break
