"""The figures of docs/scale.md are those of its arithmetic; the simulation that checks them is a session of its own."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "docs" / "scale.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def simulate() -> Any:
    spec = spec_from_file_location("simulate", PROJECT / "benchmarks" / "simulate.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["simulate"] = module  # dataclasses look their module up
    try:
        spec.loader.exec_module(module)
        yield module
    finally:
        del sys.modules["simulate"]


def test_the_arithmetic_is_that_of_the_program(simulate: Any) -> None:
    assert "\n".join(simulate.arithmetic()) in PAGE


def test_each_scene_is_in_the_table_with_its_minutes(simulate: Any) -> None:
    for scene in simulate.scenes():
        minutes = "" if scene.dies else f"{scene.hours * 60:.1f}"
        assert f"| {scene.name} | {scene.sum} |{f' {minutes} ' if minutes else ' '}|" in PAGE, scene.name
