"""Randomised tests of this room: the same examples in every run, or those of ALIVE5_SEED."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, seed, settings

SEED = os.environ.get("ALIVE5_SEED")
settings.register_profile(
    "alive5-pure",
    derandomize=SEED is None,
    max_examples=int(os.environ.get("ALIVE5_EXAMPLES", "300")),
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
settings.load_profile("alive5-pure")


def pytest_report_header() -> str:
    return f"alive5 pure examples: {'derandomized' if SEED is None else f'ALIVE5_SEED={SEED}'}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    Let ALIVE5_SEED choose other examples.
    """
    for item in items:
        function = getattr(item, "obj", None)
        if SEED is not None and Path(__file__).parent in item.path.parents and hasattr(function, "hypothesis"):
            seed(int(SEED))(getattr(function, "__func__", function))
