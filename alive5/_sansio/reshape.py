"""
Nested shapes of a row, moved to the documented names.

One table says under which names a thread has a documented value: models,
exports and their order of time read the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

Row = dict[str, Any]

_THREAD: Final[Mapping[str, tuple[str, ...]]] = {
    "alive5_sessionID": ("alive5_sessionID", "thread_id"),
    # A thread may be weeks older than the chat: when it was created tells only where nothing else does.
    "start_time": ("thread_start_chat", "start_time", "created_at"),
    "end_time": ("thread_end_chat", "end_time", "closed_at"),
    "channel_name": ("channel_name", "channel_label"),
    # Seen live with an agent's id, though of texts that were pushed it is a name.
    "agent_id": ("agent_id", "assignedTo", "user_id"),
    "contacts_first_name": ("contacts_first_name", "first_name"),
    "contacts_last_name": ("contacts_last_name", "last_name"),
    "contacts_email": ("contacts_email", "email"),
    "contacts_phone": ("phone", "contacts_phone_mobile", "contacts_phone", "phone_mobile"),
    "contacts_notes": ("contacts_notes", "notes"),
    **{
        name: (name,)
        for name in (
            "org_name", "channel_id", "crm_id", "assigned_to", "tags", "alive_sms_phone_number", "ip_address", "city",
            "state", "country", "zip", "referrer_url", "page_url",
        )
    },
}  # fmt: skip
# Only who the person is: when a person was created is not when the conversation began, and their tags are not its tags.
_PERSON: Final = {
    name: _THREAD[name]
    for name in (
        "crm_id", "contacts_first_name", "contacts_last_name", "contacts_email", "contacts_phone", "contacts_notes",
    )
}  # fmt: skip
_PLAIN: Final = (type(None), str, int, float)
_BLANK: Final = (None, "", 0, "0")


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
        _move(thread, row, _THREAD)
        person = thread.get("crmData")
        if isinstance(person, dict):
            _move(person, row, _PERSON)
            if not person:
                del thread["crmData"]
        if not thread:
            del row["threadData"]
    if place_of_messages(row) == "threadConversation":
        row["chat_conversation"] = [entry_of(entry) for entry in row.pop("threadConversation")]


def value_of(row: Mapping[str, Any], name: str) -> Any:
    """
    Return a documented value of a conversation from where :func:`lift_thread` would take it; not one of its person's.
    """
    value = row.get(name)
    if "threadData" in row and _is_blank(value):
        thread = row["threadData"]
        found = _first(thread, _THREAD[name]) if isinstance(thread, dict) else None
        return value if found is None else thread[found]
    return value


def values_of_contact(row: Mapping[str, Any], name: str) -> Iterator[Any]:
    """
    Yield what a conversation has for a documented value of its contact, from every place where it may stand.
    """
    thread = row.get("threadData")
    yield row.get(name)
    yield row.get(f"{name}_mobile")
    if isinstance(thread, dict):
        person = thread.get("crmData")
        for place in (thread, person) if isinstance(person, dict) else (thread,):
            yield from (place.get(spelling) for spelling in _THREAD[name])


def place_of_messages(row: Mapping[str, Any]) -> str:
    """
    Return the name under which a row has its messages, or would have them.
    """
    nested = not row.get("chat_conversation") and isinstance(row.get("threadConversation"), list)
    return "threadConversation" if nested else "chat_conversation"


def entry_of(entry: Any) -> Any:
    """
    Return a message with what its ``_source`` holds beside its other values.
    """
    if isinstance(entry, dict) and isinstance(entry.get("_source"), dict):
        rest = {name: value for name, value in entry.items() if name != "_source"}
        return {**rest, **entry["_source"]}
    return entry


def _move(source: Row, row: Row, names: Mapping[str, tuple[str, ...]]) -> None:
    for target, spellings in names.items():
        if _is_blank(row.get(target)):
            found = _first(source, spellings)
            if found is not None:
                row[target] = source.pop(found)


def _first(source: Mapping[str, Any], spellings: tuple[str, ...]) -> str | None:
    """Return the name of the first value that says something, else of the first there is."""
    there = None
    for name in spellings:
        if name in source:
            if not _is_blank(source[name]):
                return name
            there = there or name
    return there


def _is_blank(value: Any) -> bool:
    return value.__class__ in _PLAIN and value in _BLANK
