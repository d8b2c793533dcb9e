"""Bounds on what a response may hold, checked before anything works on it: a few bytes of gzip can cost minutes."""

from __future__ import annotations

from typing import Final

# Far above a page of a hundred conversations; without a bound one response could take all memory.
LARGEST_BODY: Final = 32 * 1024 * 1024
# The documented row with the shortest values, a contact of nothing but empty texts, has 14 bytes a value. 11 million
# values fit into the largest body, as 31 kB of gzip, and took 42 s and 5 GB to become models.
_MOST_VALUES: Final = LARGEST_BODY // 12
# An object or a list takes 56 to 232 bytes of memory, and the shortest message that says something 40 of the body.
# So many take 214 MiB at most; the largest body of conversations takes 146.
_MOST_CONTAINERS: Final = LARGEST_BODY // 32
# A row becomes a model in 4 to 7 microseconds, whatever it is: 1 s for so many, as for the largest body of
# conversations. Three times the longest list known to come whole; as many messages of a period fill the largest body.
_MOST_ROWS: Final = 150_000


def has_too_many_values(body: bytes) -> bool:
    """
    Whether a body of JSON may hold more values than any that is honest.

    What is counted are bytes that begin a value, those within texts, too: it
    takes 0.03 s, and only a body of little but punctuation is wronged.
    """
    if len(body) <= _MOST_CONTAINERS:
        return False  # it has not enough bytes, as a page of a hundred conversations has not: counting is a fifth of it
    containers = body.count(b"[") + body.count(b"{")
    return containers > _MOST_CONTAINERS or containers + body.count(b",") > _MOST_VALUES


def has_too_many_rows(rows: list[object] | None) -> bool:
    """
    Whether the rows of a response are more than any that is honest.
    """
    return rows is not None and len(rows) > _MOST_ROWS
