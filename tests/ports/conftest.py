"""Randomness that can be replayed."""

from __future__ import annotations

import pytest
from support.counts import Seeded


@pytest.fixture
def seeded() -> Seeded:
    """
    A source of chance; its seed is printed, and ``ALIVE5_SEED`` replays it.
    """
    return Seeded.from_environment()
