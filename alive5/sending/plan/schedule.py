"""Whose turn it is: the texts that are left, by the zones their numbers may be in."""

from __future__ import annotations

from collections import Counter, deque
from datetime import tzinfo

import attrs

from .quiet import QuietHours


@attrs.frozen(repr=False)
class Recipient:
    """A text that is ready to leave."""

    line: int
    phone_number_to: str
    message: str
    key: str
    parts: int
    zones: tuple[tzinfo, ...]


class Schedule:
    """
    Texts in their order, those first whose people it is not quiet for.

    A text may leave up to *seconds* after its turn, the time of a call, so quiet
    hours count from that much earlier on.
    """

    def __init__(self, quiet: QuietHours | None, pace: float, seconds: float) -> None:
        self._quiet = quiet
        self._pace = pace
        self._seconds = seconds
        self._groups: dict[tuple[tzinfo, ...], deque[Recipient]] = {}
        self._parts: Counter[tuple[tzinfo, ...]] = Counter()

    def add(self, recipient: Recipient) -> None:
        """
        Add a text behind the others.
        """
        self._groups.setdefault(recipient.zones, deque()).append(recipient)
        self._parts[recipient.zones] += recipient.parts

    def put_back(self, recipient: Recipient) -> None:
        """
        Put a text back whose turn came too late.
        """
        self._groups[recipient.zones].appendleft(recipient)
        self._parts[recipient.zones] += recipient.parts

    def take(self, now: float) -> Recipient | None:
        """
        Remove the text whose turn it is and return it; None when none may leave now.
        """
        ready = [group for zones, group in self._groups.items() if group and self.allowed_from(zones, now) == now]
        if not ready:
            return None
        recipient = min(ready, key=lambda group: group[0].line).popleft()
        self._parts[recipient.zones] -= recipient.parts
        return recipient

    def allowed_from(self, zones: tuple[tzinfo, ...], now: float) -> float | None:
        """
        Return when a text to these zones may leave; None for never.
        """
        return now if self._quiet is None else self._quiet.allowed_from(now, zones, self._seconds)

    def next_turn(self, now: float) -> float | None:
        """
        Return when the next text may leave; None when no text is left.
        """
        turns = [self.allowed_from(zones, now) for zones, group in self._groups.items() if group]
        return min((turn for turn in turns if turn is not None), default=None)

    def cost(self, parts: int) -> float:
        """
        Return the seconds a line is occupied by some parts.
        """
        return parts * 60.0 / self._pace

    def seconds_left(self, now: float) -> float:
        """
        Return the seconds all texts take at best.
        """
        left = {zones: parts for zones, parts in self._parts.items() if parts}
        turns = [(self.allowed_from(zones, now) or now) - now + self.cost(parts) for zones, parts in left.items()]
        return max([self.cost(sum(left.values())), *turns])
