"""What is reported of a call, so that an interrupt at any moment leaves no write unmentioned."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

import attrs

from .._port.protocol import Port
from .._sansio.events import Event, OnEvent, log, notify, warn_accepted, warn_left
from .._sansio.wire import Call


@attrs.frozen(kw_only=True)
class CapturedCall:
    """
    One call as ``capture`` saw it, with all its attempts.

    ``outcome`` is "accepted", "rejected", "not_sent" or "unknown"; ``status``,
    ``code`` and ``request_id`` are those of the last attempt. ``seconds`` is the
    whole call, of which ``waited`` went by between attempts and at a
    ``Retry-After``.
    """

    operation: str
    outcome: str
    status: int | None
    code: int | None
    request_id: str | None
    attempts: int
    seconds: float
    waited: float


# Of the context, so that one task or thread does not see the calls of another.
_captures: ContextVar[tuple[list[CapturedCall], ...]] = ContextVar("alive5_captures", default=())


@contextmanager
def capture() -> Iterator[list[CapturedCall]]:
    """
    Yield a list to which every call of this context is added when it ends, whatever its client.

    Tasks and threads that are started inside are of the context, others are not.
    """
    calls: list[CapturedCall] = []
    _captures.set((*_captures.get(), calls))
    try:
        yield calls
    finally:
        # Not by a token: the end of an asynchronous fixture may run in a context of its own.
        _captures.set(tuple(other for other in _captures.get() if other is not calls))


def captured(work: Callable[[], None]) -> Callable[[], None]:
    """
    Return *work* for a new thread, in which its calls are those of this context.

    The whole context would say that a loop is running there, too.
    """
    captures = _captures.get()

    def run() -> None:
        _captures.set(captures)
        work()

    return run


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
    last: Event | None = None
    request_id: str | None = None
    waited: float = 0.0
    captures: tuple[list[CapturedCall], ...] = attrs.field(factory=_captures.get)
    born: float = attrs.field(
        default=attrs.Factory(lambda self: self.port.now() if self.captures else 0.0, takes_self=True)
    )

    async def wait(self, seconds: float) -> None:
        """
        Wait between two attempts, or for a ``Retry-After``.
        """
        self.waited += seconds
        await self.port.sleep(seconds)

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
        self._end(event, write=self.call.is_write)

    def _end(self, event: Event, *, write: bool) -> None:
        log(event, write=write)
        self.last = event
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
            self._end(event, write=False)
            if self.call.is_write and event.outcome == "unknown":
                warn_left(self.call.operation)
            return
        if self.call.is_write and self.accepted:
            warn_accepted(self.call.operation)
        if self.pending is not None:
            notify(self.pending, self.on_event)

    def captured(self) -> None:
        """
        Add the call, which ended, to the lists of ``capture``.
        """
        last = self.last
        for calls in self.captures:
            calls.append(
                CapturedCall(
                    operation=self.call.operation,
                    outcome="not_sent" if last is None else last.outcome,
                    status=None if last is None else last.status,
                    code=None if last is None else last.code,
                    request_id=self.request_id,
                    attempts=self.number,
                    seconds=self._since(self.born),
                    waited=self.waited,
                )
            )

    def _since(self, moment: float) -> float:
        with suppress(Exception):  # a coroutine may be closed after its loop
            return self.port.now() - moment
        return 0.0

    def _unfinished(self, started: float) -> Event:
        return Event(
            operation=self.call.operation,
            attempt=self.number,
            status=None,
            code=None,
            seconds=self._since(started),
            outcome="not_sent" if self.call.departure.left is False else "unknown",
            retry_delay=None,
        )
