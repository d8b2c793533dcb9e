"""The feed of messages and the reports of a period; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

import attrs

from ..data.conversations import KINDS, Row
from ..data.people import mix
from ..data.store import Store
from ..settings import Settings
from .dates import Dates, UnreadableDateError, read_dates
from .envelope import MISSING_FIELD, Result
from .listings import listed
from .request import Asked

_BAD_DATE: Final = Result(code=400, error="Invalid date")
# Longer than any conversation that is made up; those that were added may be of any length.
_LONGEST_MS: Final = 86_400_000
_BOTFLOWS: Final = ("Welcome", "Opening hours")
_QUESTIONS: Final = ("freetext", "multiplechoice")


def messages(store: Store, asked: Asked, settings: Settings, number: int) -> Result:
    """
    Answer ``conversations.messages``: those of the period, of every thread of texts, however old.
    """
    dates = _dates(asked, settings)
    if dates is None:
        return _BAD_DATE
    rows = sorted(_written(store, dates), key=lambda row: int(row["created_at"]), reverse=settings.order == "newest")
    return Result(data=listed([(row["thread_id"], row) for row in rows], settings, {}))


def performance(store: Store, asked: Asked, settings: Settings, number: int) -> Result:
    """
    Answer ``reports.performance``.
    """
    dates = _dates(asked, settings)
    if dates is None:
        return _BAD_DATE
    channels, done, agents = Counter[str](), Counter[str](), Counter[str]()
    for kind in KINDS:
        for ref in store.select(kind, dates.low, dates.high):
            row = store.row(kind, ref)
            ended = bool(row["end_time"])
            channels[str(row["channel_name"])] += 1
            done[str(row["channel_name"])] += ended
            agents[str(row["assigned_to"])] += ended
    report = [
        {"channel_name": name, "total": total, "total_completed": done[name], "total_missed": total - done[name]}
        for name, total in sorted(channels.items())
    ]
    seats = [{"screen_name": name, "total_completed": total} for name, total in sorted(agents.items())]
    return Result(data={"channelsReport": report, "agentsReport": seats, "tagsReport": []})


def bots(store: Store, asked: Asked, settings: Settings, number: int) -> Result:
    """
    Answer the reports of bots, which half of the chats began with.
    """
    dates = _dates(asked, settings)
    if dates is None or not asked.query.get("botflowFilter"):
        return MISSING_FIELD if dates is not None else _BAD_DATE
    kind = {"reports.free_text": _QUESTIONS[0], "reports.multiple_choice": _QUESTIONS[1]}.get(asked.operation)
    flow = asked.query["botflowFilter"]
    rows = [
        row
        for row in _exchanges(store, dates)
        if flow in ("All", row["botchain_name"]) and kind in (None, row["question_type"])
    ]
    if asked.operation == "reports.faq":
        names = {"botflow": "botchain_name", "visitor_question": "user_reply", "bot_response": "bot_message"}
        return Result(data=[{new: row[old] for new, old in names.items()} for row in rows])
    return Result(data={"Items": {row["thread_id"]: [row] for row in rows}})


def _dates(asked: Asked, settings: Settings) -> Dates | None:
    """Read the window, by whichever names; None when it cannot be read."""
    names = {"from_datetime": "date_start", "to_datetime": "date_end"}
    query = {names.get(name, name): value for name, value in asked.query.items()}
    try:
        return read_dates(attrs.evolve(asked, edition="current", query=query), settings)
    except UnreadableDateError:
        return None


def _written(store: Store, dates: Dates) -> Iterator[Row]:
    for ref in store.select("sms", high=dates.high):
        if ref >= 0 and store.start("sms", ref) < dates.low - _LONGEST_MS:
            continue
        row = store.row("sms", ref)
        thread = {"thread_id": row["alive5_sessionID"], "channel_id": row["channel_id"]}
        for said in row["chat_conversation"]:
            if dates.low <= said["created_at"] < dates.high:
                names = ("created_at", "created_by", "message_content")
                yield {**thread, **{name: said[name] for name in names}, "media_url": said.get("media_url", "")}


def _exchanges(store: Store, dates: Dates) -> Iterator[Row]:
    for ref in store.select("livechat", dates.low, dates.high):
        bits = mix(store.seed, ref, 17)
        if bits & 1:
            row = store.row("livechat", ref)
            yield _exchange(row, _BOTFLOWS[bits >> 1 & 1], _QUESTIONS[bits >> 2 & 1])


def _exchange(row: Row, flow: str, question: str) -> Row:
    asked, told = row["chat_conversation"][0], row["chat_conversation"][1]
    return {
        "alivesms_phone_number": row.get("alive_sms_phone_number"),
        "botchain_name": flow,
        "bot_timestamp": told["created_at"],
        "from_phone_number": row["contacts_phone"],
        "org_name": row["org_name"],
        "orgbot_name": "bot",
        "orgbot_type": "chat",
        "thread_id": row["alive5_sessionID"],
        "init_messageid": f"message-{row['alive5_sessionID'][-12:]}",
        "init_message_content": asked["message_content"],
        "init_orgbot_name": "bot",
        "bot_message": told["message_content"],
        "user_reply": asked["message_content"],
        "question_type": question,
        **dict.fromkeys(("keyword_found", "transaction_id", "report_id", "donaterequest_status", "donate_amount")),
    }
