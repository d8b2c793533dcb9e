"""The pages of figures and of promises are those of what was measured."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest
from support.promises import SENTENCES, load, table

ROOT = Path(__file__).parents[2]


def test_figures_are_as_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    rows = json.loads((ROOT / "benchmarks" / "results.json").read_text(encoding="utf-8"))
    page, picture = runpy.run_path(str(ROOT / "benchmarks" / "told.py"))["told"](rows)
    assert (ROOT / "benchmarks" / "RESULTS.md").read_text(encoding="utf-8") == page, "python benchmarks/told.py"
    assert (ROOT / "docs" / "speed.svg").read_text(encoding="utf-8") == picture


def test_promises_are_as_measured() -> None:
    measured = [load(ROOT / "tests" / "promises" / "measured", promise) for promise in SENTENCES]
    page = table(run for run in measured if run is not None)
    assert (ROOT / "docs" / "promises.md").read_text(encoding="utf-8") == page, "nox -s promises -- --only S1"
