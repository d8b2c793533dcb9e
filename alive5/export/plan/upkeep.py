"""
Which proven windows are read again so that an export stays true, and as of when it is; pure.

A window is proven as of its reading. Conversations live on, and listings show
them by their start alone, so what changed later is found by reading again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from typing import Final

import attrs

from .planner import FILL, WIDEST
from .span import DAY, ZONE_SECONDS, Span
from .window import StoredWindow

# Requests a run. An account of some 15,000 conversations is swept whole each night; at one request a quarter of a
# second, which most hosts allow, a night's sweep ends within a minute.
DEFAULT_SWEEP: Final = 200
# Before the last reading of the feed: as much as the clocks and time zones of both sides may be apart, and a day.
FEED_LOOK_BACK: Final = 2 * DAY
_SECOND: Final = 1_000_000


def sweep(windows: Iterable[StoredWindow], again: Sequence[Span], budget: int | None) -> list[Span]:
    """
    Return the proven windows to read again, the oldest reading first, for about *budget* requests; None is all.

    Those that *again* has already are left out. One window at least is read,
    so that a window of many pages does not stop the sweep.
    """
    if budget == 0:
        return []
    waiting = [window for window in windows if is_proven(window) and not _overlaps(window.span, again)]
    waiting.sort(key=lambda window: (window.read_us, window.span))
    chosen: list[Span] = []
    spent = 0
    for window in waiting:
        spent += cost(window)
        if chosen and budget is not None and spent > budget:
            break
        chosen.append(window.span)
    return chosen


def runs_for_all(windows: Iterable[StoredWindow], budget: int | None) -> int | None:
    """
    Return in how many runs a whole sweep takes; None when there is no sweep.
    """
    if budget == 0:
        return None
    total = sum(cost(window) for window in windows if window.state == "done")
    return 1 if budget is None else max(1, ceil(total / budget))


def as_of_us(windows: Iterable[StoredWindow]) -> int | None:
    """
    Return the oldest reading of the windows that were read; None when there is none, or it is not known.
    """
    oldest = min((window.read_us for window in windows if window.state == "done"), default=0)
    return oldest or None


def touched_windows(
    starts_us: Mapping[str, int], windows: Sequence[StoredWindow], *, one_by_one: bool = True
) -> tuple[list[Span], set[str]]:
    """
    Return the proven windows to read again for conversations that were touched, and those to ask for one by one.

    *starts_us* holds their starts by id. Windows are read again when that costs
    no more than the conversations in them do, a request each.
    """
    groups: dict[tuple[int, ...], set[str]] = {}
    for name, start in starts_us.items():
        numbers = (number for number, window in enumerate(windows) if _may_hold(window.span, start))
        groups.setdefault(tuple(numbers), set()).add(name)
    whole = {number for number, window in enumerate(windows) if not is_proven(window)}
    to_do = frozenset(whole)
    single: set[str] = set()
    # Those that lie in one window first: others may then come with it.
    for homes, names in sorted(groups.items(), key=lambda group: (len(group[0]), group[0])):
        more = sum(cost(windows[number]) for number in homes if number not in whole)
        if homes and (more <= len(names) or not one_by_one):
            whole |= set(homes)
        else:
            single |= names
    return [windows[number].span for number in sorted(whole - to_do)], single


def joined(windows: Sequence[StoredWindow], page: int, before: int) -> list[StoredWindow]:
    """
    Return the windows with neighbours joined that ended *before* and that fit in a page together.

    Nightly runs leave a window a day behind, and each is a request when it is read again.
    A joined window is as true as the older of both readings.
    """
    kept: list[StoredWindow] = []
    for window in windows:
        last = kept[-1] if kept else None
        if last is not None and _may_join(last, window, before) and last.rows + window.rows <= FILL * page:
            both = Span(last.span.low, window.span.high)
            if both.seconds <= WIDEST:
                kept[-1] = attrs.evolve(
                    last,
                    span=both,
                    rows=last.rows + window.rows,
                    pages=max(last.pages, window.pages),
                    grade=max(last.grade, window.grade),
                    read_us=min(last.read_us, window.read_us),
                )
                continue
        kept.append(window)
    return kept


def _may_join(first: StoredWindow, second: StoredWindow, before: int) -> bool:
    plain = all(is_proven(window) and window.span.is_days and not window.flags for window in (first, second))
    return plain and first.span.high == second.span.low and second.span.high <= before


def cost(window: StoredWindow) -> int:
    """
    Return how many requests reading a window again takes, by its last reading.
    """
    return max(window.pages, 1)


def is_proven(window: StoredWindow) -> bool:
    """
    Whether nothing but the time since asks for another reading of a window.
    """
    return window.state == "done" and not window.open and window.grade != "C"


def feed_start(windows: Iterable[StoredWindow], followed_us: int | None, begin: int) -> int:
    """
    Return the second from which the feed of messages is to be read.

    That is a look-back before it was read last, or before the oldest reading;
    the *begin* of the job where no reading is known.
    """
    since = followed_us if followed_us is not None else as_of_us(windows)
    return begin if since is None else max(begin, since // _SECOND - FEED_LOOK_BACK)


def _overlaps(span: Span, others: Iterable[Span]) -> bool:
    return any(one.low < span.high and span.low < one.high for one in others)


def _may_hold(span: Span, start_us: int) -> bool:
    """Whether the host may show a conversation in a window: its days may be of any zone."""
    return span.low - ZONE_SECONDS <= start_us // _SECOND < span.high + ZONE_SECONDS
