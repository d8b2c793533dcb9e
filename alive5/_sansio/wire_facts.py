"""
What answers prove of the service they come from; pure.

Each judgement says why where nothing is proven. Nothing here returns a value
of a row: answers are words, numbers of pages and numbers of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

import attrs

from .. import errors
from ..models.listing import Listed
from .endpoint import Edition
from .fetched import Fetched
from .page_base import find_base
from .window import Window, read_window

NOT_SHOWN: Final = "not shown"
_NO_ROWS: Final = "no rows"
# Hours of UTC that lie on the same day in every zone from UTC-8 to UTC+8.
_SURE_HOURS: Final = range(8, 16)
_QUARTER_HOUR: Final = 900


@attrs.frozen
class Told:
    """An answer to a question, and why it is not shown or what it rests on."""

    answer: str
    why: str = ""


@attrs.frozen(kw_only=True)
class Finding:
    """
    One fact of the wire: its number among the twelve, what it is about, and the probe that shows it.
    """

    fact: int
    about: str
    question: str
    answer: str
    why: str
    probe: str


@attrs.frozen(kw_only=True, repr=False)
class Seen:
    """
    What one request came to: rows, or the failure; ``final`` says that the service refused it.
    """

    rows: Sequence[Any] = ()
    failure: str = ""
    final: bool = False
    listed_as: str = ""
    form: str = ""
    total: int | None = None

    def keys(self) -> frozenset[str]:
        """
        Return the identities of the rows.
        """
        return self.fetched.keys

    @property
    def fetched(self) -> Fetched[Any]:
        """The rows as a page."""
        return Fetched(self.rows)


def failed(error: errors.Alive5Error) -> Seen:
    """
    Return what a failed request came to: its class and code, since the server's text may hold anything.
    """
    refusals = (errors.BadRequestError, errors.NotFoundError, errors.AuthenticationError, errors.PermissionDeniedError)
    number = error.code if error.code is not None else error.status
    said = type(error).__name__ + ("" if number is None else f" {number}")
    return Seen(failure=said, final=isinstance(error, (*refusals, errors.ResponseError)))


def exactly(first: date, last: date) -> Window:
    """
    Return the window whose days are asked for as they are.
    """
    return read_window(first, last, None, padding=False)


def judge_answer(seen: Seen) -> Told:
    """
    Whether a listing is there: a refusal says no, a failure of the way there nothing.
    """
    if not seen.failure:
        return Told("yes", "" if seen.rows else "without rows")
    return Told("no" if seen.final else NOT_SHOWN, seen.failure)


def judge_dates(window: Window, rows: Sequence[Listed], past: Seen | None) -> Told:
    """
    Whether dates are honoured: no row lies far from its window, and a day of 1990 has none.
    """
    if any(window.is_far(row) for row in rows):
        return Told("no", "rows far outside the period came")
    if past is None or not rows:
        return Told(NOT_SHOWN, _NO_ROWS)
    if past.failure:
        return Told(NOT_SHOWN, past.failure)
    return Told("no", "1990 has rows") if past.rows else Told("yes")


def choose_row(rows: Iterable[Listed]) -> Listed | None:
    """
    Return the row that starts nearest to noon of UTC, whose day is the same in most zones.
    """
    dated = [(start, row) for row in rows for start in [row.start_time] if start is not None]
    return min(dated, key=lambda pair: abs(pair[0].hour * 60 + pair[0].minute - 720), default=(None, None))[1]


def judge_end(row: Listed, short: Seen, longer: Seen | None) -> Told:
    """
    Whether an end date is a day or the midnight it begins with, by D..D and, where that is empty, D..D+1.
    """
    failure = short.failure or ("" if longer is None else longer.failure)
    if failure:
        return Told(NOT_SHOWN, failure)
    starts = [start for each in short.rows for start in [each.start_time] if start is not None]
    # Midnight lies on a quarter of an hour in every zone.
    if any(int(start.timestamp()) % _QUARTER_HOUR for start in starts):
        return Told("day")
    if short.rows or longer is None or not _holds(longer, row):
        return Told(NOT_SHOWN, "the day's rows do not tell")
    start = row.start_time
    if start is None or start.hour not in _SURE_HOURS:
        return Told(NOT_SHOWN, "no row near noon")
    return Told("boundary at midnight")


def judge_base(zeroth: Seen | None, first: Seen, second: Seen | None, size: int | None) -> Told:
    """
    Return the number of the first page, by pages 0 and 1, and by page 2 where those are alike.
    """
    if zeroth is None or (zeroth.failure and not zeroth.final) or first.failure:
        return Told(NOT_SHOWN, first.failure or (zeroth.failure if zeroth else "") or _NO_ROWS)
    if second is not None and first.rows and second.keys() == first.keys():
        whole = size is None or len(first.rows) > size
        return Told("no pages" if whole else NOT_SHOWN, "" if whole else "all pages are alike")
    differ = zeroth.fetched.differs(first.fetched)
    base = find_base(zeroth.keys(), first.keys(), differ=differ)
    if first.rows and zeroth.keys() == first.keys() and not differ:
        # A host that counts from 0 has no other rows after two pages that are alike.
        return Told("1") if second is not None and second.rows else Told(NOT_SHOWN, "pages 0 and 1 are alike")
    if not base.proven:
        return Told(NOT_SHOWN, "pages 0 and 1 overlap" if base.doubtful else _NO_ROWS)
    return Told(str(base.number), "page 0 is refused" if zeroth.failure else "")


def judge_required(usual: Seen, bare: Seen | None) -> Told:
    """
    Whether ``page`` and ``limit`` are required: a call without them is refused.
    """
    if bare is None or usual.failure:
        return Told(NOT_SHOWN, usual.failure or _NO_ROWS)
    if bare.failure:
        return Told("yes" if bare.final else NOT_SHOWN, bare.failure)
    return Told("no")


def judge_cap(small: tuple[int, Seen], large: tuple[int, Seen] | None, following: Seen | None) -> Told:
    """
    Return how many rows a page holds at most, by a small limit, one beyond all usual caps, and the page after.
    """
    limit, seen = small
    if len(seen.rows) > limit:
        return Told(f"limit is ignored: {len(seen.rows)} rows a page")
    if large is None:
        return Told(NOT_SHOWN, seen.failure or _NO_ROWS)
    limit, page = large
    count = len(page.rows)
    if page.failure or not count:
        return Told(NOT_SHOWN, page.failure or _NO_ROWS)
    if count >= limit:
        return Told(f"{count} or more")
    more = following is not None and bool(following.keys() - page.keys())
    if (page.total or 0) > count or more:
        return Told(str(count))
    return Told(NOT_SHOWN, f"there are fewer than {limit} rows")


def judge_filter(channel: str | None, narrowed: Seen | None, impossible: Seen | None) -> Told:
    """
    Whether a filter is honoured: the channel of a row gives its rows alone, an impossible one none.
    """
    if channel is None or narrowed is None or impossible is None:
        return Told(NOT_SHOWN, "no row with a channel")
    if impossible.rows:
        return Told("no", "an impossible channel has rows")
    if narrowed.failure or impossible.failure:
        return Told(NOT_SHOWN, narrowed.failure or impossible.failure)
    if not narrowed.rows:
        return Told(NOT_SHOWN, "the channel of a row has none")
    alone = all(row.channel_id == channel for row in narrowed.rows)
    return Told("yes") if alone else Told("no", "rows of other channels came")


def choose_edition(findings: Iterable[Finding]) -> Edition | None:
    """
    Return the edition to use, the documented one where both are as good; None where neither answers.
    """
    known = [*findings]

    def worth(edition: str) -> tuple[bool, int, int]:
        about = [one for one in known if edition in one.about.split()]
        answering = sum(one.answer == "yes" for one in about if one.fact in (1, 2))
        dates = [one.answer for one in about if one.fact in (3, 4)]
        return "no" not in dates and answering > 0, answering, dates.count("yes")

    old, new = worth("documented"), worth("current")
    if not old[1] and not new[1]:
        return None
    return "current" if new > old else "documented"


def describe_list(data: Any) -> str:
    """
    Return where the rows of a list stand: bare, or the key, "by key" where an object holds them.
    """
    if not isinstance(data, dict):
        return "a bare list" if isinstance(data, list) else ""
    key = next((key for key in ("Items", "items") if key in data), "")
    return f"{key} by key" if key and isinstance(data[key], dict) else key


def describe_rows(rows: Iterable[Any]) -> str:
    """
    Return the form of rows before they are decoded: flat, threads, or both.
    """
    forms = {"threads" if "threadData" in row else "flat" for row in rows if isinstance(row, dict)}
    return " and ".join(sorted(forms))


def day_of(row: Listed) -> date | None:
    """
    Return the day of UTC on which a row starts.
    """
    start: datetime | None = row.start_time
    return None if start is None else start.date()


def _holds(seen: Seen, row: Listed) -> bool:
    return bool(seen.keys() & Fetched([row]).keys)
