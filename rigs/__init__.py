"""Our own rigs: they show, try, break and measure tenfour, and no agency needs them.

Each `command.py` here is one command of `tenfour`, found by its entry point in `pyproject.toml` when it is typed. The
help does not list them; `make help` and `docs/developer/proof.md` do.
"""
