"""Tests of engines are collected where the engine is installed, and run by ``nox -s engines``."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

HERE = Path(__file__).parent
# What a file's name has after "test_", and the package its tests import.
NEEDED = {
    "dlt": "dlt",
    "spark": "pyspark",
    "xlsx": "xlsxwriter",
    "recipes": "dask",
    "prefect": "prefect",
    "dagster": "dagster",
    "airflow": "airflow",
}
collect_ignore_glob = [f"test_{name}_*.py" for name, package in NEEDED.items() if find_spec(package) is None]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    Mark all tests of this folder, so that other sessions leave them out.
    """
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.engines)
