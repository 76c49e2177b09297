"""Entry: names this folder as the package `inference_gate`, wherever it is mounted, and hands over to the engine's driver."""

import importlib.util
import os
import sys


def _import_package():
    # The folder may be mounted under any name, and its modules must not shadow anybody else's.
    here = os.path.dirname(os.path.abspath(__file__))
    if sys.path and os.path.abspath(sys.path[0] or ".") == here:
        del sys.path[0]
    spec = importlib.util.spec_from_file_location(
        "inference_gate", os.path.join(here, "__init__.py"), submodule_search_locations=[here]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["inference_gate"] = module
    # A process that the engine spawns is given this path, and finds us by name when it is asked what is in force in it. Last,
    # so that nothing beside us is found before a package of the engine's.
    if os.path.basename(here) == "inference_gate":
        sys.path.append(os.path.dirname(here))
    spec.loader.exec_module(module)


if __name__ == "__main__":
    # The folder is mounted read-only; the engine's own packages may still be compiled once.
    keep = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    _import_package()
    from inference_gate import launch

    sys.dont_write_bytecode = keep
    sys.exit(launch.main(sys.argv[1:]))
