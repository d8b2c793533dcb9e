"""
Runs atheris on one parser: ``python tests/fuzz/run_atheris.py envelope [libFuzzer's options]``.

What crashes is written to ``tests/fuzz/corpus`` by hand once it is mended, so
that every run of the tests tries it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["alive5"]):
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from fuzz.parsers import PARSERS

if __name__ == "__main__":
    name, *options = sys.argv[1:]
    atheris.Setup([sys.argv[0], *options, str(Path(__file__).parent / "corpus" / name)], PARSERS[name])
    atheris.Fuzz()
