"""Chance that tells how to be replayed."""

from __future__ import annotations

import random

import counts


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
        return cls(counts.seed())
