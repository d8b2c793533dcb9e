"""The feed of messages: which threads have one in a period, whenever they began."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import attrs

from ... import errors
from ..._sansio.envelope import Opened, rows_of
from ..._sansio.later_endpoints import LIST_MESSAGES
from ..._sansio.paging import USUAL_LIMIT
from ..plan.span import DAY, Span
from ..rows.encode import as_row, written_us
from .source import Source

KIND: Final = "sms"
"""The only kind that has a feed."""
# Before the windows: what it names is read with them.
_RANK: Final = -1
_BYTES: Final = 1 << 20

Text = tuple[int | None, str]


@attrs.frozen(kw_only=True)
class Feed:
    """
    The threads with a message in a period, each with those messages as :func:`text_of` has them.

    ``whole`` is False where an answer may have been cut or was no list.
    """

    threads: Mapping[str, frozenset[Text]]
    whole: bool = True


async def read_feed(source: Source, days: Span, bounds: tuple[int, int] | None = None) -> Feed | None:
    """
    Return the feed of some days; None where the host has none, or it cannot be read now.

    *bounds* are epoch microseconds the messages have to be written in, ``low <= time < high``.
    """
    try:
        return await _read(source, days, bounds)
    except (errors.AuthenticationError, errors.ClientClosedError):
        raise
    except (errors.ApiError, errors.ResponseError, errors.TransportError):
        return None


async def _read(source: Source, days: Span, bounds: tuple[int, int] | None) -> Feed:
    opened = await _ask(source, days)
    rows = source.hidden([as_row(row) for row in rows_of(opened.data)])
    found = Feed(threads=_threads(rows, bounds), whole=opened.has_list)
    if not rows or len(rows) % USUAL_LIMIT:
        return found
    # It may have been cut there: its halves would be less.
    if days.seconds <= DAY:
        return attrs.evolve(found, whole=False)
    middle = days.low + days.seconds // DAY // 2 * DAY
    halves = [await _read(source, half, bounds) for half in days.cut([middle])]
    return Feed(threads=_united([found, *halves]), whole=all(half.whole for half in halves))


async def _ask(source: Source, days: Span) -> Opened:
    # A day more, since the end may be a boundary at its midnight; what comes too much is harmless.
    asked = Span(days.low, days.high + DAY)
    async with source.limiter.place(_RANK, _BYTES) as land:
        opened = await source.caller.fetch(LIST_MESSAGES, asked.arguments(), edition=source.edition)
        land()
    return opened


def text_of(message: Mapping[str, Any]) -> Text:
    """
    Return when a message was written and what it says, by which it is known again.
    """
    source = message.get("_source")
    inner = source if isinstance(source, dict) else message
    return written_us(dict(message)), str(inner.get("message_content") or "")


def _threads(rows: Iterable[dict[str, Any]], bounds: tuple[int, int] | None) -> dict[str, frozenset[Text]]:
    threads: dict[str, set[Text]] = {}
    for row in rows:
        name, text = row.get("thread_id"), text_of(row)
        is_inside = bounds is None or text[0] is None or bounds[0] <= text[0] < bounds[1]
        if isinstance(name, str) and name and is_inside:
            threads.setdefault(name, set()).add(text)
    return {name: frozenset(texts) for name, texts in threads.items()}


def _united(feeds: Iterable[Feed]) -> dict[str, frozenset[Text]]:
    threads: dict[str, frozenset[Text]] = {}
    for one in feeds:
        for name, texts in one.threads.items():
            threads[name] = threads.get(name, frozenset()) | texts
    return threads
