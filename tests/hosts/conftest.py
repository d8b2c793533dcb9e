"""The fake service all hosts talk to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.host_server import FakeAlive5


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[FakeAlive5]:
    """
    A service of its own for each test, over TLS.
    """
    with FakeAlive5(tmp_path) as fake:
        yield fake
