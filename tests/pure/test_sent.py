"""What proves that a text was sent, and what does not."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import attrs
import pytest

from alive5._sansio.decode import shape
from alive5.models import FeedMessage, SmsConversation
from alive5.sending.plan.sent import (
    Wanted,
    is_alike,
    is_ours,
    is_to,
    is_to_person,
    names_of_person,
    people_of,
)

SINCE = datetime(2026, 3, 1, 12, 0, 0, 500_000, timezone.utc)
MS = int(SINCE.timestamp() * 1000)
WANTED = Wanted(phone_number_to="+12025550123", message="See you\nat nine", since=SINCE)
LINE = attrs.evolve(WANTED, phone_number_from="+12025550100")
SENT = attrs.evolve(LINE, channel_id="channel-1", agents=frozenset({"agent-maria"}))


def said(text: Any = "See you at nine", author: Any = "Maria", at: Any = MS, **more: Any) -> FeedMessage:
    row = {
        "created_at": at,
        "created_by": author,
        "message_content": text,
        "thread_id": "t1",
        "channel_id": "channel-1",
    }
    return shape(FeedMessage, {**row, **more})


def thread(**values: Any) -> SmsConversation:
    row = {"alive5_sessionID": "t1", "contacts_phone": "+12025550123", "channel_id": "channel-1", **values}
    return shape(SmsConversation, row)


@pytest.mark.parametrize(
    ("text", "at", "alike"),
    [
        ("See you at nine", MS, True),
        (" See  you\r\nat nine ", MS, True),
        ("see you at nine", MS, False),
        ("See you at nine!", MS, False),
        ("See you at nine", MS - 1, False),
        ("See you at nine", MS + 86_400_000, True),
        ("See you at nine", MS - 500, True),
        ("See you at nine", MS - 1_500, False),
        ("See you at nine", None, False),
        (None, MS, False),
    ],
)
def test_words_and_time(text: Any, at: Any, alike: bool) -> None:
    assert alike == is_alike(said(text, at=at), WANTED)


@pytest.mark.parametrize(
    ("wanted", "author", "more", "ours"),
    [
        (WANTED, "Maria", {}, True),
        (WANTED, " Maria ", {}, True),
        (WANTED, "Ken", {}, False),
        (WANTED, None, {}, False),
        (WANTED, "+12025550123", {}, False),
        (WANTED, "+12025550100", {}, False),
        (LINE, "12025550100", {}, True),
        (SENT, "agent-maria", {}, True),
        (WANTED, "agent-maria", {}, False),
        (WANTED, "Ken", {"direction": "outbound"}, True),
        (WANTED, "Maria", {"direction": "inbound"}, False),
        (WANTED, "Maria", {"direction": "sideways"}, True),
    ],
)
def test_who_wrote_it(wanted: Wanted, author: Any, more: dict[str, Any], ours: bool) -> None:
    assert ours == is_ours(said(author=author, **more), wanted, {"Maria"})


def test_an_agent_who_has_the_persons_name_proves_nothing() -> None:
    person = names_of_person(thread(contacts_first_name="Maria", contacts_last_name="Ortiz"))
    assert ("Maria Ortiz", "Maria", "Ortiz", None) == person
    assert not is_ours(said(), SENT, {"Maria"}, person)


@pytest.mark.parametrize(
    ("wanted", "values", "to"),
    [
        (WANTED, {}, True),
        (WANTED, {"contacts_phone": "(202) 555-0123"}, True),
        (WANTED, {"contacts_phone": "+12025550124"}, False),
        (WANTED, {"contacts_phone": None}, False),
        (LINE, {}, False),
        (LINE, {"alive_sms_phone_number": "+12025550100"}, True),
        (LINE, {"alive_sms_phone_number": "+12025550101"}, False),
        (SENT, {"channel_id": "channel-1"}, True),
        (SENT, {"channel_id": "channel-2"}, False),
        (SENT, {"channel_id": "channel-2", "alive_sms_phone_number": "+12025550100"}, True),
    ],
)
def test_whom_a_conversation_is_with(wanted: Wanted, values: dict[str, Any], to: bool) -> None:
    assert to == is_to(thread(**values), wanted)


@pytest.mark.parametrize(
    ("wanted", "authors", "to"),
    [
        (WANTED, ["Maria", "2025550123"], True),
        (WANTED, ["Maria"], False),
        (WANTED, ["+12025550123", "+12025550199"], False),
        (LINE, ["+12025550123"], False),
        (SENT, ["+12025550123"], True),
    ],
)
def test_whom_a_feed_says_a_thread_is_with(wanted: Wanted, authors: list[str], to: bool) -> None:
    people = people_of([said(author=author) for author in authors] + [said(author="+12025550155", thread_id=None)])
    assert to == is_to_person(said(), people, wanted)
    assert not is_to_person(said(thread_id="t2"), people, wanted)
    assert not is_to_person(said(thread_id=None), people, wanted)


def test_an_hour_later_is_found_whatever_the_fraction() -> None:
    assert is_alike(said(at=MS + 3_600_000), attrs.evolve(WANTED, since=SINCE + timedelta(microseconds=1)))
