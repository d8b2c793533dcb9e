"""
Further days to read: all up to the present where a host does not go by the start of a conversation, else some.

One that goes by the last message has those at the end of a period under later days, and no row may tell: none of the
others went on for long enough. Until one proves that the start counts, as many days more are read as may hold them.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Final

from ..plan.span import DAY, ZONE_SECONDS, Span
from ..plan.window import StoredWindow
from ..state.store import Store
from .backlog import Backlog
from .committer import Committer
from .progress import Progress

# Judgement: those that are missing may have gone on for longer than any that was seen.
_LONGER: Final = 2
_HOUR_US: Final = 3_600_000_000


async def widen(
    kind: str, backlogs: Mapping[str, Backlog], committer: Committer, store: Store, progress: Progress
) -> bool:
    """
    Add the days in which a conversation of the period may end; return whether there are some.

    The rows of any kind tell: a kind with few may hold none that shows it.
    """
    backlog = backlogs[kind]
    if backlog.beyond is None or backlog.reader.accept:
        return False
    high = _needed(backlog.beyond, backlog, backlogs)
    low = max(window.span.high for window in await committer.ask(store.windows, kind))
    if low >= high:
        return False
    span = Span(low, high)
    await committer.ask(store.replan, kind, [], [StoredWindow(kind=kind, span=span)])
    backlog.todo.append(span)
    progress.kinds[kind].seconds += span.seconds
    return True


def _needed(beyond: Span, backlog: Backlog, backlogs: Mapping[str, Backlog]) -> int:
    """Return up to which second has to be read."""
    evidence = [each.reader.evidence for each in backlogs.values()]
    if not all(each.fits_start for each in evidence):
        return beyond.high
    own = backlog.reader.evidence
    # What an earlier run saw holds for what it read: the host may have changed.
    if own.by_start or (own.was_by_start and not backlog.fresh):
        return beyond.low
    lasting = max(each.lasting_us for each in evidence if not each.by_start) / 1_000_000
    # A period ends a day before what is read, or earlier.
    return min(beyond.high, ceil((beyond.low - DAY + ZONE_SECONDS + _LONGER * lasting) / DAY) * DAY)


async def remember_lasting(kind: str, backlog: Backlog, committer: Committer, store: Store) -> None:
    """
    Remember for how long conversations go on, by the hour, before the window that shows it is: it is not read again.
    """
    lasting = backlog.reader.evidence.lasting_us
    if lasting > backlog.lasting_us:
        backlog.lasting_us = ceil(lasting / _HOUR_US) * _HOUR_US
        await committer.ask(store.remember, kind, {"lasting_us": backlog.lasting_us})
