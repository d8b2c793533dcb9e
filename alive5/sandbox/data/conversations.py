"""
Conversations by number: each is made from seed, kind and index alone.

Nothing is kept, so a sandbox of 200,000 rows costs no more than the pages that
are read. Starts rise with the index, which makes a window a range of indices.
"""

from __future__ import annotations

import random
from typing import Any, Final

from .people import LINES, Person, address, mix, person, pick
from .phrases import NOTES, PAGES, REFERRERS, TAGS, Language

Row = dict[str, Any]

ORG_NAME: Final = "Sandbox Ltd"
FIRST_MS: Final = 1_759_276_800_000
"""2025-10-01T00:00:00Z, when the first conversations begin."""
NOW_MS: Final = 1_774_980_000_000
"""2026-03-31T18:00:00Z, the sandbox's present unless it is given another."""
LAST_MS: Final = NOW_MS - 2 * 3_600_000
"""Before this the last conversations begin."""
KINDS: Final = {"livechat": 1, "sms": 2, "fbm": 3}
DESKS: Final = (
    ("channel-support", "Support", "agent-maria", "Maria Ortiz"),
    ("channel-sales", "Sales", "agent-ken", "Ken Sato"),
    ("channel-billing", "Billing", "agent-lena", "Lena Groß"),
)
TEXTERS: Final = (
    ("channel-line-1", LINES[0], "agent-maria", "Maria Ortiz"),
    ("channel-line-2", "Texting", "agent-omar", "Omar Haddad"),
)
_SPAN: Final = LAST_MS - FIRST_MS
_TWO_DAYS: Final = 2 * 86_400_000
_LONGEST_GAP: Final = {"livechat": 120_000, "sms": 1_200_000, "fbm": 600_000}


def start_of(seed: int, kind: str, index: int, count: int) -> int:
    """
    Return when a conversation begins, in epoch milliseconds; later for higher indices.
    """
    jitter = mix(seed, KINDS[kind], index, 1) >> 44
    return FIRST_MS + ((index << 20) + jitter) * _SPAN // (count << 20)


def reachable(seed: int, kind: str, index: int) -> tuple[bool, bool]:
    """
    Whether a conversation's person left an e-mail address and a phone number.
    """
    bits = mix(seed, KINDS[kind], index, 2)
    return bits & 3 != 0, kind == "sms" or bits & 4 != 0


def session_id(seed: int, kind: str, index: int) -> str:
    """
    Return a conversation's id; its last group is the index.
    """
    bits = mix(seed, KINDS[kind], index, 3)
    return f"{bits >> 32:08x}-{bits >> 16 & 0xFFFF:04x}-4{bits >> 4 & 0xFFF:03x}-a00{KINDS[kind]}-{index:012x}"


def crm_id(seed: int, kind: str, index: int) -> str:
    """
    Return the id of a conversation's person.
    """
    return f"crm-{mix(seed, index, KINDS[kind], 5):016x}"


def conversation(seed: int, kind: str, index: int, start: int, now: int = NOW_MS) -> Row:
    """
    Return a conversation in the documented shape; the last ones before *now* may still be open.
    """
    rng = random.Random(mix(seed, KINDS[kind], index, 4))
    who = person(rng)
    has_email, has_phone = reachable(seed, kind, index)
    channel_id, channel_name, agent_id, agent = pick(rng, TEXTERS if kind == "sms" else DESKS)
    named = has_email or has_phone
    visitor = who.phone if kind == "sms" else f"{who.first_name} {who.last_name}" if named else "Visitor"
    messages = _messages(rng, who, (visitor, agent), start, _LONGEST_GAP[kind])
    row: Row = {
        "org_name": ORG_NAME,
        "alive5_sessionID": session_id(seed, kind, index),
        "start_time": start,
        "end_time": _end(rng, start, messages[-1]["created_at"], now),
        "channel_id": channel_id,
        "channel_name": channel_name,
        "crm_id": crm_id(seed, kind, index),
        "agent_id": agent_id,
        "assigned_to": agent,
        "contacts_first_name": who.first_name if named else None,
        "contacts_last_name": who.last_name if named else None,
        "contacts_email": who.email if has_email else None,
        "contacts_phone": who.phone if has_phone else None,
        "contacts_notes": pick(rng, NOTES),
        "chat_conversation": messages,
    }
    return {**row, **_particulars(rng, kind, who.language, channel_id)}


def message(moment: int, author: str, text: str) -> Row:
    """
    Return one message.
    """
    return {"created_at": moment, "created_by": author, "message_content": text}


def line_of(channel_id: str) -> str:
    """
    Return the number of an SMS channel, the first line for any other.
    """
    return LINES[1] if channel_id == "channel-line-2" else LINES[0]


def _particulars(rng: random.Random, kind: str, language: Language, channel_id: str) -> Row:
    if kind == "fbm":
        return {}
    if kind == "sms":
        tags = [tag for tag in TAGS if rng.random() < 0.2]
        return {"tags": tags, "alive_sms_phone_number": line_of(channel_id)}
    city, state, country, code = pick(rng, language.places)
    return {
        "alive_sms_phone_number": LINES[0] if rng.random() < 0.5 else None,
        "ip_address": address(rng),
        "city": city,
        "state": state,
        "country": country,
        "zip": code,
        "referrer_url": pick(rng, REFERRERS),
        "page_url": f"https://www.example.com{pick(rng, PAGES)}",
    }


def _messages(rng: random.Random, who: Person, authors: tuple[str, str], start: int, gap: int) -> list[Row]:
    language, (visitor, agent) = who.language, authors
    count = 2 + int(rng.random() * 19)
    offset = int(rng.random() * 12)
    moment, rows = start, [message(start, visitor, pick(rng, language.questions))]
    for number in range(1, count):
        moment += 1_000 + int(rng.random() * gap)
        theirs, last = number % 2 == 0, number >= count - 2 > 1
        if theirs:
            said = language.thanks if last else language.details
        else:
            said = language.goodbyes if last else language.answers
        rows.append(message(moment, visitor if theirs else agent, said[(offset + number // 2) % len(said)]))
    if rng.random() < 0.2 and len(rows) > 3:
        rows[2]["message_content"] = f"{who.email} / {who.phone}"
    return rows


def _end(rng: random.Random, start: int, last: int, now: int) -> int | None:
    if start > now - _TWO_DAYS and rng.random() < 0.3:
        return 0 if rng.random() < 0.5 else None
    return last + 60_000
