"""``on_event`` and the log: one value and one line an attempt, whatever the watcher does."""

from __future__ import annotations

import logging
from typing import Any

import attrs
import pytest
from support.front import Front
from support.scripted import TEXT, After, Events, Interrupt, refusal, reply

from alive5 import (
    AuthenticationError,
    Event,
    Failure,
    InvalidArgumentError,
    OutcomeUnknownError,
    RetryPolicy,
    ServerError,
)

TAGS = reply([{"tag_id": "1"}])
SENT = reply({"newThread": {"thread_id": "t"}})


class Stop(BaseException):
    """An interruption of no particular kind."""


@pytest.mark.usefixtures("half_jitter")
def test_one_event_an_attempt(front: Front, events: Events) -> None:
    answers: list[Any] = [
        After(1.5, refusal(500)),
        Failure(False, "connect", "no"),
        reply(code=429, error="Slow"),
        TAGS,
    ]
    front.run(lambda client: client.tags.list(), port=front.port(answers), on_event=events)
    shared = {"operation": "tags.list", "seconds": 0.0, "status": None, "code": None, "retry_delay": None}
    wanted: list[dict[str, Any]] = [
        {"attempt": 1, "status": 500, "code": 500, "seconds": 1.5, "outcome": "unknown", "retry_delay": 0.25}
        | {"reason": "server_error"},
        {"attempt": 2, "outcome": "not_sent", "retry_delay": 0.5, "reason": "refused"},
        {"attempt": 3, "status": 200, "code": 429, "outcome": "rejected", "retry_delay": 1.0},
        {"attempt": 4, "status": 200, "outcome": "accepted"},
    ]
    assert [Event(**{**shared, **one}) for one in wanted] == events.seen


def test_an_event_is_frozen_and_holds_nothing_else(front: Front, events: Events) -> None:
    front.run(lambda client: client.sms.send(**TEXT), port=front.port([SENT]), on_event=events)
    event = events.seen[0]
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        event.outcome = "rejected"  # type: ignore[misc]
    assert ["operation", "attempt", "status", "code", "seconds", "outcome", "retry_delay", "server_time"] == [
        field.name for field in attrs.fields(Event)
    ][:-1]
    assert "reason" == attrs.fields(Event)[-1].name


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[int, str]]:
    return [(level, text) for name, level, text in caplog.record_tuples if name == "alive5"]


@pytest.mark.usefixtures("half_jitter")
def test_one_log_line_an_attempt_and_a_repeated_one_says_why(front: Front, caplog: pytest.LogCaptureFixture) -> None:
    port = front.port([After(0.25, refusal(500)), refusal(429), Failure(False, "connect_timeout", "late"), TAGS])
    front.run(lambda client: client.tags.list(), port=port)
    assert [
        (logging.INFO, "tags.list attempt 1: unknown status=500 code=500 250 ms; again in 0.25 s: server_error"),
        (logging.INFO, "tags.list attempt 2: rejected status=429 code=429 0 ms; again in 0.50 s: code 429"),
        (logging.INFO, "tags.list attempt 3: not_sent status=None code=None 0 ms; again in 1.00 s: timeout"),
        (logging.DEBUG, "tags.list attempt 4: accepted status=200 code=None 0 ms"),
    ] == lines(caplog)


def test_an_unknown_outcome_of_a_write_is_a_warning(front: Front, caplog: pytest.LogCaptureFixture) -> None:
    port = front.port([Failure(True, "read_timeout", "late")])
    front.fails(OutcomeUnknownError, lambda client: client.sms.send(**TEXT), port=port)
    text = "sms.send attempt 1: unknown status=None code=None 0 ms; it may have been applied: timeout"
    assert [(logging.WARNING, text)] == lines(caplog)


def test_a_read_that_failed_is_no_warning(front: Front, caplog: pytest.LogCaptureFixture) -> None:
    port = front.port([refusal(500)])
    front.fails(ServerError, lambda client: client.tags.list(), port=port, retry=RetryPolicy.none())
    assert [(logging.DEBUG, "tags.list attempt 1: unknown status=500 code=500 0 ms")] == lines(caplog)


