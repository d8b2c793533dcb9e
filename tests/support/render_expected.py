"""What the tables must hold, told from the core's own models and not from the rendering."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from typing import Any

from alive5._sansio.decode import shape
from alive5.models import FbmConversation, LivechatConversation, SmsConversation
from support.render import MemoryStore, Row

MODELS = {"sms": SmsConversation, "livechat": LivechatConversation, "fbm": FbmConversation}
GIVEN = (
    *("org_name", "start_time", "end_time", "channel_id", "channel_name", "crm_id", "agent_id", "assigned_to"),
    *("contacts_first_name", "contacts_last_name", "contacts_email", "contacts_phone", "contacts_notes", "tags"),
    *("alive_sms_phone_number", "ip_address", "city", "state", "country", "zip", "referrer_url", "page_url"),
)
SAID = ("created_at", "created_by", "message_content")
LONE = re.compile("[\ud800-\udfff]")


def tables(store: MemoryStore) -> dict[str, list[Row]]:
    """Both tables in the order of their rows."""
    conversations: list[Row] = []
    messages: list[Row] = []
    for kind in ("livechat", "sms", "fbm"):
        for month in store.months(kind):
            for stored in store.rows(kind, month):
                row, said = _one(kind, stored.id, stored.raw)
                conversations.append(row)
                messages += said
    return {"conversations": conversations, "messages": messages}


def _one(kind: str, name: str, raw: Row) -> tuple[Row, list[Row]]:
    flat = copy.deepcopy(raw)
    model = shape(MODELS[kind], copy.deepcopy(flat))
    # One table holds the values of all kinds: another kind's documented name has its column too.
    other = {name: shape(m, copy.deepcopy(flat)) for name, m in MODELS.items()}
    row: Row = {"kind": kind, "session_id": name, "synthetic": model.id != name}
    extra = dict(model.extra)
    for column in GIVEN:
        holder = next((m for m in (model, *other.values()) if hasattr(m, column)), model)
        value = getattr(holder, column)
        if column in extra and column not in holder.extra:
            del extra[column]
        row[column] = _readable(column, value, extra)
    if flat.get("tags") is None and (flat.get("threadData") or {}).get("tags") is None:
        row["tags"] = None
    said = [_said(kind, name, seq, message) for seq, message in enumerate(model.messages)]
    row["n_messages"] = len(said)
    mobile = flat.get("contacts_phone_mobile")
    if not row["contacts_phone"]:
        row["contacts_phone"] = mobile
    elif mobile is not None:
        extra["contacts_phone_mobile"] = mobile
    row["extra_json"] = extra
    row["raw_sha256"] = _sha(raw)
    return row, said


def _said(kind: str, name: str, seq: int, message: Any) -> Row:
    extra = dict(message.extra)
    more = {name: getattr(message, name) for name in ("message_id", "media_url")}
    extra.update({name: value for name, value in more.items() if value is not None})
    row = {"kind": kind, "session_id": name, "seq": seq}
    row.update({column: _readable(column, getattr(message, column), extra) for column in SAID})
    return {**row, "extra_json": extra}


def _readable(column: str, value: Any, extra: Row) -> Any:
    texts = value if isinstance(value, list) else [value]
    if any(isinstance(text, str) and LONE.search(text) for text in texts):
        extra[column] = value
        clean = [LONE.sub("\ufffd", text) for text in texts]
        return clean if isinstance(value, list) else clean[0]
    return value


def _sha(raw: Row) -> str:
    """The digest as anybody would make it: JSON with sorted keys and no spaces, UTF-8 unless it cannot be."""
    plain = {"sort_keys": True, "separators": (",", ":")}
    try:
        text = json.dumps(raw, ensure_ascii=False, **plain).encode()
        if re.search(rb"[0-9]{19}", text):
            raise UnicodeError
    except UnicodeError:
        text = json.dumps(raw, **plain).encode()
    return hashlib.sha256(text).hexdigest()
