"""
T1: every call ends within its total deadline + 250 ms, whatever the server does with its time.

The overrun is measured and reported; it is judged in full runs alone, where no
other test runs beside, and after taking off what a plain sleep of the same
length was late by: on two cores that is the machine's share, not ours. Looking
up a host name is outside the deadline of the blocking front.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
from support import counts
from support.chaos import Chaos, Plan
from support.crowd import text
from support.front import NAMES, Front

from alive5 import Alive5Error, NotSentError, OutcomeUnknownError, RateLimitError, RetryPolicy, TimedOutError

TOTAL = 1.0 if counts.FULL else 0.5
HANG = 20.0
LOOK_UP = 2.0
ALLOWED = 0.25
AFTER_LEAVING = ("delayed", "drip", "drip_body", "flood")
BEFORE_LEAVING = ("handshake_silent", "handshake_drip")


def rounds() -> int:
    return counts.count(ci=1, full=10)


class Call:
    """One call that has to fail in time, in a thread of its own."""

    def __init__(self, name: str, kind: type[Alive5Error], act: Callable[[Any], Any], **options: Any) -> None:
        self.name, self.kind, self.act, self.options = name, kind, act, options
        self.error: BaseException | None = None
        self.overrun = 0.0
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        started = time.monotonic()
        try:
            Front(self.name).run(self.act, timeout=TOTAL, **self.options)
        except BaseException as error:
            self.error = error
        self.overrun = time.monotonic() - started - TOTAL

    def judge(self) -> float:
        self.thread.join(HANG)
        assert not self.thread.is_alive(), "a call hangs"
        assert self.kind is type(self.error)
        assert isinstance(self.error, Alive5Error)
        assert "timeout" == self.error.reason
        return self.overrun


def judge(calls: list[Call]) -> None:
    """
    Wait for calls made at the same time, beside a plain sleep.
    """
    started = time.monotonic()
    time.sleep(TOTAL)
    lateness = time.monotonic() - started - TOTAL
    worst = max(call.judge() for call in calls)
    counts.measured(worst_overrun_ms=round(worst * 1000), a_plain_sleep_was_late_by_ms=round(lateness * 1000))
    assert not counts.FULL or worst <= ALLOWED + lateness


def read(token: str) -> Callable[[Any], Any]:
    return lambda client: client.call("GET", "/objects/tags/list", params={"token": token})


def write(token: str) -> Callable[[Any], Any]:
    return lambda client: client.sms.send(**text(token))


@pytest.mark.promise("T1")
@pytest.mark.parametrize("name", NAMES)
def test_calls_end_in_time_when_their_answers_do_not(chaos: Chaos, name: str) -> None:
    chaos.begin(Plan(seed=1, by_name=True))
    for number in range(rounds()):
        tokens = {fault: f"token-{number}-{fault.replace('_', '-')}" for fault in AFTER_LEAVING}
        reads = [Call(name, TimedOutError, read(token), **chaos.options()) for token in tokens.values()]
        writes = [Call(name, OutcomeUnknownError, write(token), **chaos.options()) for token in tokens.values()]
        judge([*reads, *writes])
    assert set(AFTER_LEAVING) == {struck.fault for struck in chaos.log()}


@pytest.mark.promise("T1")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fault", BEFORE_LEAVING)
def test_calls_end_in_time_when_the_handshake_does_not(encrypted: Chaos, fault: str, name: str) -> None:
    encrypted.begin(Plan(seed=1, early=1, early_name=fault))
    for _ in range(rounds()):
        judge([Call(name, NotSentError, act("token-1"), **encrypted.options()) for act in (read, write)])
    assert {fault} == {struck.fault for struck in encrypted.log()}


@pytest.mark.promise("T1")
@pytest.mark.parametrize("name", NAMES)
def test_calls_end_in_time_when_nobody_takes_their_connection(name: str) -> None:
    with ExitStack() as stack:
        full = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        port = full.getsockname()[1]
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", port))
        for _ in range(rounds()):
            url = f"http://127.0.0.1:{port}"
            judge([Call(name, NotSentError, act("token-1"), base_url=url) for act in (read, write)])


@pytest.mark.promise("T1")
@pytest.mark.parametrize("name", NAMES)
def test_a_slow_look_up_holds_up_the_blocking_front_alone(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    original = socket.getaddrinfo

    def slowly(*args: Any, **kwargs: Any) -> Any:
        if not (*args, *[0] * 6)[5] & socket.AI_NUMERICHOST:  # trio reads numbers itself, without looking up
            time.sleep(LOOK_UP)
        return original(*args, **kwargs)

    async def timed(client: Any) -> float:
        started = time.monotonic()
        with pytest.raises(NotSentError):
            await write("token-1")(client)
        return time.monotonic() - started

    monkeypatch.setattr(socket, "getaddrinfo", slowly)
    taken = Front(name).run(timed, base_url="http://localhost:9", timeout=TOTAL, retry=RetryPolicy.none())
    if name == "sync":
        assert taken >= LOOK_UP
        counts.measured(**{f"look_up_of_{LOOK_UP * 1000:.0f}_ms_ended_a_call_after_ms": round(taken * 1000)})
    else:
        assert taken < LOOK_UP


@pytest.mark.promise("T1")
@pytest.mark.parametrize("name", NAMES)
def test_a_wait_longer_than_what_is_left_raises_the_last_error_at_once(plain: Chaos, name: str) -> None:
    for act in [read, write] * rounds():
        plain.begin(Plan(seed=1, by_name=True))
        started = time.monotonic()
        error = Front(name).fails(RateLimitError, act("token-1-status-429-day"), **plain.options(timeout=HANG * 2))
        assert time.monotonic() - started < HANG
        assert (86400.0, 1, 1) == (error.retry_after, error.attempts, len(plain.log()))
