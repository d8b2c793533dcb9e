"""
The lossless form: one JSON line a conversation, the delivered row and its kind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from ..._json.codec import canonical, loads
from ..._sansio.decode import shape
from ..._sansio.reshape import lift_thread, place_of_messages, value_of
from ...models import Conversation

Row = dict[str, Any]

_OURS: Final = frozenset(("kind", "synthetic_id"))
_PREFIX: Final = "delivered_"
_RESERVED: Final = re.compile(r"(?:delivered_)*(?:kind|synthetic_id)")


def line_of(kind: str, raw: Mapping[str, Any], synthetic: str | None = None, *, usual: bool = False) -> bytes:
    """
    Return the line of a delivered row.

    A row without an id of its own also gets the *synthetic* one it was given. A
    delivered key of one of our two names, or of one already escaped, gets
    ``delivered_``. *Usual* is what the body was it came in.
    """
    row = {**raw, "kind": kind}
    if not raw.keys().isdisjoint(_OURS) or _PREFIX in "\n".join(raw):
        row = {f"{_PREFIX}{name}" if _RESERVED.fullmatch(name) else name: value for name, value in raw.items()}
        row["kind"] = kind
    if synthetic is not None:
        row["synthetic_id"] = synthetic
    return canonical(row, usual=usual) + b"\n"


def read_line(line: bytes) -> tuple[str, str, Row]:
    """
    Return kind, session id and delivered row of a line.
    """
    row: Row = loads(line)
    kind, synthetic = row.pop("kind"), row.pop("synthetic_id", None)
    raw = {name.removeprefix(_PREFIX) if _RESERVED.fullmatch(name) else name: v for name, v in row.items()}
    return kind, synthetic if synthetic is not None else delivered_id(raw) or "", raw


def delivered_id(raw: Mapping[str, Any]) -> str | None:
    """
    Return the id a row came with, decoded as everywhere else; None without one.
    """
    plain = raw.get("alive5_sessionID")
    if plain.__class__ is str and plain:
        return str(plain)
    given = value_of(raw, "alive5_sessionID")
    return given if given.__class__ is str and given else shape(Conversation, {"alive5_sessionID": given}).id


def messages_of(raw: Mapping[str, Any]) -> list[Row]:
    """
    Return the messages of a delivered row as they came, those that have a row in the table.
    """
    said = raw.get(place_of_messages(raw))
    return [entry for entry in said if isinstance(entry, dict)] if isinstance(said, list) else []


def lifted(raw: Mapping[str, Any]) -> Row:
    """
    Return a copy of a row with its documented values on top, whichever shape it came in.
    """
    row = dict(raw)
    thread = row.get("threadData")
    if isinstance(thread, dict):
        row["threadData"] = thread = dict(thread)
        person = thread.get("crmData")
        if isinstance(person, dict):
            thread["crmData"] = dict(person)
    if thread is not None or "threadConversation" in row:
        lift_thread(row)
    return row
