"""Nested shapes of a row, moved to the documented names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Row = dict[str, Any]

_THREAD_NAMES = {
    "thread_id": "alive5_sessionID",
    "created_at": "start_time",
    "closed_at": "end_time",
    "channel_label": "channel_name",
    "user_id": "agent_id",
    "assignedTo": "assigned_to",
    "phone_mobile": "contacts_phone",
    "first_name": "contacts_first_name",
    "last_name": "contacts_last_name",
    "email": "contacts_email",
    "notes": "contacts_notes",
}
_PERSON = (
    "crm_id", "phone_mobile", "first_name", "last_name", "email", "notes",
    "contacts_first_name", "contacts_last_name", "contacts_email", "contacts_phone", "contacts_notes",
)  # fmt: skip
_DOCUMENTED = (
    "org_name", "alive5_sessionID", "start_time", "end_time", "channel_id", "channel_name", "crm_id", "agent_id",
    "assigned_to", "tags", "contacts_first_name", "contacts_last_name", "contacts_email", "contacts_phone",
    "contacts_notes", "alive_sms_phone_number", "chat_conversation", "ip_address", "city", "state", "country", "zip",
    "referrer_url", "page_url",
)  # fmt: skip


def lift_nested(row: Row, name: str) -> None:
    """
    Copy the values of a nested object onto the row where it has none of its own.
    """
    nested = row.get(name)
    if isinstance(nested, dict):
        for key, value in list(nested.items()):
            if row.get(key) is None and key in _LIFTED:
                row[key] = dict(value) if value.__class__ is dict else value  # a decoder uses up its row


_LIFTED = frozenset((
    "phone_mobile", "created_at", "thread_id", "thread_type", "assignedTo", "timestamp", "updated_at", "crm_id",
    "platform", "channel_id", "status_timestamp", "org_name", "lastmessage_at", "thread_status", "crmData",
    "last_name", "first_name", "crm_type", "email",
))  # fmt: skip


def lift_thread(row: Row) -> None:
    """
    Move the newer livechat shape, ``threadData`` and ``threadConversation``, to the documented names.

    What has no documented name stays where it was and so ends in ``extra``.
    """
    thread = row.get("threadData")
    if isinstance(thread, dict):
        person = thread.get("crmData")
        _move(thread, row, (*_DOCUMENTED, *_THREAD_NAMES))
        if isinstance(person, dict):
            # Only who the person is: when a person was created is not when the conversation began.
            _move(person, row, _PERSON)
            if not person:
                del thread["crmData"]
        if not thread:
            del row["threadData"]
    entries = row.get("threadConversation")
    if isinstance(entries, list) and not row.get("chat_conversation"):
        row["chat_conversation"] = [_entry(entry) for entry in entries]
        del row["threadConversation"]


def _move(source: Row, row: Row, names: Iterable[str]) -> None:
    for name in names:
        target = _THREAD_NAMES.get(name, name)
        if name in source and row.get(target) is None:
            row[target] = source.pop(name)


def _entry(entry: Any) -> Any:
    if isinstance(entry, dict) and isinstance(entry.get("_source"), dict):
        rest = {name: value for name, value in entry.items() if name != "_source"}
        return {**rest, **entry["_source"]}
    return entry
