"""Figures of single conversations, written out."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alive5 import ExportError
from alive5.export.insight.contact import contact_key, show_key
from alive5.export.insight.figures import ConversationMetrics
from alive5.export.insight.hours import read_hours
from alive5.export.insight.measure import Account, Measure
from alive5.export.read.measured import joined

START = datetime(2026, 1, 5, 13, 59, tzinfo=timezone.utc)  # a Monday, 8:59 in New York
ROW: dict[str, Any] = {
    **dict.fromkeys((
        "channel_id", "channel_name", "crm_id", "agent_id", "contacts_first_name", "contacts_last_name",
        "contacts_email", "contacts_phone", "alive_sms_phone_number", "tags", "end_time",
    )),
    "kind": "sms", "session_id": "s1", "assigned_to": "Maria", "start_time": START,
}  # fmt: skip
WHO = {"c": "visitor", "a": "Maria", "k": "Ken", "b": "bot", "?": "Stranger", "-": None}


def say(text: str) -> list[dict[str, Any]]:
    """Return messages of a text: an author's letter and the minute, "x" for no time."""
    said = [(word[0], word[1:]) for word in text.split()]
    return [
        {"created_by": WHO[who], "created_at": None if at == "x" else START + timedelta(minutes=int(at))}
        for who, at in said
    ]


def measure(text: str, **row: Any) -> ConversationMetrics:
    account = Account(agents={"Ken"})
    account.learn({**ROW, **row})
    lens = Measure(account, ZoneInfo("America/New_York"), read_hours("mon-fri 9-17"))
    return lens.measure({**ROW, **row}, say(text))


@pytest.mark.parametrize(
    ("said", "waits", "first", "business", "median", "longest", "by", "unanswered"),
    [
        ("", 0, None, None, None, None, None, False),
        ("a0 a1", 0, None, None, None, None, None, False),
        ("c0", 1, None, None, None, None, None, True),
        ("c0 b1", 1, None, None, None, None, None, True),
        ("c0 c3 a5", 1, 300, 240, None, None, "Maria", False),
        ("a0 c2 a3", 1, 60, 60, None, None, "Maria", False),
        ("c0 b1 k2 a9", 1, 120, 60, None, None, "Ken", False),
        ("c0 a2 c4 a5 c6 k9 c10 c11", 4, 120, 60, 120, 180, "Maria", False),
        ("a5 c0", 1, 300, 240, None, None, "Maria", False),  # delivered the other way round
        ("cx a5", 1, None, None, None, None, "Maria", False),
        ("c0 ax", 1, None, None, None, None, "Maria", False),
        ("c0 a1 c2 ax c3 a5", 3, 60, 0, 120, 120, "Maria", False),
        ("c0 ?1", 1, None, None, None, None, None, None),  # perhaps that was the answer
        ("?0 c1", 1, None, None, None, None, None, True),
        ("?0 -1", 0, None, None, None, None, None, None),  # perhaps it was the customer
        ("c0 ?1 a2", 1, 120, 60, None, None, "Maria", False),
    ],
)
def test_waits(
    said: str, waits: int, first: Any, business: Any, median: Any, longest: Any, by: Any, unanswered: Any
) -> None:
    found = measure(said)
    assert (waits, first, business, median, longest, by, unanswered) == (
        found.waits, found.first_response_seconds, found.first_response_business_seconds,
        found.later_response_median_seconds, found.later_response_longest_seconds, found.answered_by, found.unanswered,
    )  # fmt: skip


def test_what_is_counted() -> None:
    found = measure("c0 a1 b2 ?3 kx a5 -6", tags=["a"], end_time=START + timedelta(minutes=7, milliseconds=5))
    assert "<ConversationMetrics 's1' messages=7>" == repr(found)
    assert {
        "kind": "sms", "session_id": "s1", "channel_id": None, "channel_name": None, "assigned_to": "Maria",
        "agents": ["Maria", "Ken"], "tags": ["a"], "started": "2026-01-05T13:59:00Z", "weekday": 1, "hour": 8,
        "in_business_hours": False, "duration_seconds": 420.005, "n_messages": 7, "from_customer": 1,
        "from_agents": 3, "from_bots": 1, "from_unknown": 2, "undated": 1, "waits": 1, "first_response_seconds": 60.0,
        "first_response_business_seconds": 0.0, "later_response_median_seconds": None,
        "later_response_longest_seconds": None, "answered_by": "Maria", "unanswered": False, "contact_key": None,
        "returning_contact": None,
    } == found.to_dict()  # fmt: skip


def test_what_cannot_be_known_is_none() -> None:
    found = measure("c0", start_time=None)
    assert (None,) * 4 == (found.started, found.weekday, found.hour, found.in_business_hours)
    assert measure("c0", end_time=START - timedelta(seconds=1)).duration_seconds is None
    plain = Measure(Account()).measure(ROW, say("c0 a1"))
    assert (60.0, None, None) == (
        plain.first_response_seconds, plain.first_response_business_seconds, plain.in_business_hours,
    )  # fmt: skip
    oldest = measure("", start_time=datetime.min.replace(tzinfo=timezone.utc))
    assert (1, 0) == (oldest.weekday, oldest.hour)


def test_a_contact_that_comes_again() -> None:
    account = Account()
    first = {**ROW, "contacts_phone": "+1 (202) 555-0123"}
    later = {**ROW, "contacts_phone": "2025550123", "start_time": START + timedelta(days=1)}
    other = {**ROW, "contacts_email": "A@example.com"}
    undated = {**later, "start_time": None}
    for row in (later, undated, first, other):
        account.learn(row)
    lens = Measure(account)
    found = [lens.measure(row, []) for row in (first, later, other, undated)]
    assert [False, True, False, None] == [one.returning_contact for one in found]
    assert found[0].contact_key == found[1].contact_key != found[2].contact_key


def test_keys_of_contacts() -> None:
    assert contact_key({**ROW, "contacts_email": " A@Example.com"}) == contact_key(
        {**ROW, "contacts_email": "a@example.COM"}
    )
    keys = [
        contact_key({**ROW, **more})
        for more in (
            {"contacts_email": "a@example.com"},
            {"crm_id": "a@example.com"},
            {"contacts_phone": "2025550123"},
            {},
        )
    ]
    assert 4 == len({*keys})
    assert "00000000000000ff" == show_key(255)
    assert show_key(keys[-1]) is None
    assert {16} == {len(show_key(key) or "") for key in keys[:3]}


def rows(*ids: str) -> list[dict[str, Any]]:
    return [{"kind": "sms", "session_id": name[0], "n_messages": int(name[1:])} for name in ids]


@pytest.mark.parametrize("said", [["a1", "b1"], ["a1", "a1"], ["a1", "a1", "c1"], ["b1", "a1", "a1"]])
def test_rows_that_do_not_belong_together_are_an_error(said: list[str]) -> None:
    """No conversation is measured without its messages."""
    with pytest.raises(ExportError, match="do not belong together"):
        list(joined(rows("a2", "b1"), rows(*said)))


def test_each_conversation_has_its_messages() -> None:
    found = list(joined(rows("a2", "b0", "c1"), rows("a1", "a1", "c1")))
    assert [("a", 2), ("b", 0), ("c", 1)] == [(row["session_id"], len(said)) for row, said in found]
