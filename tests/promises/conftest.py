"""One chaos proxy without and one with TLS for all promises; a test begins with a plan of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.chaos import Chaos, Plan

QUIET = Plan(seed=1, share=0)


@pytest.fixture(scope="session")
def plain() -> Iterator[Chaos]:
    """
    Yield the one without TLS.
    """
    with Chaos(QUIET) as chaos:
        yield chaos


@pytest.fixture(scope="session")
def encrypted() -> Iterator[Chaos]:
    """
    Yield the one with TLS.
    """
    with Chaos(QUIET, tls=True) as chaos:
        yield chaos


@pytest.fixture(scope="session")
def slow() -> Iterator[Chaos]:
    """
    Yield one whose service takes its time.
    """
    with Chaos(QUIET, latency=0.04) as chaos:
        yield chaos


@pytest.fixture(params=["http", "tls"])
def chaos(request: pytest.FixtureRequest) -> Chaos:
    """
    Return each of the two in turn.
    """
    found: Chaos = request.getfixturevalue("plain" if request.param == "http" else "encrypted")
    return found
