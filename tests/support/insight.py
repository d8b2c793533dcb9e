"""
The figures of a conversation once more, from its delivered row and by other ways.

Business time is counted second by second of the clock on the wall, waits by
walking back from each answer. Data sets are made from a seed, with days on
which clocks are changed, bots, silent agents, unreadable times and nights.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]

# Zone, business hours as text, and as (day, minute of the day) -> open.
NAMES = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
HOURS: dict[str, Any] = {
    "mon-fri 9-17": lambda day, minute: day < 5 and 540 <= minute < 1020,
    "22-06": lambda day, minute: minute >= 1320 or minute < 360,
    "fri 22-6, sat 10-14:30": lambda day, minute: (
        (day == 4 and minute >= 1320) or (day == 5 and (minute < 360 or 600 <= minute < 870))
    ),
    "sun 20-4": lambda day, minute: (day == 6 and minute >= 1200) or (day == 0 and minute < 240),
    "mon,wed 0-24 sun 1:30-2:30": lambda day, minute: day in (0, 2) or (day == 6 and 90 <= minute < 150),
}
COUNTED = {"customer": "customer", "agents": "agent", "bots": "bot", "unknown": "unknown"}
# Around these clocks are put forward or back there; the last zone changes by half an hour.
ZONES = {
    "America/New_York": ("2026-03-08", "2025-11-02"),
    "Europe/Berlin": ("2026-03-29", "2025-10-26"),
    "Australia/Lord_Howe": ("2025-10-05", "2026-04-05"),
    "UTC": ("2026-01-01",),
}


def seconds(row: Row, name: str) -> float | None:
    value = row.get(name)
    return value / 1000 if isinstance(value, int) and value > 10**11 else None


def open_seconds(first: float, last: float, zone: str, hours: str) -> float:
    """Count whole seconds by the wall clock, and the rest of a second at both ends not at all."""
    found, where = 0, ZoneInfo(zone)
    for at in range(int(first), int(last)):
        local = datetime.fromtimestamp(at, where)
        found += HOURS[hours](local.weekday(), local.hour * 60 + local.minute)
    return found


def who(author: Any, row: Row, rows: list[Row]) -> str:
    digits = "".join(letter for letter in author or "" if letter.isdigit())
    if len(digits) >= 10:  # a number, in any spelling
        lines = [other["alive_sms_phone_number"] for other in rows if other["alive_sms_phone_number"]]
        if any(line.endswith(digits[-10:]) for line in lines):
            return "agent"
        is_contact = (row["contacts_phone"] or "").endswith(digits[-10:])
        return "customer" if is_contact or lines else "unknown"
    contact = [row.get("contacts_email"), f"{row.get('contacts_first_name')} {row.get('contacts_last_name')}"]
    if author is None or author == "Stranger":
        return "unknown"
    if author in ("Robo", "bot"):
        return "bot"
    return "customer" if author in contact else "agent"


def expected(row: Row, rows: list[Row], zone: str, hours: str) -> Row:
    """The 60 lines that know every figure."""
    where = ZoneInfo(zone)
    said, at = [], float("-inf")
    for number, message in enumerate(row["chat_conversation"]):
        own = seconds(message, "created_at")
        at = at if own is None else own
        said.append((at, number, own, message.get("created_by"), who(message.get("created_by"), row, rows)))
    said.sort(key=lambda one: one[:2])
    sides = [one[4] for one in said]
    answers = []  # (asked, answered, author), found backwards from each answer
    for place, one in enumerate(said):
        if one[4] != "agent":
            continue
        before = next((p for p in range(place - 1, -1, -1) if sides[p] == "agent"), -1)
        asked = next((p for p in range(before + 1, place) if sides[p] == "customer"), None)
        if asked is not None:
            answers.append((said[asked][2], one[2], one[3]))
    last = max((p for p, side in enumerate(sides) if side == "agent"), default=-1)
    took = [None if None in (a, b) else round(b - a, 6) for a, b, _ in answers]
    later = sorted(value for value in took[1:] if value is not None)
    start, end = seconds(row, "start_time"), seconds(row, "end_time")
    local = None if start is None else datetime.fromtimestamp(start, where)
    first_customer = sides.index("customer") if "customer" in sides else None
    silent = not answers
    doubt = "unknown" in sides[first_customer or 0 :]
    mine = row.get("contacts_phone") or row.get("contacts_email")
    starts = [
        seconds(other, "start_time") for other in rows if (other["contacts_phone"] or other["contacts_email"]) == mine
    ]
    within = open_seconds(answers[0][0], answers[0][1], zone, hours) if took and took[0] is not None else None
    return {
        **{name: row[name] for name in ("channel_id", "channel_name", "assigned_to", "tags")},
        "agents": list(dict.fromkeys(one[3] for one in said if one[4] == "agent")),
        "weekday": local and local.isoweekday(),
        "hour": None if local is None else local.hour,
        "in_business_hours": local and bool(HOURS[hours](local.weekday(), local.hour * 60 + local.minute)),
        "duration_seconds": None if start is None or end is None or end < start else round(end - start, 6),
        "n_messages": len(said),
        **{f"from_{name}": sides.count(side) for name, side in COUNTED.items()},
        "undated": sum(one[2] is None for one in said),
        "waits": len(answers) + ("customer" in sides[last + 1 :]),
        "first_response_seconds": took[0] if took else None,
        "first_response_business_seconds": within,
        "later_response_median_seconds": (later[(len(later) - 1) // 2] + later[len(later) // 2]) / 2 if later else None,
        "later_response_longest_seconds": later[-1] if later else None,
        "answered_by": answers[0][2] if answers else None,
        "unanswered": (None if doubt else first_customer is not None) if silent else False,
        "returning_contact": None if start is None or not mine else min(s for s in starts if s is not None) < start,
    }


AGENTS = ["Maria Ortiz", "Ken Sato", "agent-omar"]


def data_set(seed: int) -> tuple[list[tuple[str, Row]], str, str]:
    """Return rows with their kinds, a zone and business hours."""
    rng = random.Random(seed)
    zone, hours = rng.choice([*ZONES]), rng.choice([*HOURS])
    days = [datetime.fromisoformat(day).replace(tzinfo=timezone.utc) for day in ZONES[zone]]
    rows: list[tuple[str, Row]] = []
    line = rng.choice([None, "+12025550199"])
    for number in range(24):
        kind = rng.choice(["livechat", "sms", "fbm"])
        # Most begin some hours before the clocks are changed, so that waits last over it.
        around = rng.uniform(-40, 60) if rng.random() < 0.3 else rng.uniform(-14, 8)
        rows.append((kind, _conversation(rng, number, rng.choice(days) + timedelta(hours=around))))
        if kind == "sms" and line and rng.random() < 0.5:
            rows[-1][1]["alive_sms_phone_number"] = line
    return rows, zone, hours


def _conversation(rng: random.Random, number: int, start: datetime) -> Row:
    at = int(start.timestamp()) * 1000
    person = rng.randrange(8)
    phone = f"+120255501{person:02}" if person < 5 else None
    email = f"p{person}@example.com" if person > 2 else None
    agent = rng.choice(AGENTS)
    visitors = [f"First{person} Last{person}", *filter(None, (phone, email))]
    visitors += [f"({phone[2:5]}) {phone[5:8]}-{phone[8:]}"] if phone else []
    authors = [
        *visitors,
        *(AGENTS if rng.random() < 0.7 else []),
        *(agent, agent, "Robo", "bot"),
        *(["Stranger", None, "+1 202 555 0155"] if rng.random() < 0.3 else []),
        *(["202-555-0199"] if rng.random() < 0.2 else []),
    ]
    if rng.random() < 0.2:  # nobody answers
        authors = [*visitors, "Robo"]
    said, moment = [], at
    for _ in range(rng.choice([0, 1, 2, 4, 8, 14])):
        moment += rng.choice([1, 30, 600, 7_000, 40_000]) * 1000 * rng.randrange(1, 3)
        when: Any = rng.choice([None, "soon", 0]) if rng.random() < 0.08 else moment
        when = when - 3_600_000 if isinstance(when, int) and when and rng.random() < 0.05 else when
        said.append({"created_at": when, "created_by": rng.choice(authors), "message_content": "x"})
    return {
        "alive5_sessionID": f"s{number}",
        "start_time": at if rng.random() < 0.95 else "soon",
        "end_time": rng.choice([None, moment + 1_500, at - 5_000]),
        "channel_id": f"c{number % 3}",
        "channel_name": f"Desk {number % 3}",
        "assigned_to": agent,
        "crm_id": None,
        "contacts_first_name": f"First{person}",
        "contacts_last_name": f"Last{person}",
        "contacts_email": email,
        "contacts_phone": phone,
        "alive_sms_phone_number": None,
        "tags": rng.choice([None, [], ["a", "b"]]),
        "chat_conversation": said,
    }
