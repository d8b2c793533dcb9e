"""How rows are shown: odd values, the shapes of the editions, times and numbers as text; pure."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any, Final

import attrs

from ..._sansio.endpoint import Edition
from ..data.conversations import KINDS, Row
from ..data.people import mix, pick
from ..data.phrases import TAGS
from ..settings import Settings

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
    "start_time": "thread_start_chat",
    "end_time": "thread_end_chat",
    "agent_id": "assignedTo",
}
_CRM: Final = {
    "contacts_first_name": "first_name",
    "contacts_last_name": "last_name",
    "contacts_email": "email",
    "contacts_phone": "phone_mobile",
    "contacts_notes": "notes",
}
_WEEK_MS: Final = 7 * 86_400_000
_SECRETS: Final = ("aliveOpentokSession", "alivesecure_key", "API-Key", "accessToken", "Password", "client_secret")


@attrs.frozen(kw_only=True)
class View:
    """
    Whose row is shown to whom: seed, kind and ref of the row, the edition asked, and the part delivered.
    """

    seed: int
    kind: str
    ref: int
    edition: Edition
    part: int = 0

    def bits(self, salt: int) -> int:
        """
        Return 64 bits that are always the same for this row.
        """
        return mix(self.seed, KINDS[self.kind], self.ref, salt)


def shown(view: View, row: Row, settings: Settings) -> Row:
    """
    Show a conversation the way edition and quirks say; the row itself stays as it is.
    """
    truth = row
    if view.edition == "current":
        row = {**row, "chat_conversation": _with_ids(row)}
    if view.part:
        row = _part(row, view.part)
    if settings.odd_values and _chance(settings.odd_values, view, 11):
        row = _odd(row, random.Random(view.bits(12)))
    if settings.missing_ids and _chance(settings.missing_ids, view, 13):
        row = {name: value for name, value in row.items() if name != "alive5_sessionID"}
    if view.kind == "livechat":
        nested = view.edition == "current" or settings.livechat_shape == "thread"
        row = _nested(view, row, truth) if nested else row
    elif view.edition == "current":
        row = {"contacts_phone_mobile" if name == "contacts_phone" else name: value for name, value in row.items()}
    return with_secrets(row) if settings.secrets else row


def with_secrets(value: Any, depth: int = 0) -> Any:
    """
    Put made-up secrets into *value* at every depth.
    """
    if isinstance(value, list):
        return [with_secrets(entry, depth + 1) for entry in value]
    if not isinstance(value, dict):
        return value
    names = (_SECRETS[depth % len(_SECRETS)], _SECRETS[(depth + 1) % len(_SECRETS)])
    inner = {name: with_secrets(entry, depth + 1) for name, entry in value.items()}
    return {**inner, **{name: f"test_secret_{name}_{depth}" for name in names}}


def written(data: Any, settings: Settings) -> Any:
    """
    Return *data* with times and numbers in the form of the quirks.
    """
    if settings.times == "ms" and settings.numbers == "number":
        return data
    return _written(data, "", settings, _clock(settings))


def _chance(share: float, view: View, salt: int) -> bool:
    return view.bits(salt) < share * 2**64


def _with_ids(row: Row) -> list[Row]:
    identity = row["alive5_sessionID"]
    entries = row.get("chat_conversation") or []
    return [
        {"message_id": f"{identity}-{number}", "media_url": "", **entry} if isinstance(entry, dict) else entry
        for number, entry in enumerate(entries)
    ]


def _part(row: Row, part: int) -> Row:
    """Return the first delivery, short and still open, or the second, without the first message."""
    entries = row["chat_conversation"]
    if part == 1:
        return {**row, "chat_conversation": entries[: len(entries) // 2], "end_time": None}
    return {**row, "chat_conversation": entries[1:]}


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


def _nested(view: View, row: Row, truth: Row) -> Row:
    thread = {_THREAD.get(name, name): value for name, value in row.items() if name not in _CRM}
    entries = thread.pop("chat_conversation", None)
    thread.pop("assigned_to", None)
    if "thread_end_chat" in thread:
        thread["thread_end_chat"] = thread["thread_end_chat"] or 0
    tags = [tag for number, tag in enumerate(TAGS) if view.bits(15) >> number & 7 == 7]
    thread.update(tags=tags, **_life(view, row, truth))
    thread["crmData"] = {**{_CRM[name]: value for name, value in row.items() if name in _CRM}, "tags": tags}
    if view.bits(16) & 1:
        thread.update({name: thread["crmData"].get(name) for name in ("first_name", "last_name", "email")})
        thread["phone"] = thread["crmData"].get("phone_mobile")
    if isinstance(entries, list):
        entries = [{"_id": f"m{number}", "_source": entry} for number, entry in enumerate(entries)]
    return {"threadData": thread, "threadConversation": entries}


def _life(view: View, row: Row, truth: Row) -> Row:
    """Return a thread's own dates: for a third it is weeks older than the chat, which came back to it."""
    start, ended = truth["start_time"], row.get("end_time")
    intact = row.get("start_time") == start
    weeks = view.bits(17) % 6 + 1 if intact and view.bits(18) % 3 == 0 else 0
    status = "closed" if ended else "open"
    return {
        "created_at": start - weeks * _WEEK_MS,
        "thread_status": status,
        "status_timestamp": f"{status}||{truth.get('end_time') or start if ended else start}",
    }


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
    if data > 0 and name.endswith(("_at", "_time", "timestamp", "_chat")):
        data = clock(int(data))
    return str(data) if settings.numbers == "text" else data
