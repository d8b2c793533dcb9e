"""The friendly names of models, what they show of themselves, and how they are written."""

from __future__ import annotations

import copy
import json
import typing
from datetime import datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from support.rows import documented, full_row

from alive5 import (
    Contact,
    FbmConversation,
    ListingReport,
    LivechatConversation,
    Message,
    Model,
    Page,
    SmsConversation,
    Summary,
    models,
)
from alive5._sansio.decode import shape

DOCUMENTED = documented()
MODELS = pytest.mark.parametrize("model", DOCUMENTED, ids=lambda model: model.__name__)
CANARY = "canary-person"
START = 1767323045000  # 2026-01-02T03:04:05Z
# Ids and the name of a channel are what a repr may show.
SHOWN = {
    "alive5_sessionID",
    "article_id",
    "botchain_id",
    "category_id",
    "channel_id",
    "channel_name",
    "crm_id",
    "interceptorUuid",
    "tag_id",
    "thread_id",
    "user_id",
    "widget_id",
}


@MODELS
@pytest.mark.parametrize("as_text", [repr, str], ids=["repr", "str"])
def test_no_field_shows_a_person(model: type[Model], as_text: Any) -> None:
    for name in DOCUMENTED[model]:
        row = {**full_row(DOCUMENTED[model]), name: CANARY, "surprise": CANARY}
        shown = as_text(shape(model, row))
        assert (CANARY in shown) <= (name in SHOWN), name
        assert shown.startswith(f"<{model.__name__}")


@MODELS
def test_nested_persons_are_not_shown(model: type[Model]) -> None:
    nested: dict[str, Any] = dict.fromkeys(("email", "message_content", "created_by", "first_name"), CANARY)
    row = {"chat_conversation": [nested], "agents": [nested], "newThread": nested, "crmData": nested}
    assert CANARY not in repr(shape(model, copy.deepcopy(row)))


def conversation(**values: Any) -> LivechatConversation:
    row = {
        "alive5_sessionID": "s1",
        "start_time": START,
        "end_time": START + 2_100_000,
        "channel_name": "Support",
        "contacts_first_name": "Sam",
        "contacts_last_name": "Doe",
        "contacts_email": "sam@example.com",
        "contacts_phone": "+12025550123",
        "contacts_notes": "VIP",
        "chat_conversation": [
            {"created_at": START, "created_by": "visitor", "message_content": "Hi"},
            {"created_at": None, "created_by": None, "message_content": None},
        ],
    }
    return shape(LivechatConversation, {**row, **values})


def test_a_conversation_in_friendly_names() -> None:
    chat = conversation()
    assert ("s1", "livechat", False) == (chat.id, chat.kind, chat.is_open)
    assert chat.started_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
    assert chat.ended_at == datetime(2026, 1, 2, 3, 39, 5, tzinfo=timezone.utc)
    assert chat.messages is chat.chat_conversation
    first, second = chat.messages
    assert ("Hi", "visitor", chat.started_at) == (first.text, first.author, first.sent_at)
    assert ("", None, None) == (second.text, second.author, second.sent_at)
    expected = Contact(
        name="Sam Doe", first_name="Sam", last_name="Doe", email="sam@example.com", phone="+12025550123", notes="VIP"
    )
    assert expected == chat.contact
    assert repr(chat.contact) == "<Contact>"


@pytest.mark.parametrize("end", [0, None, ""])
def test_a_conversation_without_an_end_is_open(end: Any) -> None:
    assert conversation(end_time=end).is_open


def test_a_conversation_of_nobody() -> None:
    chat = FbmConversation(alive5_session_id="")
    assert (None, "fbm", [], Contact(), "") == (chat.id, chat.kind, chat.messages, chat.contact, chat.transcript())
    assert ("sms", None) == (SmsConversation.kind, SmsConversation().id)
    assert conversation(contacts_first_name=None).contact.name == "Doe"


def test_a_report_is_known_by_where_it_was_defined() -> None:
    """As pickles of it say that were written then."""
    assert models.listing.ListingReport is ListingReport


