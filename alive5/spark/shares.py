"""What each partition reads, and up to when a stream may; pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from itertools import count
from typing import Any, Final, TypeVar

import attrs

from .._sansio.window import Window
from ..export.plan.now import is_final
from ..export.plan.span import DAY, Span, floor_day

T = TypeVar("T")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)
_TICK: Final = timedelta(microseconds=1)
# A condition's time may be of Spark's zone or of Python's, which differ by a day at most; Spark looks at every row.
_MARGIN: Final = timedelta(days=1)
_LOWER: Final = frozenset(("EqualTo", "EqualNullSafe", "GreaterThan", "GreaterThanOrEqual"))
_UPPER: Final = frozenset(("EqualTo", "EqualNullSafe", "LessThan", "LessThanOrEqual"))


@attrs.frozen(kw_only=True)
class Wanted:
    """
    What conditions leave of a read: the values of ``account`` and ``kind``, None for all, and bounds of ``start_time``.
    """

    accounts: frozenset[str] | None = None
    kinds: frozenset[str] | None = None
    lower: datetime | None = None
    upper: datetime | None = None

    def narrowed(self, name: str, column: tuple[str, ...], value: Any) -> Wanted:
        """
        Return what a condition leaves, by the name of its class in pyspark; others leave all.
        """
        if column in (("kind",), ("account",)) and name in ("EqualTo", "EqualNullSafe", "In"):
            values = frozenset((value,) if isinstance(value, str) else value or ())
            if column == ("kind",):
                return attrs.evolve(self, kinds=_both(self.kinds, values))
            return attrs.evolve(self, accounts=_both(self.accounts, values))
        if column == ("start_time",) and isinstance(value, datetime):
            try:
                return self._between(name, value.astimezone(timezone.utc))
            except OverflowError:
                return self  # a time at the edge of the calendar bounds nothing
        return self

    def _between(self, name: str, moment: datetime) -> Wanted:
        lower = moment - _MARGIN if name in _LOWER else None
        upper = moment + _MARGIN if name in _UPPER else None
        return attrs.evolve(
            self,
            lower=max((one for one in (self.lower, lower) if one), default=None),
            upper=min((one for one in (self.upper, upper) if one), default=None),
        )

    def period(self, window: Window) -> tuple[datetime, datetime] | None:
        """
        Return the start and the end of what is left of a period, the end included; None when that is nothing.
        """
        lower = max(window.lower, self.lower or window.lower)
        upper = min(window.upper, self.upper or window.upper)
        return (lower, upper - _TICK) if lower < upper else None


def _both(before: frozenset[str] | None, values: frozenset[str]) -> frozenset[str]:
    return values if before is None else values & before


def dealt(groups: Sequence[Sequence[T]], most: int) -> list[list[T]]:
    """
    Return the pieces of groups in at most *most* lists of about equal length.

    A group is an account. Where there are more of them than lists, each lies
    in one list whole, so that no account is read by two tasks at a time.
    """
    wide = max(1, most // len(groups)) if groups else 1
    shares = [list(group[part::wide]) for group in groups for part in range(wide)]
    lists = [share for share in shares if share]
    return [[piece for share in lists[number::most] for piece in share] for number in range(min(most, len(lists)))]


def settled_through(now: float) -> datetime:
    """
    Return the midnight before which every day has ended, wherever the server's days are, and has settled.

    The day after it has, too: a slice reads one day beyond its last.
    """
    days = count(floor_day(now), -DAY)
    return _EPOCH + timedelta(seconds=next(day for day in days if is_final(Span(day, day + DAY), now)))


def latest(before: datetime, now: float, end: datetime | None) -> datetime:
    """
    Return up to when a stream may read, never less than *before*, and not beyond its *end*.
    """
    settled = settled_through(now)
    return max(before, settled if end is None else min(settled, end))


def batch(start: datetime, end: datetime, first: datetime, lookback: int) -> tuple[datetime, datetime] | None:
    """
    Return the period of a stream's batch, the end included: with *lookback* days read before, not before *first*.
    """
    if start >= end:
        return None
    return max(first, start - timedelta(days=lookback)), end - _TICK
