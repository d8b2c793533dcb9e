"""
Waits: the customer writes, and an agent has to answer.

A wait begins with the first message of the customer after a message of an
agent, or after the start, and ends with the next message of an agent. Bots and
unknown authors neither begin nor end one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timezone
from typing import Final, NamedTuple

from ...models._sides import Side

_FIRST: Final = datetime.min.replace(tzinfo=timezone.utc)


class Said(NamedTuple):
    """
    One message: when, by whom, and on which side.
    """

    at: datetime | None
    author: str | None
    side: Side


class Wait(NamedTuple):
    """
    One wait; ``answer`` is None when no agent wrote after it began.
    """

    asked: Said
    answer: Said | None = None

    @property
    def seconds(self) -> float | None:
        """How long it took; None when it is open, or one of its ends has no time."""
        if self.answer is None or self.answer.at is None or self.asked.at is None:
            return None
        return (self.answer.at - self.asked.at).total_seconds()


def in_time(said: Iterable[Said]) -> list[Said]:
    """
    Return messages in the order of time; one without a time stays behind the one delivered before it.
    """
    return [message for _, message in sorted(_timed(said), key=lambda timed: timed[0])]


def _timed(said: Iterable[Said]) -> Iterator[tuple[datetime, Said]]:
    at = _FIRST
    for message in said:
        at = message.at or at
        yield at, message


def waits_of(said: Iterable[Said]) -> list[Wait]:
    """
    Return the waits of messages that are in the order of time.
    """
    waits: list[Wait] = []
    asked: Said | None = None
    for message in said:
        if message.side == "customer":
            asked = asked or message
        elif message.side == "agent" and asked is not None:
            waits.append(Wait(asked, message))
            asked = None
    return waits if asked is None else [*waits, Wait(asked)]


def is_unanswered(said: Sequence[Said], waits: Sequence[Wait]) -> bool | None:
    """
    Whether the customer wrote and no agent answered; None when an unknown author may have done either.
    """
    if waits and waits[0].answer is not None:
        return False
    after = said[said.index(waits[0].asked) :] if waits else said
    return None if any(message.side == "unknown" for message in after) else bool(waits)
