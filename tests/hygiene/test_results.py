"""The pages of figures and of promises are those of what was measured."""

from __future__ import annotations

import json
import re
import runpy
import sys
import tomllib
from pathlib import Path

import pytest
from hygiene.sources import imports
from support.promises import SENTENCES, load, table

ROOT = Path(__file__).parents[2]
# dlt and requests are in an environment of their own; the client is written by a generator when it is measured.
ELSEWHERE = {"dlt", "requests", "listing_client"}


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


def test_what_figures_are_measured_with_is_installed() -> None:
    scripts = [*(ROOT / "benchmarks").glob("b[0-9]*.py"), *(ROOT / "benchmarks").glob("export_*.py")]
    own = {file.stem for file in (ROOT / "benchmarks").glob("*.py")} | sys.stdlib_module_names
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*pyproject["project"]["dependencies"], *pyproject["dependency-groups"]["bench"]]
    installed = {re.split(r"[^\w-]", requirement)[0] for requirement in asked}
    used = {one.target.partition(".")[0] for script in scripts for one in imports(str(script)) if not one.ours}
    assert "orjson" in used
    assert used - own - ELSEWHERE <= installed
