"""Which conversations a window chooses, and by what of them; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ..data.conversations import KINDS, Row, session_id
from ..data.people import mix
from ..data.store import Store
from ..settings import Settings
from .dates import Dates

_DAY_MS: Final = 86_400_000
# Generated messages come at most twenty minutes apart, and there are at most 21 of them.
_USUAL_MS: Final = _DAY_MS
_LONG_AGO: Final = 1_000
# Refs below those of conversations that were added.
_APART: Final = 1 << 20


def chosen(store: Store, kind: str, dates: Dates, settings: Settings) -> Sequence[int]:
    """
    Return the refs of the conversations of a window, oldest first.
    """
    if settings.filter_by == "start":
        return store.select(kind, dates.low, dates.high)
    begun = store.select(kind, dates.low - settings.lasting * _DAY_MS - _USUAL_MS, dates.high)
    return [ref for ref in begun if _is_inside(row_of(store, kind, ref, settings), dates, settings)]


def row_of(store: Store, kind: str, ref: int, settings: Settings) -> Row:
    """
    Return a conversation as the quirks about its life and its id have it.
    """
    row = store.row(kind, ref)
    if settings.lasting and mix(store.seed, KINDS[kind], ref, 21) % 3 == 0:
        row = _prolonged(row, mix(store.seed, KINDS[kind], ref, 22) % (settings.lasting * _DAY_MS))
    if settings.shared_ids and ref > 0 and ref % 3 == 0:
        row = {**row, "alive5_sessionID": session_id(store.seed, kind, ref - 1)}
    return row


def far_rows(store: Store, kind: str, settings: Settings) -> Iterator[tuple[int, Row]]:
    """
    Yield the conversations of 1970 that come whatever the dates, with refs of their own.
    """
    for ref in range(-_APART - settings.far_rows, -_APART):
        yield ref, {**store.fresh(kind, ref, _LONG_AGO), "end_time": 2 * _LONG_AGO, "chat_conversation": []}


def _prolonged(row: Row, by: int) -> Row:
    """Return a conversation whose last message and end are later."""
    entries = row["chat_conversation"]
    if not entries:
        return row
    last = {**entries[-1], "created_at": entries[-1]["created_at"] + by}
    return {**row, "chat_conversation": [*entries[:-1], last], "end_time": row["end_time"] and row["end_time"] + by}


def _is_inside(row: Row, dates: Dates, settings: Settings) -> bool:
    entries = row["chat_conversation"]
    said = entries[-1]["created_at"] if entries else row["start_time"]
    moment = row["end_time"] if settings.filter_by == "end" else said
    return bool(moment) and dates.low <= moment < dates.high
