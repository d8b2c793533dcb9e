"""The fake service all hosts talk to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hosts.server import FakeAlive5


@pytest.fixture
def fake() -> Iterator[FakeAlive5]:
    """
    A service of its own for each test.
    """
    with FakeAlive5() as fake:
        yield fake
