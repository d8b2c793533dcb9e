"""Shapes of delivered rows: odd values, the newer livechat shape, times and numbers as text; pure."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from ..data.conversations import KINDS, Row
from ..data.people import mix, pick
from ..quirks import Settings

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)
_ODD: Final[tuple[Any, ...]] = (None, "", True, {"value": None}, ["a", 1, None], 0.5, "\x00\u202e\r\n'=1+1", "soon")
_ODD_TIMES: Final[tuple[Any, ...]] = (None, "", "soon", {"$date": None}, [], -5, True)
_ODD_ENTRIES: Final[tuple[Any, ...]] = (
    None,
    "text",
    {},
    {"message_content": None, "created_by": 7},
    {"created_at": "soon", "message_content": {"text": "hi"}, "attachments": ["https://www.example.com/a.png"]},
)
_THREAD: Final = {
    "alive5_sessionID": "thread_id",
    "start_time": "created_at",
    "end_time": "closed_at",
    "channel_name": "channel_label",
    "agent_id": "user_id",
    "assigned_to": "assignedTo",
}
_CRM: Final = {
    "contacts_first_name": "first_name",
    "contacts_last_name": "last_name",
    "contacts_email": "email",
    "contacts_phone": "phone_mobile",
    "contacts_notes": "notes",
}


def shown(seed: int, kind: str, ref: int, row: Row, settings: Settings) -> Row:
    """
    Return a conversation in the shape of the quirks; the row itself is unchanged.
    """
    if settings.odd_values and _chance(settings.odd_values, seed, kind, ref, 11):
        row = _odd(row, random.Random(mix(seed, KINDS[kind], ref, 12)))
    if settings.missing_ids and _chance(settings.missing_ids, seed, kind, ref, 13):
        row = {name: value for name, value in row.items() if name != "alive5_sessionID"}
    if kind == "livechat" and settings.livechat_shape == "thread":
        row = _nested(row)
    return row


def written(data: Any, settings: Settings) -> Any:
    """
    Return *data* with times and numbers in the form of the quirks.
    """
    if settings.times == "ms" and settings.numbers == "number":
        return data
    return _written(data, "", settings, _clock(settings))


def _chance(share: float, seed: int, kind: str, ref: int, salt: int) -> bool:
    return mix(seed, KINDS[kind], ref, salt) < share * 2**64


def _odd(row: Row, rng: random.Random) -> Row:
    odd = dict(row)
    for name in row:
        if name == "alive5_sessionID" or rng.random() > 0.25:
            continue
        if rng.random() < 0.3:
            del odd[name]
        elif name == "chat_conversation":
            entries = [*row[name], *_ODD_ENTRIES]
            odd[name] = entries if rng.random() < 0.8 else pick(rng, _ODD)
        else:
            odd[name] = pick(rng, _ODD_TIMES if name in ("start_time", "end_time") else _ODD)
    if rng.random() < 0.5:
        odd["sentiment"] = {"score": 0.75, "labels": ["calm"]}
    return odd


def _nested(row: Row) -> Row:
    thread = {_THREAD.get(name, name): value for name, value in row.items() if name not in _CRM}
    entries = thread.pop("chat_conversation", None)
    thread["crmData"] = {_CRM[name]: value for name, value in row.items() if name in _CRM}
    if isinstance(entries, list):
        entries = [{"_id": f"m{number}", "_source": entry} for number, entry in enumerate(entries)]
    return {"threadData": thread, "threadConversation": entries}


def _clock(settings: Settings) -> Callable[[int], Any]:
    if settings.times == "iso":
        return lambda ms: (_EPOCH + timedelta(milliseconds=ms)).isoformat().replace("+00:00", "Z")
    return lambda ms: ms // 1000 if settings.times == "seconds" else ms


def _written(data: Any, name: str, settings: Settings, clock: Callable[[int], Any]) -> Any:
    if isinstance(data, dict):
        return {key: _written(value, key, settings, clock) for key, value in data.items()}
    if isinstance(data, list):
        return [_written(value, name, settings, clock) for value in data]
    if isinstance(data, bool) or not isinstance(data, (int, float)):
        return data
    if data > 0 and name.endswith(("_at", "_time", "timestamp")):
        data = clock(int(data))
    return str(data) if settings.numbers == "text" else data
