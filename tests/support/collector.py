"""A pytest plugin: runs the tests of one promise and writes down what they came to."""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from support import counts


def pytest_addoption(parser: pytest.Parser) -> None:
    """
    Take the promise, the shard such as 1/4, and the file to write.
    """
    group = parser.getgroup("promises")
    group.addoption("--promise")
    group.addoption("--promise-shard", default="1/1")
    group.addoption("--promise-out", type=Path)


def pytest_configure(config: pytest.Config) -> None:
    """
    Join in when a promise is named.
    """
    if config.getoption("--promise"):
        config.pluginmanager.register(Collector(config), "promises-collector")


class Collector:
    """Chooses the tests and gathers counts, seeds and outcomes."""

    def __init__(self, config: pytest.Config) -> None:
        self._promise: str = config.getoption("--promise")
        self._out: Path | None = config.getoption("--promise-out")
        part, parts = config.getoption("--promise-shard").split("/")
        self._part, self._parts = int(part), int(parts)
        self._tests: dict[str, dict[str, Any]] = {}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        proving = [item for item in items if any(self._promise in mark.args for mark in item.iter_markers("promise"))]
        mine = {item for number, item in enumerate(proving) if number % self._parts == self._part - 1}
        config.hook.pytest_deselected(items=[item for item in items if item not in mine])
        items[:] = [item for item in items if item in mine]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        counts.take()
        test = self._tests[item.nodeid] = {"outcome": "passed", "seconds": 0.0}
        result = yield
        noted = counts.take()
        test.update(count=noted.count, seeds=noted.seeds, measured=noted.measured)
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        test = self._tests[report.nodeid]
        test["seconds"] += report.duration
        if report.outcome != "passed" and test["outcome"] != "failed":
            test["outcome"] = report.outcome

    def pytest_sessionfinish(self) -> None:
        if self._out is not None and self._tests:
            self._out.write_text(json.dumps(self._tests, indent=1))
