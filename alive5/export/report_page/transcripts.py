"""The newest conversations as text on the page, as many as it can hold."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timezone, tzinfo
from typing import Any, Final, NamedTuple

from ..._sansio.validate import refuse
from ..._zones import show_at
from ...models._sides import Directory, Side
from ..insight.transcript import ExportedConversation
from .words import KINDS, name_of, visible

Row = dict[str, Any]

MOST: Final = 2_000
"""More never fit: the shortest transcript with its markup takes about a kilobyte."""
_BUDGET: Final = 1_700_000
"""Bytes of all transcripts; with the figures, 150,000 at most, a page stays under 2 MB."""
# A text longer than that is cut: it is read in the export.
_LONGEST_TEXT: Final = 4_000
_FIRST: Final = datetime.min.replace(tzinfo=timezone.utc)


class Spoken(NamedTuple):
    """
    One message as the page shows it.
    """

    at: str
    author: str
    side: Side
    text: str


class Chat(NamedTuple):
    """
    One conversation as the page shows it.
    """

    kind: str
    channel: str
    contact: str
    started: str
    session_id: str
    said: list[Spoken]


def read_count(value: Any) -> int:
    """
    Return how many transcripts are wanted.

    :raises InvalidArgumentError: when it is no number, or more than a page holds.
    """
    if value.__class__ is not int or not 0 <= value <= MOST:
        raise refuse("transcripts", f"must be a number from 0 to {MOST:,}: a page holds no more")
    return int(value)


def newest(joined: Iterable[tuple[Row, list[Row]]], count: int, directory: Directory) -> list[ExportedConversation]:
    """
    Return the conversations that began last, the newest first.
    """
    found = heapq.nlargest(count, joined, key=lambda pair: pair[0]["start_time"] or _FIRST)
    return [ExportedConversation(row, tuple(said), directory) for row, said in found]


def fitting(chats: Iterable[ExportedConversation], zone: tzinfo, draw: Callable[[Chat], str]) -> Iterator[str]:
    """
    Yield the conversations drawn, up to the one for which there is no room.
    """
    room = _BUDGET
    for chat in chats:
        drawn = draw(_chat(chat, zone))
        room -= len(drawn.encode())
        if room < 0:
            return
        yield drawn


def _chat(chat: ExportedConversation, zone: tzinfo) -> Chat:
    row = chat.row
    contact = " ".join(filter(None, (row["contacts_first_name"], row["contacts_last_name"])))
    said = [
        Spoken(one.at, name_of(one.author, "unknown"), one.side, _cut("\n".join(one.lines)))
        for one in chat.spoken(tz=zone)
    ]
    return Chat(
        KINDS[row["kind"]],
        name_of(row["channel_name"] or row["channel_id"], "no channel"),
        name_of(contact or row["contacts_email"] or row["contacts_phone"], "unknown contact"),
        show_at(row["start_time"], zone) or "no time",
        name_of(row["session_id"], ""),
        said,
    )


def _cut(text: str) -> str:
    text = visible(text)
    more = len(text) - _LONGEST_TEXT
    return text if more <= 0 else f"{text[:_LONGEST_TEXT]}… ({more:,} more characters)"
