"""Conversations in many scripts, what to look for in them, and a search that reads everything."""

from __future__ import annotations

import random
from typing import Any

from alive5.export.read.reader import ExportReader

Row = dict[str, Any]
Found = tuple[str, str, int]

WORDS = (
    *("refund", "Refund,", "order", "10-4471", "naïve", "Straße", "STRASSE", "ﬁnal", "İstanbul", "ıssız", "ΟΔΥΣΣΕΎΣ"),
    *(
        "возврат",
        "ВОЗВРАТ",
        "退款",
        "你好世界",
        "返金",
        "환불",
        "שלום",
        "\u202eevil\u202c",
        "استرداد",
        "धनवापसी",
        "คืนเงิน",
    ),
    *(
        "👩‍👩‍👧",
        "👋🏽",
        "cafe\u0301",
        "café",
        "a\x00b",
        "\x00",
        "\ufffe",
        "%",
        "_",
        '"',
        "'",
        "*",
        "OR",
        "NEAR(",
        "\\",
        "text:",
    ),
    *("\n", "\u2028", "\t", "=1+1", "'", "x" * 40),
)
MONTH_MS = 30 * 86_400_000
FIRST_MS = 1_767_225_600_000


def text(rng: random.Random) -> str | None:
    if rng.random() < 0.05:
        return rng.choice([None, ""])
    return rng.choice([" ", "", "-"]).join(rng.choice(WORDS) for _ in range(rng.randrange(1, 9)))


def conversation(rng: random.Random, number: int) -> tuple[str, Row]:
    at = FIRST_MS + rng.randrange(4) * MONTH_MS + rng.randrange(MONTH_MS)
    said = [
        {
            "created_at": rng.choice([at + place * 60_000, at, "soon", None]),
            "created_by": rng.choice(["Ana Silva", "Maria", "bot", None]),
            "message_content": text(rng),
        }
        for place in range(rng.randrange(0, 9))
    ]
    row = {
        "alive5_sessionID": f"s{number}",
        "start_time": at if rng.random() < 0.9 else "soon",
        "assigned_to": "Maria",
        "contacts_first_name": "Ana",
        "contacts_last_name": "Silva",
        "chat_conversation": said,
    }
    return rng.choice(["livechat", "sms", "fbm"]), row


def changed(rng: random.Random, rows: list[tuple[str, Row]]) -> list[tuple[str, Row]]:
    """Return rows after a night: some left, some came, in some something more was said."""
    kept = [one for one in rows if rng.random() < 0.95]
    later = []
    for kind, row in kept:
        more = [{"created_at": FIRST_MS, "created_by": "Maria", "message_content": text(rng)}] * (rng.random() < 0.1)
        later.append((kind, {**row, "chat_conversation": [*row["chat_conversation"], *more]}))
    return [*later, *(conversation(rng, 10_000 + rng.randrange(10_000)) for _ in range(3))]


def needle(rng: random.Random, rows: list[tuple[str, Row]]) -> str:
    """Return a piece of what was said, in some case, or something else."""
    said = [m["message_content"] for _, row in rows for m in row["chat_conversation"] if m["message_content"]]
    drawn = (
        rng.choice(said) if said and rng.random() < 0.85 else "".join(rng.choices("aé退x 'ß", k=rng.randrange(1, 5)))
    )
    low = rng.randrange(len(drawn))
    piece = drawn[low : low + rng.choice([1, 2, 3, 4, 5, 8, 30, 200])]
    return rng.choice([piece, piece.upper(), piece.lower(), piece.swapcase(), piece.casefold()])


def plainly(reader: ExportReader, wanted: str) -> list[Found]:
    """Return what a plain reading of all rows finds."""
    return sorted(
        (row["kind"], row["session_id"], row["seq"])
        for row in reader.messages()
        if row["message_content"] and wanted.casefold() in row["message_content"].casefold()
    )


def searched(reader: ExportReader, wanted: str) -> list[Found]:
    """Return what a search finds."""
    return sorted((hit.kind, hit.session_id, hit.seq) for hit in reader.search(wanted))
