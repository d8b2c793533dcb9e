"""The present, by two clocks of which one may be wrong; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import attrs

from .span import ZONE_SECONDS, Span
from .window import StoredWindow

SETTLE: Final = 15 * 60
"""
Seconds after its end in which a window stays open.

Judgement: rows may reach the service's index late, and clocks differ; longer
reads more windows again on the next run.
"""
# A ``Date`` has whole seconds and is as old as the response took: nearer clocks are as good as equal.
_SAME: Final = 60.0
# Worth saying: no response takes that long.
_WORTH_SAYING: Final = 3600.0


@attrs.define
class Now:
    """
    The earlier of our clock and the server's, as far as responses bore a ``Date``.

    A clock that is ahead would make a window done that has not ended, and what
    comes later would be lost.
    """

    own: Callable[[], float]
    ahead: float = 0.0

    def __call__(self) -> float:
        """
        Return the present in epoch seconds.
        """
        return self.own() - self.ahead

    def note(self, server_time: float | None) -> None:
        """
        Add a response's ``Date``.
        """
        if server_time is not None and (ahead := self.own() - server_time) > max(self.ahead, _SAME):
            self.ahead = ahead

    def anomalies(self) -> Iterable[str]:
        """
        Return a sentence when the clocks differ.
        """
        if self.ahead < _WORTH_SAYING:
            return ()
        return (f"this computer's clock is {self.ahead / 3600:.0f} hours ahead of the server's, which was believed",)


def is_final(span: Span, now: float) -> bool:
    """
    Whether a window had surely ended by *now*, wherever the server's days are.
    """
    return span.high + SETTLE + (ZONE_SECONDS - 2 * 3600 if span.is_days else 0) <= now


def doubted(windows: Iterable[StoredWindow], now: float) -> list[StoredWindow]:
    """
    Return stored windows, those open again that a clock was ahead for: not over by *now*, or read after it.
    """
    late_us = (now + SETTLE) * 1_000_000
    return [
        window if is_final(window.span, now) and window.read_us <= late_us else attrs.evolve(window, open=True)
        for window in windows
    ]
