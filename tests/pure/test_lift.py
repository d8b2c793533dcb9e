"""Nested shapes of rows come to the documented names, and nothing of them is lost."""

from __future__ import annotations

from typing import Any

import pytest

from alive5 import LivechatConversation, SentSms, Thread
from alive5._sansio.decode import shape
from alive5._sansio.window import read_window

START, END = 1767323045000, 1767326645000


def thread_row(**changes: Any) -> dict[str, Any]:
    thread: dict[str, Any] = {
        "thread_id": "t1",
        "created_at": START,
        "closed_at": END,
        "channel_id": "c1",
        "channel_label": "Support",
        "user_id": "u1",
        "assignedTo": "Ada",
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
            "created_at": 1,
            "segment": "b",
        },
    }
    entries = [
        {"_id": "m1", "_source": {"created_at": START, "created_by": "visitor", "message_content": "Hi"}},
        {"_id": "m2", "_source": {"created_at": END, "created_by": "Ada", "message_content": "Hello", "seen": True}},
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
        "assigned_to": "Ada",
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
    assert ["Hi", "Hello"] == [message.text for message in chat.messages]
    assert [{"_id": "m1"}, {"_id": "m2", "seen": True}] == [message.extra for message in chat.messages]


def test_what_has_no_documented_name_is_kept() -> None:
    chat = shape(LivechatConversation, thread_row())
    assert {"threadData": {"mood": "curious", "crmData": {"created_at": 1, "segment": "b"}}} == chat.extra


def test_when_a_person_was_created_is_not_when_the_chat_began() -> None:
    row = thread_row()
    del row["threadData"]["created_at"]
    chat = shape(LivechatConversation, row)
    assert chat.started_at is None
    assert read_window("2026-01-01T00:00:00Z", None, None).holds(chat)


def test_a_documented_name_wins_over_its_other_spelling() -> None:
    chat = shape(LivechatConversation, thread_row(alive5_sessionID="s1", start_time=END))
    assert ("s1", "2026-01-02T04:04:05Z") == (chat.id, chat.to_dict()["start_time"])
    assert ("t1", START) == (chat.extra["threadData"]["thread_id"], chat.extra["threadData"]["created_at"])


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
