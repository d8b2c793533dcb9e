"""
S3: an interrupt between the acceptance of a write and the return of its call.

CPython raises Ctrl-C where a function begins and after a call of C. The write
is stopped at each of these points in turn, from the moment its answer is there.
"""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from inspect import CO_GENERATOR
from types import FrameType
from typing import Any

import attrs
import pytest
from support.front import Front
from support.scripted import TEXT, Events, refusal, reply
from support.watch import CANARY

from alive5 import Alive5, Alive5Error, AsyncAlive5

ACCEPTED = reply({"code": 200, "data": {"newThread": {"thread_id": "t"}, "message_id": "m"}, "error": None})
CREATED = reply({"tag_id": "t"})
LEFT = "{} was interrupted after it left: it may have been applied"
NOT_RETURNED = "{} was interrupted after it was accepted: do not repeat it"
# Far more points than there are: a loop that never ends would be a defect.
MOST = 2_000


class Stop(BaseException):
    """An interrupt."""


@attrs.frozen
class Told:
    """What a call that was interrupted, or was not, left behind."""

    struck: bool
    ended: type[BaseException] | None
    outcomes: list[str]
    lines: list[str]


class Strike:
    """Raises at the given point after the answer came, unless the call has returned by then."""

    def __init__(self, point: int) -> None:
        self.point = point
        self.count = -1
        self.struck = False
        self.returned = False

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        if self.count < 0:
            if event == "return" and frame.f_code.co_name == "send" and "scripted" in frame.f_code.co_filename:
                self.count = 0
        elif event in ("call", "c_return") and not self.returned and not frame.f_code.co_flags & CO_GENERATOR:
            # Closing a generator counts as a call of it, though no interrupt is raised there.
            self.count += 1
            if self.count == self.point:
                self.struck = True
                raise Stop


@contextmanager
def profiled(strike: Strike) -> Iterator[None]:
    before = sys.getprofile()
    gc.disable()  # a finalizer swallows what is raised in it
    sys.setprofile(strike)
    try:
        yield
    finally:
        sys.setprofile(before)
        gc.enable()


def run(front: Front, strike: Strike, answers: Any, body: Callable[[Any], Any], events: Any) -> None:
    options: dict[str, Any] = {"port": front.port(answers), "on_event": events, "org_name": "Acme"}
    if front.is_blocking:
        with Alive5(CANARY, **options) as client, profiled(strike):
            body(client)
            strike.returned = True
        return

    async def main() -> None:
        async with AsyncAlive5(CANARY, **options) as client:
            with profiled(strike):
                await body(client)
                strike.returned = True

    front.drive(main)


def release_handlers() -> None:
    """
    Release the locks of log handlers that an interrupt inside of logging left taken.

    CPython's logging takes them before its ``try``; other threads would wait for ever.
    """
    for reference in logging._handlerList:
        lock = getattr(reference(), "lock", None)
        while lock is not None and lock._is_owned():
            lock.release()


def every_point(front: Front, caplog: pytest.LogCaptureFixture, body: Any, answer: Any) -> Iterator[Told]:
    """
    Yield what was told after an interrupt at each point in turn; last, of the call that was not struck.
    """
    for point in range(1, MOST):
        strike, events, ended = Strike(point), Events(), None
        caplog.clear()
        try:
            run(front, strike, [answer], body, events)
        except (Stop, Alive5Error) as error:
            ended = type(error)
        finally:
            release_handlers()
        lines = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
        yield Told(strike.struck, ended, events.outcomes, lines)
        if not strike.struck:
            return
    raise AssertionError("it never returned")


WRITES: dict[str, Any] = {
    "sms.send": (lambda client: client.sms.send(**TEXT), ACCEPTED),
    "tags.create": (lambda client: client.tags.create(name="n", email="ada@example.com"), CREATED),
    "call": (lambda client: client.call("POST", "x", body={"a": 1}), CREATED),
}


@pytest.mark.promise("S3")
@pytest.mark.parametrize("operation", WRITES)
def test_an_accepted_write_that_did_not_return_is_reported(
    front: Front, caplog: pytest.LogCaptureFixture, operation: str
) -> None:
    body, answer = WRITES[operation]
    run(front, Strike(0), [answer], body, None)  # what is made on first use is not made in the others
    *struck, last = every_point(front, caplog, body, answer)
    left, accepted = [LEFT.format(operation)], [NOT_RETURNED.format(operation)]
    assert len(struck) > 20
    for told in struck:
        assert Stop is told.ended
        # An interrupt inside the watcher gives it the event once more: nobody knows whether it had begun.
        assert told.outcomes[:1] == told.outcomes[1:] or len(told.outcomes) == 1
        assert (told.outcomes[0], told.lines) in (("unknown", left), ("accepted", accepted))
    assert {"unknown", "accepted"} == {word for told in struck for word in told.outcomes}
    assert Told(False, None, ["accepted"], []) == last


@pytest.mark.parametrize("kind", ["read", "refusal"])
def test_an_interrupted_read_or_a_refused_write_was_not_accepted(
    front: Front, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    if kind == "read":
        body, answer = (lambda client: client.tags.list()), reply([{"tag_id": "t"}])
    else:
        body, answer = (lambda client: client.sms.send(**TEXT)), refusal(400)
    *struck, last = every_point(front, caplog, body, answer)
    assert len(struck) > 20
    for told in struck:
        assert told.outcomes[:1] == told.outcomes[1:] or len(told.outcomes) == 1
        assert told.lines in ([], [LEFT.format("sms.send")])
        assert (kind == "refusal" and told.outcomes == ["unknown"]) == (told.lines != [])
    assert (["accepted"] if kind == "read" else ["rejected"], []) == (last.outcomes, last.lines)
