"""An account that lives on: threads of years, chats that are reopened, tags that change, and a night's export."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs

from alive5 import ExportReport
from alive5.sandbox import Sandbox

from .exporting import DAY_MS, FIRST_MS, export

NIGHT_MS = 2 * 3_600_000
"""After midnight, when the night's export runs."""


@attrs.frozen(order=True)
class Happening:
    """Something that happens in an account: to a conversation of a kind, by its number."""

    at_ms: int
    kind: str
    number: int
    what: str = attrs.field(order=False)


def threads(rng: random.Random, count: int, days: int) -> Iterator[Happening]:
    """
    Yield what happens to text threads of one to three years; a fifth is silent for over 31 days and then alive.
    """
    for number in range(count):
        begin = FIRST_MS + rng.randrange(-20 * DAY_MS, days * DAY_MS)
        end = begin + rng.randrange(365 * DAY_MS, 3 * 365 * DAY_MS)
        yield Happening(begin, "sms", number, "begin")
        at = begin + rng.randrange(3_600_000)
        for turn in range(rng.randrange(2, 9)):
            is_silent = number % 5 == 0 and turn == 1
            at += rng.randrange(32 * DAY_MS, 45 * DAY_MS) if is_silent else int(rng.expovariate(1 / (6 * DAY_MS)))
            if at < end:
                yield Happening(at, "sms", number, "text")


def chats(rng: random.Random, kind: str, count: int, days: int) -> Iterator[Happening]:
    """
    Yield what happens to chats: they end, some are reopened weeks later, and tags change after the end.
    """
    for number in range(count):
        begin = FIRST_MS + rng.randrange(days * DAY_MS)
        yield Happening(begin, kind, number, "begin")
        yield Happening(begin + rng.randrange(60_000, 3 * 3_600_000), kind, number, "end")
        later = begin + rng.randrange(DAY_MS, 40 * DAY_MS)
        if number % 4 == 0:
            yield Happening(later, kind, number, "text")
        if number % 4 == 1:
            yield Happening(later, kind, number, "tag")


class Account:
    """
    A sandbox in which things happen as time goes by; ``now_ms`` is its present.
    """

    def __init__(self, sandbox: Sandbox, happenings: list[Happening]) -> None:
        self.sandbox = sandbox
        self.now_ms = FIRST_MS
        self.changed: dict[str, int] = {}
        self._waiting = sorted(happenings, reverse=True)
        self._ids: dict[tuple[str, int], str] = {}

    def live_until(self, moment_ms: int) -> None:
        """
        Let everything happen up to a moment.
        """
        while self._waiting and self._waiting[-1].at_ms <= moment_ms:
            self._happen(self._waiting.pop())
        self.sandbox.advance(seconds=(moment_ms - self.now_ms) / 1000)
        self.now_ms = moment_ms

    def night(self, directory: Path, number: int, **options: Any) -> ExportReport:
        """
        Live until a night and export what is new since the last.
        """
        self.live_until(FIRST_MS + number * DAY_MS + NIGHT_MS)
        return self.export(directory, since_last=number > 1, start=None if number > 1 else "2026-01-01", **options)

    def export(self, directory: Path, **options: Any) -> ExportReport:
        """
        Export at the account's present.
        """
        return export(self.sandbox, directory, **{"end": None, "clock": lambda: self.now_ms / 1000, **options})

    def _happen(self, one: Happening) -> None:
        key = one.kind, one.number
        if one.what == "begin":
            said = [_message(one.at_ms, "Hello")]
            row = self.sandbox.add(one.kind, start_time=one.at_ms, end_time=None, chat_conversation=said)
            self._ids[key] = row["alive5_sessionID"]
        else:
            name = self._ids[key]
            row = self.sandbox.conversation(one.kind, name)
            self.sandbox.change(one.kind, name, **_change(one, row))
        self.changed[self._ids[key]] = one.at_ms


def _change(one: Happening, row: dict[str, Any]) -> dict[str, Any]:
    if one.what == "end":
        return {"end_time": one.at_ms}
    if one.what == "tag":
        return {"tags": [*(row.get("tags") or []), f"later-{one.at_ms}"]}
    return {"chat_conversation": [*row["chat_conversation"], _message(one.at_ms, f"Text of {one.at_ms}")]}


def _message(at_ms: int, text: str) -> dict[str, Any]:
    return {"created_at": at_ms, "created_by": "Visitor", "message_content": text}
