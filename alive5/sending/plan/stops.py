"""Who said STOP: the words carriers know, and the last of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Final, NamedTuple

STOP_WORDS: Final = frozenset(
    {"stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out", "opt-out"}
)
START_WORDS: Final = frozenset({"start", "unstop"})
_NEVER: Final = datetime.min.replace(tzinfo=timezone.utc)


class Word(NamedTuple):
    """A message of a conversation: when, whether the person may have written it, and its text."""

    at: datetime | None
    by_person: bool
    text: str


def has_stopped(words: Iterable[Word]) -> bool:
    """
    Whether the last of a person's words that carriers know is STOP.

    Anything else said after it changes nothing. STOP counts whoever the service
    names as its author, START only when that is the person.
    """
    stopped = False
    for word in sorted(words, key=lambda word: word.at or _NEVER):
        said = word.text.strip(" \t\r\n.!\"'").lower()
        if said in STOP_WORDS:
            stopped = True
        elif word.by_person and said in START_WORDS:
            stopped = False
    return stopped
