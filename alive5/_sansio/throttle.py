"""The gate a whole client waits at after a ``Retry-After``; pure, the time is an argument."""

from __future__ import annotations

import itertools
from bisect import insort
from collections.abc import Iterator

import attrs

# A sleep until the gate opens may end a rounding error early; a microsecond is far below any ``Retry-After``.
_EXACT = 1e-6
# How often a waiting call looks within one pause: more often wakes calls for nothing, less often leaves room unused.
_LOOKS = 20
# A call refused this often goes before a new one: of 4 attempts by default it has two left. Without that, 4 of 150 jobs
# of 500 calls answered in 300 ms lost a call.
_PRESSED = 2


@attrs.define(eq=False, repr=False)
class RetryAfterGate:
    """
    Closed for a ``Retry-After``, then narrow for as long again.

    A crowd that leaves all at once is refused again but for a few, until its
    attempts are used up. So one call leaves first, and every answer lets two
    more follow. Refused again, as many leave after the next pause as were
    answered before it, in the order of their tickets, and a little later a new
    one, to try for more; when that is not refused, twice as many may follow. It
    waits longer when it might overtake a call that was refused twice already.
    Plain attributes, the last write wins.
    """

    opens: float = 0.0
    length: float = 0.0
    room: int = 0
    answered: int = 0
    learnt: bool = False
    spare: bool = False
    pressed: bool = False
    line: list[int] = attrs.field(factory=list)
    tickets: Iterator[int] = attrs.field(factory=itertools.count)

    def wait(self, now: float, ticket: int, attempt: int) -> float:
        """
        Return the seconds a call has to wait; 0.0 when it may leave.
        """
        since = now - self.opens + _EXACT
        # Longer than it was closed for is a gate on the clock of another loop, trio's for one.
        if not -self.length <= since < 2 * self.length or (since >= self.length and self.room):
            return 0.0
        if ticket not in self.line:
            insort(self.line, ticket)
        if since < 0:
            return self.opens - now
        if since >= self.length:
            self._begin(now, max(self.answered, 1) * (1 if self.spare else 2), self.spare)
            since = 0.0
        look = self.length / _LOOKS
        if self.line.index(ticket) < self.room:
            self.room -= 1
            self.pressed = self.pressed or attempt > _PRESSED
        elif self.spare and attempt == 1 and self._may_try(since, look):
            self.spare = False
        else:
            # Never so little that a clock does not move by it: the call would look again at the same moment.
            return max(min(self.length - since, look), _EXACT)
        self.leave(ticket)
        return 0.0

    def _may_try(self, since: float, look: float) -> bool:
        return since >= self.length / 2 if self.pressed else self.answered > 0 or since >= look

    def leave(self, ticket: int) -> None:
        """
        Remove a call from the line.
        """
        if ticket in self.line:
            self.line.remove(ticket)

    def close(self, now: float, seconds: float) -> None:
        """
        Close after a refusal.
        """
        since = now - self.opens
        if -self.length <= since < 0:
            seconds = max(seconds, -since)
            self.length = max(seconds, self.length)
        else:
            self.learnt = 0 <= since < 2 * self.length
            self._begin(now, max(self.answered, 1) if self.learnt else 1, self.learnt)
            self.length = seconds
        self.opens = now + seconds

    def answer(self, now: float) -> None:
        """
        Count an answer that was no refusal; late ones, of before the gate closed, count for what may follow.
        """
        if now < self.opens:
            self.room += 1
            return
        self.answered += 1
        if not self.learnt:
            self.room += 2

    def _begin(self, now: float, room: int, spare: bool) -> None:
        self.opens, self.room, self.answered, self.spare, self.pressed = now, room, 0, spare, False
