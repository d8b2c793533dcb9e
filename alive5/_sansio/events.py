"""Events of attempts: one for ``on_event``, one log line, and nothing personal."""

from __future__ import annotations

import logging
from collections.abc import Callable

import attrs

logger = logging.getLogger("alive5")


@attrs.frozen(kw_only=True)
class Event:
    """
    One attempt, as given to ``on_event``.

    ``outcome`` is "accepted", "rejected", "not_sent" or "unknown";
    ``retry_delay`` is the seconds until the next attempt, None when there is
    none.
    """

    operation: str
    attempt: int
    status: int | None
    code: int | None
    seconds: float
    outcome: str
    retry_delay: float | None


OnEvent = Callable[[Event], object]


def notify(event: Event, on_event: OnEvent | None) -> None:
    """
    Log an attempt and pass it to *on_event*, whose errors are logged, not raised.
    """
    logger.debug(
        "%s attempt %d: %s status=%s code=%s %.0f ms",
        event.operation,
        event.attempt,
        event.outcome,
        event.status,
        event.code,
        event.seconds * 1000,
    )
    if on_event is None:
        return
    try:
        on_event(event)
    except Exception as error:  # noqa: BLE001 - a callback must not break a call, least of all an accepted write
        logger.error("on_event raised %s", type(error).__name__)  # its text may be personal


def notify_interrupted(event: Event, on_event: OnEvent | None, *, write: bool) -> None:
    """
    Report a cancelled or interrupted attempt, with a warning when it was a write that left.
    """
    notify(event, on_event)
    if write and event.outcome == "unknown":
        logger.warning("%s was interrupted after it left: it may have been applied", event.operation)