@pytest.mark.promise("S5")
def test_a_watcher_that_raises_breaks_nothing_and_is_logged_by_type(
    front: Front, caplog: pytest.LogCaptureFixture
) -> None:
    def watch(event: Event) -> None:
        raise LookupError(TEXT["message"])

    sent = front.run(lambda client: client.sms.send(**TEXT), port=front.port([SENT]), on_event=watch)
    assert "t" == sent.thread_id
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert ["on_event raised LookupError"] == [record.getMessage() for record in errors]
    assert [None] == [record.exc_info for record in errors]


def test_a_watcher_that_raises_does_not_hide_an_error(front: Front) -> None:
    def watch(event: Event) -> None:
        raise LookupError

    front.fails(AuthenticationError, lambda client: client.tags.list(), port=front.port([refusal(401)]), on_event=watch)


@pytest.mark.parametrize(
    ("left", "outcome", "warned"), [(True, "unknown", True), (None, "unknown", True), (False, "not_sent", False)]
)
def test_an_interrupted_write_is_told_and_stays_an_interrupt(
    front: Front, events: Events, caplog: pytest.LogCaptureFixture, left: bool | None, outcome: str, warned: bool
) -> None:
    port = front.port([Interrupt(Stop(), left)])
    with pytest.raises(Stop):
        front.run(lambda client: client.sms.send(**TEXT), port=port, on_event=events)
    assert [outcome] == events.outcomes
    warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    line = "sms.send was interrupted after it left: it may have been applied"
    assert ([line] if warned else []) == warnings
    assert 1 == len(port.calls)


def test_what_is_known_of_one_attempt_says_nothing_of_the_next(front: Front, events: Events) -> None:
    port = front.port([Failure(False, "connect", "no"), Interrupt(Stop(), "unsaid")])
    with pytest.raises(Stop):
        front.run(lambda client: client.sms.send(**TEXT), port=port, on_event=events)
    assert ["not_sent", "unknown"] == events.outcomes


@pytest.mark.parametrize("left", [True, False])
def test_an_interrupted_read_is_told_without_a_warning(
    front: Front, events: Events, caplog: pytest.LogCaptureFixture, left: bool
) -> None:
    port = front.port([refusal(500), Interrupt(KeyboardInterrupt(), left)])
    with pytest.raises(KeyboardInterrupt):
        front.run(lambda client: client.tags.list(), port=port, on_event=events)
    assert ["unknown", "unknown" if left else "not_sent"] == events.outcomes
    assert [1, 2] == [event.attempt for event in events.seen]
    assert [] == [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_an_interrupt_after_the_clock_is_gone_is_still_told(front: Front, events: Events) -> None:
    port = front.port([Interrupt(Stop())])
    times = iter([1000.0, 1000.0, 1000.0])

    def now() -> float:
        for moment in times:
            return moment
        raise RuntimeError("no running loop")

    port.now = now  # type: ignore[method-assign]
    with pytest.raises(Stop):
        front.run(lambda client: client.sms.send(**TEXT), port=port, on_event=events)
    assert [("unknown", 0.0)] == [(event.outcome, event.seconds) for event in events.seen]


def test_a_port_of_ones_own_that_raises_keeps_its_traceback(front: Front) -> None:
    port = front.port([Interrupt(ZeroDivisionError("a bug of the port"))])
    with pytest.raises(ZeroDivisionError) as caught:
        front.run(lambda client: client.tags.list(), port=port)
    assert "scripted.py" == caught.traceback[-1].path.name  # type: ignore[union-attr]


def test_an_interrupt_has_no_frames_of_the_transport(front: Front) -> None:
    with pytest.raises(Stop) as caught:
        front.run(lambda client: client.tags.list(), port=front.port([Interrupt(Stop())]))
    assert "caller.py" == caught.traceback[-1].path.name  # type: ignore[union-attr]


def test_a_watcher_has_to_be_callable(front: Front) -> None:
    error = front.fails(InvalidArgumentError, lambda client: client.tags.list(), port=front.port(), on_event="print")
    assert "on_event" == error.argument


def test_the_last_attempt_has_no_delay(front: Front, events: Events) -> None:
    front.fails(
        ServerError, lambda client: client.tags.list(), port=front.port(lambda call: refusal(500)), on_event=events
    )
    assert [False, False, False, True] == [event.retry_delay is None for event in events.seen]
