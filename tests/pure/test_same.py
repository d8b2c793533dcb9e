"""Whether two rows of one id are one conversation, in exports and in listings."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from alive5 import LivechatConversation
from alive5._sansio.decode import shape
from alive5._sansio.fetched import Fetched
from alive5._sansio.paging import Reading
from alive5._sansio.same import are_one, are_one_conversation, starts_agree
from alive5._sansio.window import Window, read_window

START = 1767323045000
Row = dict[str, Any]


def said(number: int, **values: Any) -> Row:
    text = {"created_at": START + 1000 * number, "created_by": "Ada", "message_content": f"Number {number}"}
    return {**text, **values}


def chat(*entries: Any, **values: Any) -> Row:
    return {"alive5_sessionID": "s1", "start_time": START, "chat_conversation": list(entries), **values}


def thread(*entries: Any, **values: Any) -> Row:
    sources = [{"_id": str(number), "_source": entry} for number, entry in enumerate(entries)]
    return {"threadData": {"thread_id": "s1", "thread_start_chat": START, **values}, "threadConversation": sources}


LATER = {"start_time": START + 60_000}
CASES = [
    (chat(), chat(), True),
    (chat(said(1)), chat(said(2)), True),  # a part each
    (chat(said(1)), thread(said(2)), True),
    # A start to the second and to the millisecond; one that is not known.
    (chat(said(1)), chat(said(2), start_time=START + 999), True),
    (chat(said(1)), chat(said(2), start_time=None), True),
    (chat(said(1)), chat(said(2), start_time=START + 1001), False),
    (chat(said(1)), chat(said(2), start_time=START - 1001), False),
    (chat(), chat(**LATER), False),
    (thread(said(1)), thread(said(2), thread_start_chat=START + 60_000), False),
    # A message in common proves it, by its id or by all it says.
    (chat(said(1)), chat(said(1), said(2), **LATER), True),
    (chat(said(1, message_id="m1")), chat(said(1, message_id="m1", message_content="edited"), **LATER), True),
    (chat(said(1, message_id="m1")), chat(said(1), **LATER), True),
    # Messages without a time say the same in any conversation.
    (chat(said(1, created_at=None)), chat(said(1, created_at=None), **LATER), False),
    (chat("text"), chat("text", **LATER), False),
    # A number that counts within a conversation is none of the service's ids.
    (chat(said(1, message_id="0")), chat(said(90, message_id="0")), False),
    (chat(said(1, message_id="0")), chat(said(90, message_id="0", created_at=None)), True),
    # Who spoke to whom.
    (chat(said(1), crm_id="a"), chat(said(2), crm_id="a"), True),
    (chat(said(1), crm_id="a"), chat(said(2), crm_id="b"), False),
    (chat(said(1), channel_id="a"), chat(said(2), channel_id="b"), False),
    (chat(said(1), contacts_email="a@example.com"), chat(said(2), contacts_email="b@example.com"), False),
    (chat(said(1), crm_id="a"), chat(said(2), crm_id=""), True),
    (chat(said(1), crm_id="a"), chat(said(2), crm_id=None), True),
    (chat(said(1), crm_id="a"), chat(said(1), crm_id="b"), True),
]


@pytest.mark.parametrize(("first", "second", "expected"), CASES)
def test_two_rows_of_one_id(first: Row, second: Row, expected: bool) -> None:
    assert [expected] * 2 == [are_one(first, second), are_one(second, first)]
    models = [shape(LivechatConversation, copy.deepcopy(row)) for row in (first, second)]
    assert [expected] * 2 == [are_one_conversation(*models), are_one_conversation(*models[::-1])]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [(None, 1, True), (1, None, True), (0, 1_000_000, True), (0, 1_000_001, False), (1_000_001, 0, False)],
)
def test_starts_agree(first: int | None, second: int | None, expected: bool) -> None:
    assert expected is starts_agree(first, second)


def listed(*rows: Row) -> list[Any]:
    return [shape(LivechatConversation, copy.deepcopy(row)) for row in rows]


def reading(window: Window | None = None) -> Reading[Any]:
    return Reading(window=window or Window(), limit=2)


@pytest.mark.parametrize("held", [True, False])
def test_a_listing_gives_each_conversation_of_an_id(held: bool) -> None:
    one = reading()
    first = one.take(Fetched(listed(chat(said(1)), chat(said(61), **LATER)))).items
    starts = [row.start_time for row in first]
    if not held:
        del first
    # One of them again beside a third: what is new on a page is not told by the id alone.
    items = one.take(Fetched(listed(chat(said(61), **LATER), chat(said(121), start_time=START + 120_000)))).items
    starts += [row.start_time for row in items]
    assert (3, 3, False) == (len(starts), len(set(starts)), one.over)
    assert ["several conversations have one id, and are given each"] == list(one.report().issues)
    assert one.report().complete is None


@pytest.mark.parametrize(
    ("end", "row", "expected"),
    [
        ("2026-01-02", chat(end_time=START), None),
        ("2026-01-02", chat(start_time=START - 20 * 86_400_000, end_time=START), False),
        ("2026-01-02", chat(said(1), start_time=START - 20 * 86_400_000, end_time=None), False),
        # Up to the present there is no later day in which a conversation could be.
        (None, chat(start_time=START - 20 * 86_400_000, end_time=START), None),
    ],
)
def test_a_listing_of_a_host_that_goes_by_the_end_is_not_complete(end: Any, row: Row, expected: bool | None) -> None:
    one = reading(read_window("2026-01-02", end, None))
    one.take(Fetched(listed(row)))
    assert expected is one.report().complete
    assert (expected is False) is any("not by the start" in issue for issue in one.issues)
