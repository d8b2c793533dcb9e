"""What all tests share: the three fronts, recorded events, and the watch over the key."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from typing import Any

import pytest
from support.front import NAMES, Front
from support.scripted import Events
from support.watch import Watch, fail_if_shown, watching

# The dates of tests are those of the conversations before this moment, in processes they start, too.
os.environ["ALIVE5_SANDBOX_NOW"] = "2026-03-31T18:00:00+00:00"


@pytest.fixture(params=NAMES)
def front(request: pytest.FixtureRequest) -> Front:
    """
    Each of asyncio, trio and the blocking front in turn.
    """
    return Front(request.param)


@pytest.fixture
def events() -> Events:
    """
    An ``on_event`` that records.
    """
    return Events()


@pytest.fixture(autouse=True)
def canary_watch() -> Iterator[Watch]:
    """
    Fail a test in which the key shows up in a log record or a warning.
    """
    with watching() as watch:
        yield watch
    assert not watch.found, f"the key was shown in {', '.join(sorted(set(watch.found)))}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: Any, call: Any) -> Generator[None, Any, Any]:
    """
    Fail a test whose captured output shows the key.
    """
    report = yield
    fail_if_shown(report)
    return report
