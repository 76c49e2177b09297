"""Inference Gate's drivers: programs that run beside or inside an inference engine, with the Python of its image.

Run as `python3 <this folder> <engine>`. Needs Python 3.9 or newer and the engine's own packages, nothing else.
"""
