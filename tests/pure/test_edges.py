"""Cases at the edge of the pure rooms that whole exports and listings meet by chance only."""

from __future__ import annotations

import gc
from typing import Any

from alive5 import FbmConversation
from alive5._sansio import unite
from alive5._sansio.decode import shape
from alive5._sansio.fetched import Fetched
from alive5._sansio.page_meta import Meta
from alive5._sansio.paging import Reading
from alive5._sansio.window import Window
from alive5._sansio.wire import Call
from alive5.export.plan.planner import plan
from alive5.export.plan.span import DAY, Span
from alive5.export.plan.window import StoredWindow
from alive5.models._secret_names import is_secret_name
from alive5.sandbox import Sandbox


def said(*texts: str) -> Fetched[Any]:
    messages = [{"message_content": text} for text in texts]
    rows = [{"alive5_sessionID": name, "chat_conversation": list(map(dict, messages))} for name in ("a", "b")]
    return Fetched([shape(FbmConversation, row) for row in rows], Meta())


def test_what_came_late_is_said_once() -> None:
    reading: Reading[Any] = Reading(window=Window(), limit=2)
    reading.take(said("one"))
    gc.collect()  # nobody holds the first deliveries any more
    reading.take(said("one", "two"))
    assert 2 == reading.report().united
    assert 1 == sum("came again" in issue for issue in reading.report().issues)


def test_values_nested_deeper_than_python_compares_differ() -> None:
    one: list[Any] = []
    other: list[Any] = []
    for _ in range(200_000):
        one, other = [one], [other]
    assert not unite._is_same(one, other)
    while one:
        one, other = one.pop(), other.pop()


def test_a_name_that_is_no_text_is_no_secret() -> None:
    assert not is_secret_name(5)


def test_a_period_that_begins_earlier_is_read_from_there() -> None:
    kept = StoredWindow(kind="sms", span=Span(DAY, 2 * DAY), state="done", grade="A")
    first, second = plan([kept], Span(0, 2 * DAY), [], "sms")
    assert (Span(0, DAY), "todo") == (first.span, first.state)
    assert kept == second


def test_a_feed_of_dates_that_are_none_is_refused() -> None:
    query = (("date_start", "soon"), ("date_end", "later"))
    call = Call(operation="feed", method="GET", path="/conversations/sms", host="read", version="1.2", query=query)
    reply = Sandbox(sms=3).exchange(call).answer
    assert b"400" in reply.body  # type: ignore[union-attr]
