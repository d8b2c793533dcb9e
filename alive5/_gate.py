"""The pause a whole client keeps after a ``Retry-After``, and how it goes on; pure, the clock is given."""

from __future__ import annotations

import attrs

_TURN = 0.01


@attrs.define
class Gate:
    """
    Closed for a ``Retry-After``, then narrow for as long again.

    A crowd that leaves all at once is refused again but for a few, until its
    attempts are used up. So one call leaves first, and every answer lets two
    more follow. Refused again, as many leave after the next pause as were
    answered before it, and one more; a stretch used up without a refusal
    doubles that. Those refused most often go first. Plain attributes, the last
    write wins.
    """

    opens: float = 0.0
    length: float = 0.0
    room: int = 0
    answered: int = 0
    learnt: bool = False
    foremost: int = 0

    def wait(self, now: float, attempt: int) -> float:
        """
        Give the seconds until a call may ask again; with 0.0 it leaves.
        """
        since = now - self.opens
        # Longer than it was closed for is a gate on the clock of another loop, trio's for one.
        if not -self.length <= since < 2 * self.length or (since >= self.length and self.room):
            return 0.0
        if since < 0:
            return -since
        if since >= self.length:
            self._begin(now, 2 * max(self.answered, 1))
            since = 0.0
        turn = _TURN * max(self.foremost - attempt, 0)
        if since < turn < self.length:
            return turn - since
        if self.room:
            self.room -= 1
            return 0.0
        return self.length - since

    def close(self, now: float, seconds: float, attempt: int) -> None:
        """
        Close after a refusal; *attempt* is the one the call will come back with, 0 when it will not.
        """
        since = now - self.opens
        if -self.length <= since < 0:
            seconds = max(seconds, -since)
            self.length = max(seconds, self.length)
        else:
            self.learnt = 0 <= since < 2 * self.length
            self._begin(now, self.answered + 1 if self.learnt else 1)
            self.length, self.foremost = seconds, 0
        self.opens = now + seconds
        self.foremost = max(self.foremost, attempt)

    def answer(self, now: float) -> None:
        """
        Count an answer that was no refusal; late ones, of before the gate closed, count for what may follow.
        """
        self.answered += 1
        if now < self.opens:
            self.room += 1
        elif not self.learnt:
            self.room += 2

    def _begin(self, now: float, room: int) -> None:
        self.opens, self.room, self.answered = now, room, 0