def test_a_transcript_is_readable_in_any_zone() -> None:
    chat = conversation()
    assert chat.transcript() == "2026-01-02 03:04  visitor: Hi\n-  unknown: "
    assert chat.transcript(tz=ZoneInfo("America/New_York")).startswith("2026-01-01 22:04  visitor: Hi")
    assert chat.transcript(tz="America/New_York") == chat.transcript(tz=ZoneInfo("America/New_York"))


def test_a_transcript_reaches_the_ends_of_the_calendar() -> None:
    last = {"created_at": "9999-12-31T23:30:00Z", "created_by": "Ana", "message_content": "Hi"}
    chat = shape(SmsConversation, {"chat_conversation": [last]})
    assert "9999-12-31 23:30Z  Ana: Hi" == chat.transcript(tz="UTC+05:30")


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({}, "<LivechatConversation 's1' 2026-01-02T03:04Z..03:39Z channel='Support' messages=2>"),
        ({"end_time": 0}, "<LivechatConversation 's1' 2026-01-02T03:04Z.. channel='Support' messages=2>"),
        (
            {"end_time": START + 86_400_000},
            "<LivechatConversation 's1' 2026-01-02T03:04Z..2026-01-03T03:04Z channel='Support' messages=2>",
        ),
        (
            {"start_time": None},
            "<LivechatConversation 's1' ..2026-01-02T03:39Z channel='Support' messages=2>",
        ),
    ],
)
def test_what_a_conversation_shows(values: dict[str, Any], shown: str) -> None:
    assert shown == repr(conversation(**values))


def test_what_messages_and_counts_show() -> None:
    first, second = conversation().messages
    assert ("<Message 2026-01-02T03:04:05Z chars=2>", "<Message - chars=0>") == (repr(first), repr(second))
    assert repr(Summary(visitors_web=3)).startswith("<Summary visitors_web=3 visitors_fbm=None")
    assert repr(shape(models.Tag, {"tag_id": "t1", "tag_label": CANARY})) == "<Tag tag_id='t1'>"


@MODELS
def test_models_are_written_as_json(model: type[Model]) -> None:
    made = shape(model, {**full_row(DOCUMENTED[model]), "surprise": [{"deep": 1}]})
    written = made.to_dict()
    assert written == json.loads(json.dumps(written))
    assert list(written)[-1] == "extra"
    assert written["extra"] == {"surprise": [{"deep": 1}]}
    hints = {name for name in typing.get_type_hints(model) if name[0] != "_"}
    assert hints - {"kind"} == set(written)


def test_nested_models_and_moments_are_written_too() -> None:
    written = conversation().to_dict()
    assert "2026-01-02T03:04:05Z" == written["start_time"]
    assert {
        "created_at": "2026-01-02T03:04:05Z",
        "created_by": "visitor",
        "message_content": "Hi",
        "message_id": None,
        "media_url": None,
        "extra": {},
    } == written["chat_conversation"][0]


def test_models_can_be_made_by_hand() -> None:
    message = Message(message_content="Hi", extra={"when": datetime(2026, 1, 2, tzinfo=timezone.utc), "who": Message()})
    written = json.loads(json.dumps(message.to_dict()))["extra"]
    assert ("2026-01-02T00:00:00Z", Message().to_dict()) == (written["when"], written["who"])


def test_a_page_and_a_report() -> None:
    page = Page(number=2, items=[CANARY], has_next=True)
    assert repr(page) == "<Page 2 items=1 has_next=True>"
    report = ListingReport(complete=False, issues=("a",), pages=2)
    counts = {"duplicates": 0, "dropped": 0, "outside": 0, "united": 0}
    assert report.to_dict() == {"complete": False, "issues": ["a"], "pages": 2, **counts}
    assert json.loads(json.dumps(report.to_dict())) == report.to_dict()


def test_models_are_equal_by_their_values_and_have_no_hash() -> None:
    first, second = (shape(Message, {"created_at": START, "surprise": 1}) for _ in range(2))
    assert first == second
    second.extra = {}
    assert first != second
    assert Message() != shape(models.CrmData, {})
    assert Message() != 5
    with pytest.raises(TypeError, match="unhashable"):
        hash(first)


def test_a_value_put_there_by_hand_stays() -> None:
    message = Message()
    for value in ("yesterday", datetime(2026, 1, 2, tzinfo=timezone.utc)):
        message.created_at = value  # type: ignore[assignment]
        assert value == message.created_at
