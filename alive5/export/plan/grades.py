"""Grades of windows and jobs: how far they are proven complete; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, cast

from ..._sansio.page_base import PAGE_ZERO_LOST
from ..._sansio.paging import USUAL_LIMIT
from ..report import Grade
from .span import DAY
from .window import StoredWindow

FATAL: Final = frozenset(("cut", "filter_ignored", "hole", "moved", "page_zero_lost", "promised_more", "strange"))
"""What makes a window a C: rows may be missing."""
UNCOUNTED: Final = "uncounted"
"""Its rows were not counted again as part of a longer period."""
SAMPLED: Final = "sampled"
"""Only some of its pages were read again, which is no anomaly."""
# Several responses of one odd size show a limit too; below this they are just as likely a coincidence.
_LEAST_LIMIT: Final = 20
# Judgement: of so many rows on several pages one may have moved between them, unseen where samples are read again.
_MOVED: Final = 10
_SENTENCES: Final = {
    "by_end": "conversations came that began before the days asked for and ended in them",
    "by_message": "conversations came that began before the days asked for and have a message in them",
    "far_rows": "a few rows lie far outside of the days asked for",
    "cut": "the response may have been cut at the server's limit, and the listing has no pages",
    "filter_ignored": "the server ignored the dates",
    "hole": "an empty page stood between others",
    "moved": "rows moved while the pages were read, twice",
    "page_zero_lost": PAGE_ZERO_LOST,
    "promised_more": "the server promised more rows than it gave",
    "short_page": "a page in the middle was short",
    "strange": "a response held no list of rows",
    UNCOUNTED: "its rows were not counted again as part of a longer period",
}


def grade_of(flags: Iterable[str], *, proven: bool) -> Grade:
    """
    Return the grade of a window: A proven, B paged and clean, C when rows may be missing.
    """
    if FATAL & set(flags):
        return "C"
    return "A" if proven and not {UNCOUNTED, SAMPLED} & set(flags) else "B"


def worst(windows: Iterable[StoredWindow]) -> Grade:
    """
    Return the worst grade of windows, C where one was not read; A when there are none.
    """
    return cast("Grade", max((window.grade if window.state == "done" else "C" for window in windows), default="A"))


def tally(windows: Iterable[StoredWindow]) -> dict[str, int]:
    """
    Return the numbers of windows by grade, and of those open, failed and still to do.
    """
    counts: dict[str, int] = dict.fromkeys(("A", "B", "C", "open", "failed", "todo"), 0)
    for window in windows:
        counts["open" if window.open else window.grade if window.state == "done" else window.state] += 1
    return counts


def anomalies(windows: Iterable[StoredWindow]) -> list[str]:
    """
    Return the anomalies and failures, a sentence a window.
    """
    said = []
    for window in windows:
        where = f"{window.kind} {window.span}"
        if window.state == "failed":
            said.append(f"{where}: {window.error}")
        said += [
            f"{where}: {_SENTENCES.get(flag, flag)}"
            for flag in window.flags
            # What was not counted of a window that is still open will be.
            if window.state == "done" and flag != SAMPLED and not (flag == UNCOUNTED and window.open)
        ]
    return said


def complete_through(windows: Sequence[StoredWindow], start: int) -> int:
    """
    Return the second up to which all windows are finished and not open or in doubt.
    """
    through = start
    for window in windows:
        if window.span.low != through or window.state != "done" or window.open or window.grade == "C":
            break
        through = window.span.high
    return through


def rows_of(window: StoredWindow) -> int:
    """
    Return a window's rows, which most limits are of.
    """
    return window.rows


def second_look(
    windows: Sequence[StoredWindow],
    largest: int,
    size: Callable[[StoredWindow], int] = rows_of,
    *,
    paged: bool = False,
) -> tuple[list[StoredWindow], list[StoredWindow]]:
    """
    Return the windows read in one whole response that are proven, and all those that may have been cut, largest first.

    A window smaller than the largest seen was not cut; one of that size is
    compared with its halves, which a limit would cut less. *size* is of what a
    host may have a limit: rows, or conversations. Where windows are *paged*, the largest may hold a few more than the
    host gives at a time: rows moved between its pages.
    """
    clean = [window for window in windows if window.state == "done" and window.grade != "C" and window.rows]
    proven = [window for window in clean if size(window) < largest and window.grade == "B" and not window.flags]
    least = largest - largest // _MOVED if paged else largest
    return proven, sorted((window for window in clean if size(window) >= least), key=size, reverse=True)


def looks_like_limit(
    windows: Sequence[StoredWindow],
    largest: int,
    *,
    sure_limit: bool,
    size: Callable[[StoredWindow], int] = rows_of,
) -> bool:
    """
    Whether the largest response looks cut; with *sure_limit* there is a limit of unknown size.
    """
    full = [window for window in windows if window.state == "done" and size(window) >= largest]
    # Parts of a day that hold the same are the same day, of a host that ignores the time.
    days = {window.span.low // DAY for window in full}
    # One conversation in all: no host has a limit of one, and a new account has nothing else to show. The day after
    # may hold it, too, since a day more is asked for.
    if largest == 1 and len(days) <= 2:
        return False
    return sure_limit or largest % USUAL_LIMIT == 0 or (len(days) > 1 and largest >= _LEAST_LIMIT)
