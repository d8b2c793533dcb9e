"""Slices of a job, each fetched alone; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import pairwise
from math import ceil
from typing import Any, Final

import attrs

from .job import Job
from .span import DAY, END_OF_TIME, day_of

_SECOND: Final = 1_000_000
_DAY: Final = timedelta(days=1)


@attrs.frozen(kw_only=True)
class Slice:
    """
    Whole days of one kind, and what is known of the host; it pickles, and its text is its name.
    """

    job: Job
    facts: Mapping[str, Any] = attrs.field(hash=False)

    @property
    def kind(self) -> str:
        """The kind of conversation."""
        return self.job.kinds[0]

    def __str__(self) -> str:
        lower, upper = self.job.bounds
        last = "" if upper >= END_OF_TIME else day_of((upper - 1) // _SECOND)
        return f"{self.kind} {day_of(lower // _SECOND)}..{last}"


def shares(rates: Mapping[str, float], slices: int) -> dict[str, int]:
    """
    Return how many of about *slices* each kind is divided into, by its rows a second.
    """
    total = sum(rates.values())
    return {kind: max(1, ceil(slices * (rate / total if total else 1 / len(rates)))) for kind, rate in rates.items()}


def divided(job: Job, kind: str, parts: int, now: float) -> Iterator[Job]:
    """
    Yield at most *parts* jobs of one kind and whole days; together they are the period up to now.
    """
    lower, upper = job.bounds_by(now)
    day = DAY * _SECOND
    low, days = lower // day, -(-upper // day) - lower // day
    parts = min(parts, days)
    edges = [lower, *((low + days * part // parts) * day for part in range(1, parts)), upper]
    for begin, end in pairwise(edges):
        first, last = day_of(begin // _SECOND), day_of((end - 1) // _SECOND)
        if job.exact:
            yield attrs.evolve(job, kinds=(kind,), first=first - _DAY, last=last + _DAY, lower_us=begin, upper_us=end)
        else:
            yield attrs.evolve(job, kinds=(kind,), first=first, last=last)
