"""The clock of a sandbox: its present, and waits that take no time."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Final, Protocol

from ..data.conversations import FIRST_MS, NOW_MS

NOW_VARIABLE: Final = "ALIVE5_SANDBOX_NOW"
# Turns given to other tasks before a wait ends: more than any of them needs between two waits of its own.
_TURNS: Final = 50
# Waits that are skipped after a request, until the next one: calls in flight together wait several times each.
_SKIPS: Final = 100


class Sleeper(Protocol):
    """What can wait in earnest."""

    def now(self) -> float:
        """
        Return the time of its clock.
        """
        ...

    async def sleep(self, seconds: float) -> None:
        """
        Wait for *seconds*.
        """
        ...


class Clock:
    """
    A clock that runs with the real one, ahead of it by all the waits that were skipped.

    A wait for a backoff or a ``Retry-After`` moves it on and takes no time. The
    earliest of several ends first, and none while a request is under way. Where
    wait follows wait and no request comes, a loop waits for something else,
    another clock maybe: after a hundred it waits in earnest.
    """

    def __init__(self, moved: Callable[[float], None], *, skips: bool = True) -> None:
        self.ahead: float = 0.0
        self.busy = 0
        self._moved = moved
        self._ends: list[float] = []
        self._left = 0
        self._skips = skips
        self._lock = threading.Lock()

    def answered(self) -> None:
        """
        Count a request that was answered.
        """
        self._left = _SKIPS

    async def sleep(self, sleeper: Sleeper, seconds: float) -> None:
        """
        Wait until this clock has moved on by *seconds*.
        """
        end = sleeper.now() + self.ahead + seconds
        if seconds <= 0 or not self._skips or not self._left:
            await sleeper.sleep(seconds)
            return
        self._left -= 1
        self._ends.append(end)
        try:
            for _ in range(_TURNS):
                await sleeper.sleep(0)
                if not self.busy and end <= min(self._ends):
                    break
            self._reach(end - sleeper.now())
        finally:
            self._ends.remove(end)

    def _reach(self, ahead: float) -> None:
        with self._lock:
            skipped, self.ahead = ahead - self.ahead, max(ahead, self.ahead)
        if skipped > 0:
            self._moved(skipped)


def read_now(now: datetime | int | None) -> int:
    """
    Return the present in epoch milliseconds: the argument, else the environment's, else that of this machine.

    :raises ValueError: for one without a zone, or before the sandbox's first conversations.
    """
    given = os.environ.get(NOW_VARIABLE) if now is None else None
    if given:
        try:
            now = datetime.fromisoformat(given)
        except ValueError:
            raise ValueError(f"{NOW_VARIABLE} must be a moment such as 2026-03-31T18:00:00+00:00") from None
    if now is None:
        return int(time.time()) * 1_000
    if isinstance(now, datetime):
        if now.tzinfo is None:
            raise ValueError("now must have a time zone, or be epoch milliseconds")
        return int(now.astimezone(timezone.utc).timestamp() * 1_000)
    if not isinstance(now, int) or isinstance(now, bool) or now < NOW_MS - FIRST_MS:
        raise ValueError("now must be a datetime with a time zone, or epoch milliseconds")
    return now
