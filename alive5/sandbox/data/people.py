"""Seeded people, and where they write from."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final, NamedTuple, TypeVar

from .phrases import LANGUAGES, Language

T = TypeVar("T")

_WORD: Final = (1 << 64) - 1
_NETWORKS: Final = ("192.0.2", "198.51.100", "203.0.113")
LINES: Final = ("+12025550100", "+12025550101")
CUSTOMERS: Final = tuple(f"+120255501{number}" for number in range(10, 100))


class Person(NamedTuple):
    """Someone who writes to the sandbox's company."""

    language: Language
    first_name: str
    last_name: str
    email: str
    phone: str


def mix(*numbers: int) -> int:
    """
    Return 64 bits mixed from whole numbers, the same on every Python.
    """
    state = 0x9E3779B97F4A7C15
    for number in numbers:
        state = (state ^ (number & _WORD)) * 0xBF58476D1CE4E5B9 & _WORD
        state = (state ^ (state >> 27)) * 0x94D049BB133111EB & _WORD
        state ^= state >> 31
    return state


def pick(rng: random.Random, options: Sequence[T]) -> T:
    """
    Return one item, chosen by ``random()`` alone, whose values no Python version changes.
    """
    return options[int(rng.random() * len(options))]


def person(rng: random.Random) -> Person:
    """
    Return a made-up person.
    """
    language = pick(rng, LANGUAGES)
    number = int(rng.random() * 1_000_000)
    host = pick(rng, ("example.com", "example.org"))
    return Person(
        language,
        pick(rng, language.first_names),
        pick(rng, language.last_names),
        f"visitor.{number:06}@{host}",
        pick(rng, CUSTOMERS),
    )


def address(rng: random.Random) -> str:
    """
    Return an address of the networks reserved for documentation.
    """
    return f"{pick(rng, _NETWORKS)}.{1 + int(rng.random() * 254)}"
