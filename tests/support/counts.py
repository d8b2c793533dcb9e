"""
How often a promise is tried, and from which seed.

A test of a promise carries ``@pytest.mark.promise("S1")``. It asks here for its
count and its seed, and notes what it measured; the report of the promises
collects all three. ``ALIVE5_FULL=1`` chooses the full counts, ``ALIVE5_SEED``
repeats a run.
"""

from __future__ import annotations

import os
import random
from typing import Any

import attrs

FULL = os.environ.get("ALIVE5_FULL") == "1"


@attrs.define
class Noted:
    """What the running test told of itself."""

    count: int = 0
    seeds: list[int] = attrs.field(factory=list)
    measured: dict[str, Any] = attrs.field(factory=dict)


_now = Noted()


def count(*, ci: int, full: int) -> int:
    """
    Return how often to try: *ci* in every run of the tests, *full* for the report.
    """
    chosen = full if FULL else ci
    _now.count += chosen
    return chosen


def seed() -> int:
    """
    Return a seed and print it; ``ALIVE5_SEED`` overrides it.
    """
    chosen = int(os.environ.get("ALIVE5_SEED") or random.SystemRandom().randrange(1_000_000))
    _now.seeds.append(chosen)
    print(f"seed {chosen} (repeat with ALIVE5_SEED={chosen})")  # noqa: T201 - pytest shows it where a test fails
    return chosen


def measured(**values: Any) -> None:
    """
    Note what was measured, under a name for each value; of several notes of one test the largest is kept.
    """
    for name, value in values.items():
        _now.measured[name] = max(value, _now.measured.get(name, value))


def take() -> Noted:
    """
    Return what was noted since the last time.
    """
    global _now
    noted, _now = _now, Noted()
    return noted


class Seeded(random.Random):
    """A source of chance that knows its seed."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.seed_value = seed

    @classmethod
    def from_environment(cls) -> Seeded:
        """
        Take the seed of ``ALIVE5_SEED``, or a new one, and print it.
        """
        return cls(seed())
