"""
Events of attempts: one for ``on_event``, one log line, and nothing personal.

The line is DEBUG; INFO when the attempt is repeated, and WARNING when a write
ended without an answer that can be trusted.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import attrs

logger: logging.Logger = logging.getLogger("alive5")


@attrs.frozen(kw_only=True)
class Event:
    """
    One attempt, as given to ``on_event``.

    ``outcome`` is "accepted", "rejected", "not_sent" or "unknown";
    ``retry_delay`` is the seconds until the next attempt, None when there is
    none; ``server_time`` is the response's ``Date`` in epoch seconds, if it
    had one; ``reason`` is that of the error the attempt ended with.
    """

    operation: str
    attempt: int
    status: int | None
    code: int | None
    seconds: float
    outcome: str
    retry_delay: float | None
    server_time: float | None = None
    reason: str | None = None


OnEvent = Callable[[Event], object]


def log(event: Event, *, write: bool) -> None:
    """
    Write the log line of an attempt that ended; *write* is whether it may have changed something.
    """
    level, more = logging.DEBUG, ""
    if event.retry_delay is not None:
        level, more = logging.INFO, f"; again in {event.retry_delay:.2f} s: {_why(event)}"
    elif write and event.outcome == "unknown":
        level, more = logging.WARNING, f"; it may have been applied: {_why(event)}"
    logger.log(
        level,
        "%s attempt %d: %s status=%s code=%s %.0f ms%s",
        event.operation,
        event.attempt,
        event.outcome,
        event.status,
        event.code,
        event.seconds * 1000,
        more,
    )


def _why(event: Event) -> str:
    return event.reason or f"code {event.code}"


def notify(event: Event, on_event: OnEvent | None) -> None:
    """
    Pass an attempt to *on_event*, whose errors are logged, not raised.
    """
    if on_event is None:
        return
    try:
        on_event(event)
    except Exception as error:  # noqa: BLE001 - a callback must not break a call, least of all an accepted write
        logger.error("on_event raised %s", type(error).__name__)  # its text may be personal


def warn_left(operation: str) -> None:
    """
    Warn of a write that was interrupted before its answer was known.
    """
    logger.warning("%s was interrupted after it left: it may have been applied", operation)


def warn_accepted(operation: str) -> None:
    """
    Warn of a write whose call was interrupted before it returned.
    """
    logger.warning("%s was interrupted after it was accepted: do not repeat it", operation)
