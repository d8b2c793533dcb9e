"""Nested shapes of rows come to the documented names, and nothing of them is lost."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from alive5 import Channel, LivechatConversation, SentSms, Thread
from alive5._sansio.decode import shape
from alive5._sansio.window import read_window
from alive5.export.rows.encode import end_us, start_us

START, END = 1767323045000, 1767326645000
WEEKS_BEFORE = START - 30 * 86_400_000


def thread_row(**changes: Any) -> dict[str, Any]:
    thread: dict[str, Any] = {
        "thread_id": "t1",
        "created_at": WEEKS_BEFORE,
        "thread_start_chat": START,
        "thread_end_chat": END,
        "channel_id": "c1",
        "channel_name": "Support",
        "assignedTo": "u1",
        "tags": ["vip"],
        "ip_address": "192.0.2.1",
        "city": "Springfield",
        "page_url": "https://shop.example.com/",
        "mood": "curious",
        "crmData": {
            "crm_id": "p1",
            "first_name": "Sam",
            "last_name": "Doe",
            "email": "sam@example.com",
            "phone_mobile": "+12025550123",
            "notes": "VIP",
            "tags": ["customer"],
            "created_at": 1,
            "segment": "b",
        },
    }
    entries = [
        {
            "_id": "1",
            "_source": {"message_id": "m1", "created_at": START, "created_by": "Sam", "message_content": "Hi"},
        },
        {
            "_id": "2",
            "_source": {"created_at": END, "created_by": "Ada", "media_url": "https://x.test", "seen": True},
        },
    ]
    return {"threadData": {**thread, **changes}, "threadConversation": entries}


def test_a_threads_values_stand_under_the_documented_names() -> None:
    chat = shape(LivechatConversation, thread_row())
    assert {
        "alive5_session_id": "t1",
        "start_time": "2026-01-02T03:04:05Z",
        "end_time": "2026-01-02T04:04:05Z",
        "channel_id": "c1",
        "channel_name": "Support",
        "agent_id": "u1",
        "assigned_to": None,
        "tags": ["vip"],
        "crm_id": "p1",
        "contacts_first_name": "Sam",
        "contacts_last_name": "Doe",
        "contacts_email": "sam@example.com",
        "contacts_phone": "+12025550123",
        "contacts_notes": "VIP",
        "ip_address": "192.0.2.1",
        "city": "Springfield",
        "page_url": "https://shop.example.com/",
    }.items() <= chat.to_dict().items()
    assert [("m1", "Hi", None), (None, "", "https://x.test")] == [
        (message.message_id, message.text, message.media_url) for message in chat.messages
    ]
    assert [{"_id": "1"}, {"_id": "2", "seen": True}] == [message.extra for message in chat.messages]


def test_what_has_no_documented_name_is_kept() -> None:
    chat = shape(LivechatConversation, thread_row())
    person = {"created_at": 1, "segment": "b", "tags": ["customer"]}
    assert {"threadData": {"created_at": WEEKS_BEFORE, "mood": "curious", "crmData": person}} == chat.extra


def test_when_a_person_was_created_is_not_when_the_chat_began() -> None:
    row = thread_row()
    del row["threadData"]["created_at"], row["threadData"]["thread_start_chat"]
    chat = shape(LivechatConversation, row)
    assert chat.started_at is None
    assert read_window("2026-01-01T00:00:00Z", None, None).holds(chat)


def test_a_documented_name_wins_over_its_other_spelling() -> None:
    chat = shape(LivechatConversation, thread_row(alive5_sessionID="s1", agent_id="u2", contacts_email="b@example.com"))
    assert ("s1", "u2", "b@example.com") == (chat.id, chat.agent_id, chat.contacts_email)
    left = chat.extra["threadData"]
    assert ("t1", "u1", "sam@example.com") == (left["thread_id"], left["assignedTo"], left["crmData"]["email"])


@pytest.mark.parametrize(
    ("times", "start"),
    [
        ({"thread_start_chat": START, "start_time": END, "created_at": WEEKS_BEFORE}, START),
        ({"thread_start_chat": None, "start_time": END, "created_at": WEEKS_BEFORE}, END),
        ({"thread_start_chat": 0, "start_time": "", "created_at": WEEKS_BEFORE}, WEEKS_BEFORE),
        ({"thread_start_chat": "0", "created_at": str(WEEKS_BEFORE)}, WEEKS_BEFORE),
        ({"start_time": END, "created_at": WEEKS_BEFORE}, END),
        ({"thread_start_chat": "soon", "created_at": WEEKS_BEFORE}, None),
        ({"thread_start_chat": None}, None),
    ],
)
def test_the_start_is_that_of_the_chat(times: dict[str, Any], start: int | None) -> None:
    row = {"threadData": {"thread_id": "t1", **times}}
    chat = shape(LivechatConversation, copy.deepcopy(row))
    assert start == (chat.started_at and int(chat.started_at.timestamp() * 1000))
    assert start == (None if (us := start_us(row)) is None else us // 1000)


@pytest.mark.parametrize("end", [0, None, "", "0", 0.0])
@pytest.mark.parametrize("name", ["thread_end_chat", "end_time", "closed_at"])
def test_a_thread_without_an_end_is_open(name: str, end: Any) -> None:
    row = {"threadData": {"thread_id": "t1", "thread_start_chat": START, name: end}}
    assert end_us(row) is None
    chat = shape(LivechatConversation, row)
    assert (True, {}) == (chat.is_open, chat.extra)


def test_an_end_under_a_later_name_counts_where_the_first_says_nothing() -> None:
    row = {"end_time": 0, "threadData": {"thread_id": "t1", "thread_end_chat": 0, "end_time": END}}
    assert END * 1000 == end_us(row)
    chat = shape(LivechatConversation, row)
    assert not chat.is_open
    assert {"threadData": {"thread_end_chat": 0}} == chat.extra


@pytest.mark.parametrize(
    ("thread", "phone"),
    [
        ({"phone": "1", "contacts_phone_mobile": "2", "contacts_phone": "3", "phone_mobile": "4"}, "1"),
        ({"contacts_phone_mobile": "2", "contacts_phone": "3", "phone_mobile": "4"}, "2"),
        ({"phone": "", "contacts_phone": "3", "phone_mobile": "4"}, "3"),
        ({"phone_mobile": "4", "crmData": {"phone_mobile": "5"}}, "4"),
        ({"crmData": {"phone_mobile": "5"}}, "5"),
    ],
)
def test_the_phone_of_a_thread(thread: dict[str, Any], phone: str) -> None:
    assert phone == shape(LivechatConversation, {"threadData": copy.deepcopy(thread)}).contact.phone


def test_the_phone_of_a_flat_row() -> None:
    both = shape(LivechatConversation, {"contacts_phone_mobile": "2", "contacts_phone": "3"})
    assert ("2", "3", "2") == (both.contact.phone, both.contacts_phone, both.contacts_phone_mobile)
    assert "2" == shape(LivechatConversation, {"contacts_phone_mobile": "2"}).contact.phone
    assert "3" == shape(LivechatConversation, {"contacts_phone_mobile": "", "contacts_phone": "3"}).contact.phone


def test_the_rows_own_values_win() -> None:
    row = {
        **thread_row(),
        "alive5_sessionID": "own",
        "contacts_email": None,
        "chat_conversation": [{"message_content": "own"}],
    }
    chat = shape(LivechatConversation, row)
    assert ("own", "sam@example.com", ["own"]) == (chat.id, chat.contacts_email, [m.text for m in chat.messages])
    assert len(chat.extra["threadConversation"]) == 2


def test_an_emptied_thread_leaves_nothing() -> None:
    chat = shape(LivechatConversation, {"threadData": {"thread_id": "t1", "crmData": {"email": "a@example.com"}}})
    assert ("t1", "a@example.com", {}) == (chat.id, chat.contacts_email, chat.extra)


@pytest.mark.parametrize("wrong", [None, 5, "text", [], [1], True])
def test_a_thread_of_the_wrong_kind_is_kept(wrong: Any) -> None:
    chat = shape(LivechatConversation, {"alive5_sessionID": "s1", "threadData": wrong, "threadConversation": 7})
    assert ("s1", {"threadData": wrong, "threadConversation": 7}) == (chat.id, chat.extra)
    chat = shape(LivechatConversation, {"threadData": {"thread_id": "t1", "crmData": wrong}})
    assert ("t1", {"threadData": {"crmData": wrong}}) == (chat.id, chat.extra)


def test_entries_of_any_kind_are_kept() -> None:
    entries = [{"message_content": "bare"}, {"_source": 5}, "text", None]
    chat = shape(LivechatConversation, {"threadConversation": entries})
    assert ["bare", ""] == [message.text for message in chat.messages]
    assert {"_source": 5} == chat.messages[1].extra
    assert {"chat_conversation": entries} == chat.extra


def test_a_sent_text_has_the_values_of_its_thread() -> None:
    row = {
        "error": None,
        "newThread": {
            "thread_id": "t1",
            "assignedTo": "u1",
            "created_at": START,
            "crmData": {"email": "a@example.com"},
        },
    }
    sent = shape(SentSms, row)
    assert sent.new_thread is not None
    assert sent.crm_data is not None
    assert ("t1", "u1", "a@example.com") == (sent.thread_id, sent.assigned_to, sent.email)
    assert ("t1", "a@example.com") == (sent.new_thread.thread_id, sent.new_thread.email)
    assert (sent.new_thread.crm_data, sent.new_thread.created_at) == (sent.crm_data, sent.created_at)
    assert ({}, {}) == (sent.extra, sent.new_thread.extra)


def test_own_values_are_not_replaced_by_nested_ones() -> None:
    thread = shape(
        Thread, {"email": "own@example.com", "crmData": {"email": "a@example.com", "first_name": "Sam", "x": 1}}
    )
    assert ("own@example.com", "Sam") == (thread.email, thread.first_name)
    assert thread.crm_data is not None
    assert ("a@example.com", {"x": 1}, {}) == (thread.crm_data.email, thread.crm_data.extra, thread.extra)


def test_a_sent_text_tells_of_the_message_beside_the_thread_or_without_one() -> None:
    row = {
        "message_id": "m1", "message_status": "queued", "thread_id": "t1", "From": "+12025550100",
        "To": "+12025550123", "direction": "outbound", "message_content": "Hi",
    }  # fmt: skip
    for given in (row, {**row, "newThread": {"thread_id": "t1"}}):
        sent = shape(SentSms, copy.deepcopy(given))
        assert ("m1", "queued", "t1") == (sent.message_id, sent.message_status, sent.thread_id)
        assert ("+12025550100", "+12025550123", "outbound", "Hi", {}) == (
            *(sent.from_, sent.to, sent.direction, sent.message_content, sent.extra),
        )


@pytest.mark.parametrize(("given", "phone"), [("undefined", None), (None, None), ("", ""), ("+1", "+1"), (7, "7")])
def test_the_phone_number_of_a_channel(given: Any, phone: str | None) -> None:
    channel = shape(Channel, {"channel_phone_number": given})
    assert (phone, {}) == (channel.phone_number, channel.extra)
