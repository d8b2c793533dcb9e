"""Every input of the fuzzer's corpus, in every run of the tests; ``nox -s fuzz`` goes on from there."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzz.parsers import PARSERS

CORPUS = Path(__file__).parent / "corpus"
INPUTS = sorted(path for path in CORPUS.glob("*/*") if path.is_file())


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_the_corpus(path: Path) -> None:
    PARSERS[path.parent.name](path.read_bytes())


def test_each_parser_has_a_corpus() -> None:
    assert {path.parent.name for path in INPUTS} == set(PARSERS)
