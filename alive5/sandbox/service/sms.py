"""Sent and recorded texts; pure."""

from __future__ import annotations

import re
from typing import Final

from ..data.conversations import ORG_NAME, Row, message
from ..data.people import mix
from ..data.store import Put, Store
from ..settings import Settings
from .envelope import Result
from .request import Asked

_LONGEST: Final = 1_600
_PHONE: Final = re.compile(r"\+?[1-9]\d{6,14}", re.ASCII)


def send(store: Store, asked: Asked, settings: Settings, number: int) -> Result:
    """
    Return the result of ``sms.send``.
    """
    fields = asked.arguments or {}
    line, customer, text = (str(fields[name]) for name in ("phone_number_from", "phone_number_to", "message"))
    channel = _channel(store, channel_id=fields["channel_id"])
    agents = {agent["user_id"]: agent for agent in (channel or {}).get("agents", ())}
    agent = agents.get(fields["user_id"])
    if len(text) > _LONGEST:
        return Result(code=400, error="Message is too long")
    wrong = _wrong(store, channel, line, customer, str(fields["user_id"])) if settings.strict_ids else ""
    if wrong:
        return Result(code=400, error=wrong)
    name = agent["screen_name"] if agent else str(fields["user_id"])
    now, identity = store.moment(number), _message_id(store, number)
    row = _extended(store, line, customer, {**message(now, name, text), "message_id": identity}, number)
    row.update(agent_id=str(fields["user_id"]), assigned_to=name, channel_id=str(fields["channel_id"]))
    row["channel_name"] = channel["channel_label"] if channel else row["channel_id"]
    data = {"newThread": _thread(row, now), **_queued(row, identity, text)}
    return Result(data=data, effects=(Put("sms", row, (line, customer)),))


def push(store: Store, asked: Asked, settings: Settings, number: int) -> Result:
    """
    Return the result of ``sms.push``.
    """
    fields = asked.arguments or {}
    customer, line = str(fields["phone_number_from"]), str(fields["phone_number_to"])
    channel = _channel(store, line=line)
    if settings.strict_ids and (channel is None or not _PHONE.fullmatch(customer)):
        return Result(code=400, error=_unknown_line(store) if channel is None else "Invalid phone_number_from")
    now, text = store.moment(number), str(fields["message"])
    said = {**message(now, customer, text), "message_id": _message_id(store, number)}
    row = _extended(store, line, customer, said, number)
    if channel is not None and row["agent_id"] is None:
        agent: Row = next(iter(channel["agents"]), {})
        row.update(channel_id=channel["channel_id"], channel_name=channel["channel_label"])
        row.update(agent_id=agent.get("user_id"), assigned_to=agent.get("screen_name"))
    return Result(data=_pushed(row, now, text, number), effects=(Put("sms", row, (line, customer)),))


def _wrong(store: Store, channel: Row | None, line: str, customer: str, user_id: str) -> str:
    """Return what of a text cannot be, "" when all can."""
    if channel is None:
        texting = [row["channel_id"] for row in store.channels if row.get("channel_phone_number")]
        return f"Unknown channel_id: texts have {', '.join(texting)}"
    if line not in _numbers(channel):
        return _unknown_line(store)
    agents = [agent["user_id"] for agent in channel["agents"]]
    if user_id not in agents:
        return f"Unknown user_id: the channel has {', '.join(agents) or 'nobody'}"
    return "" if _PHONE.fullmatch(customer) else "Invalid phone_number_to"


def _unknown_line(store: Store) -> str:
    lines = [str(row["channel_phone_number"]) for row in store.channels if "channel_phone_number" in row]
    return f"Unknown number: not a line of that channel; the lines are {', '.join(lines)}"


def _message_id(store: Store, number: int) -> str:
    return f"message-{mix(store.seed, number, 8):016x}"


def _queued(row: Row, identity: str, text: str) -> Row:
    return {
        "message_id": identity,
        "message_status": "queued",
        "thread_id": row["alive5_sessionID"],
        "From": row["alive_sms_phone_number"],
        "To": row["contacts_phone"],
        "direction": "outbound",
        "message_content": text,
    }


def _numbers(channel: Row | None) -> set[str]:
    return {channel["channel_label"], channel.get("channel_phone_number", "")} if channel else set()


def _channel(store: Store, *, channel_id: str | None = None, line: str | None = None) -> Row | None:
    for channel in store.channels:
        if channel["channel_id"] == channel_id or (line is not None and line in _numbers(channel)):
            return channel
    return None


def _extended(store: Store, line: str, customer: str, said: Row, number: int) -> Row:
    identity = store.threads.get((line, customer))
    ref = None if identity is None else store.find("sms", identity)
    if ref is not None:
        row = store.row("sms", ref)
        return {**row, "chat_conversation": [*row["chat_conversation"], said]}
    bits = mix(store.seed, number, 6)
    return {
        "org_name": ORG_NAME,
        "alive5_sessionID": f"{bits >> 32:08x}-{bits >> 16 & 0xFFFF:04x}-4{bits & 0xFFF:03x}-b002-{number:012x}",
        "start_time": said["created_at"],
        "end_time": None,
        "channel_id": None,
        "channel_name": None,
        "crm_id": f"crm-{mix(store.seed, number, 7):016x}",
        "agent_id": None,
        "assigned_to": None,
        "tags": [],
        "contacts_first_name": None,
        "contacts_last_name": None,
        "contacts_email": None,
        "contacts_phone": customer,
        "contacts_notes": None,
        "alive_sms_phone_number": line,
        "chat_conversation": [said],
    }


def _thread(row: Row, now: int) -> Row:
    return {
        "phone_mobile": row["contacts_phone"],
        "created_at": row["start_time"],
        "thread_id": row["alive5_sessionID"],
        "thread_type": "sms",
        "assignedTo": row["agent_id"],
        "timestamp": now,
        "updated_at": now,
        "crm_id": row["crm_id"],
        "platform": "sms",
        "channel_id": row["channel_id"],
        "status_timestamp": f"open||{now}",
        "org_name": row["org_name"],
        "lastmessage_at": now,
        "thread_status": "open",
        "crmData": {
            "last_name": row["contacts_last_name"] or "",
            "first_name": row["contacts_first_name"] or row["contacts_phone"],
            "crm_type": "contact",
            "email": row["contacts_email"] or "",
        },
    }


def _pushed(row: Row, now: int, text: str, number: int) -> Row:
    thread = _thread(row, now)
    person = thread.pop("crmData")
    for name in ("platform", "lastmessage_at"):
        del thread[name]
    first = row["chat_conversation"][0]
    return {
        **thread,
        **person,
        "assignedTo": row["assigned_to"],
        "created_by": row["contacts_phone"],
        "direction": "inbound",
        "event_mode": "sms",
        "media_url": "",
        "message_content": text,
        "message_type": "text",
        "route": "inbound",
        "user_id": row["agent_id"],
        "From": row["contacts_phone"],
        "To": row["alive_sms_phone_number"],
        "visible_to_channel": True,
        "alivesms_phone_number": row["alive_sms_phone_number"],
        "init_messageid": f"message-{number}",
        "init_message_content": first["message_content"],
    }
