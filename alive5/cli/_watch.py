"""Interrupts, and the outcome of a write at their arrival."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from types import FrameType

from .._sansio.events import Event
from ..errors import OutcomeUnknownError
from ._exits import Terminated

_AGAIN = 1.0


class Watch:
    """
    The attempts of one command; it is the client's ``on_event``.

    Between the start of a write and its event nothing is known, which counts
    as unknown. ``stop`` takes an interrupt's number where raising it would
    break something; None has it raised.
    """

    def __init__(self) -> None:
        self._event: Event | None = None
        self._writing = ""
        self._raised = -_AGAIN
        self.concluded = False
        self.stop: Callable[[int], object] | None = None

    def __call__(self, event: Event) -> None:
        """
        Record an attempt.
        """
        self._event = event

    def begin(self, operation: str) -> None:
        """
        Record that a write starts now.
        """
        self._event = None
        self._writing = operation

    @property
    def accepted(self) -> bool:
        """Whether the write was accepted."""
        event = self._event
        return event is not None and event.operation == self._writing and event.outcome == "accepted"

    def unknown(self) -> OutcomeUnknownError | None:
        """
        The error of an interrupted write that may have been applied; None when it was not.
        """
        event = self._event
        if not self._writing:
            return None
        if event is not None:
            suspects = ("unknown", "accepted") if event.operation == self._writing else ("accepted",)
            if event.outcome not in suspects:
                return None
        return OutcomeUnknownError(
            "interrupted after it left; it may have been applied, look before repeating it",
            operation=self._writing,
            attempts=event.attempt if event is not None and event.operation == self._writing else 0,
        )

    def holds_back(self, now: float) -> bool:
        """
        Whether an interrupt would only hide an outcome.

        An accepted write has nothing but its answer left to show, a concluded
        command nothing at all, and a second Ctrl-C at once must not cut short
        the handling of the first.
        """
        if self.concluded or self.accepted or now - self._raised < _AGAIN:
            return True
        self._raised = now
        return False


_current: list[Watch] = []


def follow(watch: Watch) -> None:
    """
    Set the command that interrupts concern from now on.
    """
    _current[:] = [watch]


def raise_interrupts() -> None:
    """
    Raise Ctrl-C and SIGTERM in the main thread from now on, until the process ends.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _handle)


def ignore_interrupts() -> None:
    """
    Ignore interrupts, which would change the exit code while Python ends.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def interrupt_of(number: int) -> BaseException:
    """
    Return the exception a signal is raised as.
    """
    return Terminated() if number == signal.SIGTERM else KeyboardInterrupt()


def _handle(number: int, _: FrameType | None) -> None:
    watch = _current[0] if _current else None
    if watch is not None and watch.holds_back(time.monotonic()):
        return
    if watch is None or watch.stop is None:
        raise interrupt_of(number)
    watch.stop(number)
