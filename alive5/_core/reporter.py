"""What is reported of a call, so that an interrupt at any moment leaves no write unmentioned."""

from __future__ import annotations

from contextlib import suppress

import attrs

from .._port.protocol import Port
from .._sansio.events import Event, OnEvent, log, notify, warn_accepted, warn_left
from .._sansio.wire import Call


@attrs.define(eq=False, repr=False)
class Reporter:
    """
    The reports of one call: an event for each attempt, and a warning of a write that did not return.

    ``started`` is the time of an attempt that was not reported yet, ``pending``
    an event whose watcher did not return: it may not have begun either.
    """

    port: Port
    call: Call
    on_event: OnEvent | None
    number: int = 0
    started: float | None = None
    accepted: bool = False
    pending: Event | None = None

    def begin(self) -> float:
        """
        Begin the next attempt and return its time.
        """
        self.call.departure.left = None
        self.number += 1
        self.started = now = self.port.now()
        return now

    def end(self, event: Event) -> None:
        """
        Report an attempt.
        """
        log(event)
        self.accepted = event.outcome == "accepted"
        self.started, self.pending = None, event
        notify(event, self.on_event)
        self.pending = None

    def interrupted(self) -> None:
        """
        Report what an interrupt ended: the attempt in flight, or the call of an accepted write.
        """
        if self.started is not None:
            event = self._unfinished(self.started)
            self.end(event)
            if self.call.is_write and event.outcome == "unknown":
                warn_left(self.call.operation)
            return
        if self.call.is_write and self.accepted:
            warn_accepted(self.call.operation)
        if self.pending is not None:
            notify(self.pending, self.on_event)

    def _unfinished(self, started: float) -> Event:
        seconds = 0.0
        with suppress(Exception):  # a coroutine may be closed after its loop
            seconds = self.port.now() - started
        return Event(
            operation=self.call.operation,
            attempt=self.number,
            status=None,
            code=None,
            seconds=seconds,
            outcome="not_sent" if self.call.departure.left is False else "unknown",
            retry_delay=None,
        )
