"""The clock of a sandbox: its present, waits that take no time, scripts of outcomes, and what was sent."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta, timezone
from typing import Any

import anyio
import pytest
from support.front import Front
from support.scripted import TEXT

from alive5 import OutcomeUnknownError, RateLimitError, RetryPolicy, TimedOutError, Timeout
from alive5.sandbox import Sandbox
from alive5.sandbox.embedded.clock import Clock

SENT = {**TEXT, "channel_id": "channel-line-1", "user_id": "agent-maria"}
# What no wait of these tests may take; the shortest that is skipped is as long.
AT_ONCE = 5.0
MIDNIGHT = datetime(2026, 5, 1, tzinfo=timezone.utc)


@pytest.fixture(autouse=True)
def soon() -> Any:
    """Check that nothing was waited for in earnest."""
    before = time.monotonic()
    yield
    assert time.monotonic() - before < AT_ONCE


@pytest.mark.parametrize("pause", [5, 30, 59])
def test_a_retry_after_takes_no_time(front: Front, pause: float) -> None:
    sandbox = Sandbox(livechat=0, now=MIDNIGHT)
    sandbox.fail("rate_limited", on="tags.list", retry_after=pause, times=2)
    events: list[Any] = []
    tags = front.inside(sandbox, lambda client: client.tags.list(), on_event=events.append, timeout=200)
    assert tags
    assert [pause, pause, None] == [event.retry_delay for event in events]


def test_a_deadline_counts_the_waits_that_were_skipped(front: Front) -> None:
    sandbox = Sandbox(livechat=0, now=MIDNIGHT)
    sandbox.fail("rate_limited", on="tags.list", retry_after=25, times=None)

    async def body(client: Any) -> Any:
        with pytest.raises(RateLimitError) as caught:
            await client.tags.list()
        return caught.value.attempts

    assert 3 == front.inside(sandbox, body, timeout=60)


def test_a_redirected_client_of_a_sandbox_has_one_clock(front: Front) -> None:
    sandbox, other = Sandbox(livechat=0, now=MIDNIGHT), Sandbox(livechat=0, now=MIDNIGHT)
    sandbox.fail("rate_limited", on="tags.list", retry_after=30)
    events: list[Any] = []
    with sandbox.patch():
        assert front.inside(sandbox, lambda client: client.tags.list(), on_event=events.append)
        assert front.inside(other, lambda client: client.tags.list())
    assert [30, None] == [event.retry_delay for event in events]
    assert (3, 0) == (len(sandbox.requests), len(other.requests))


def test_texts_bear_the_time_that_was_skipped(front: Front) -> None:
    sandbox = Sandbox(livechat=0, sms=0, now=MIDNIGHT)
    sandbox.next("sms.send", [("rate_limited", {"retry_after": 40})])

    async def body(client: Any) -> Any:
        await client.sms.send(**SENT)
        (chat,) = await client.conversations.sms().list()
        return chat.started_at

    assert timedelta(seconds=40) <= front.inside(sandbox, body) - MIDNIGHT < timedelta(seconds=50)


def test_advancing_ends_the_pause_of_a_client(front: Front) -> None:
    sandbox = Sandbox(livechat=0, now=MIDNIGHT, waits="real")
    sandbox.fail("rate_limited", on="tags.list", retry_after=50)

    async def body(client: Any) -> Any:
        with pytest.raises(RateLimitError):
            await client.tags.list()
        sandbox.advance(seconds=50)
        return await client.tags.list()

    assert front.inside(sandbox, body, timeout=10)


def test_real_waits_are_real(front: Front) -> None:
    sandbox = Sandbox(livechat=0, waits="real")
    sandbox.fail("rate_limited", on="tags.list", retry_after=0.3)
    before = time.monotonic()
    front.inside(sandbox, lambda client: client.tags.list())
    assert time.monotonic() - before >= 0.3
    with pytest.raises(ValueError, match="waits must be"):
        Sandbox(waits="none")  # type: ignore[arg-type]


def test_a_slow_answer_is_as_slow_as_ever(front: Front) -> None:
    """It is what a test of a client that hangs up needs."""
    sandbox = Sandbox(livechat=0)
    sandbox.fail("slow", on="tags.list", seconds=20, times=None)

    async def body(client: Any) -> Any:
        with pytest.raises(TimedOutError):
            await client.tags.list()

    before = time.monotonic()
    front.inside(sandbox, body, timeout=Timeout(total=0.4))
    assert time.monotonic() - before >= 0.4


def test_waits_side_by_side_are_not_added_up() -> None:
    sandbox = Sandbox(livechat=400, now=MIDNIGHT)
    sandbox.fail("rate_limited", on="conversations.livechat", retry_after=30, after=2, times=4)

    async def read() -> int:
        async with sandbox.async_client(timeout=100) as client:
            return len(await client.conversations.livechat(limit=20, prefetch=4).list())

    assert 400 == anyio.run(read)
    with sandbox.client(timeout=100) as client:
        assert 400 == len(client.conversations.livechat(limit=20, prefetch=4).list())


class Counted:
    """A sleeper on a clock that stands still, which remembers what it was asked to wait."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def now(self) -> float:
        return 100.0

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        await anyio.sleep(0)


def test_the_earliest_wait_ends_first() -> None:
    moved: list[float] = []
    clock, sleeper, ended = Clock(moved.append), Counted(), []

    async def wait(seconds: float) -> None:
        await clock.sleep(sleeper, seconds)
        ended.append((seconds, clock.ahead))

    async def main() -> None:
        clock.answered()
        async with anyio.create_task_group() as group:
            for seconds in (3.0, 1.0, 2.0):
                group.start_soon(wait, seconds)

    anyio.run(main)
    assert [(1.0, 1.0), (2.0, 2.0), (3.0, 3.0)] == ended
    assert [1.0, 1.0, 1.0] == moved
    assert {0} == set(sleeper.waits)


def test_waits_without_a_request_between_them_are_real_in_the_end() -> None:
    """As in a loop that looks at another clock: skipping them would only turn the processor."""
    clock, sleeper = Clock(lambda _: None), Counted()

    async def main() -> None:
        await clock.sleep(sleeper, 5.0)
        clock.answered()
        for _ in range(102):
            await clock.sleep(sleeper, 2.0)
        await clock.sleep(sleeper, 0.0)

    anyio.run(main)
    assert [5.0, *[0] * 100, 2.0, 2.0, 0.0] == sleeper.waits
    assert 200.0 == clock.ahead


def test_a_wait_does_not_hang_on_a_request_that_never_ends() -> None:
    clock, sleeper = Clock(lambda _: None), Counted()
    clock.busy = 1
    clock.answered()
    anyio.run(clock.sleep, sleeper, 7.0)
    assert 7.0 == clock.ahead


def test_the_present_is_today_unless_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALIVE5_SANDBOX_NOW", raising=False)
    before = datetime.now(timezone.utc).replace(microsecond=0)
    sandbox = Sandbox(livechat=20, sms=0)
    newest = sandbox.conversations("livechat")[-1]["start_time"] / 1_000
    assert before - timedelta(days=14) < datetime.fromtimestamp(newest, timezone.utc) < datetime.now(timezone.utc)
    with sandbox.client() as client:
        client.sms.send(**SENT)
        found = client.sms.find_sent(phone_number_to=SENT["phone_number_to"], message=SENT["message"], since=before)
        today = client.conversations.sms(start=before.date()).list()
    assert (1, 1) == (len(found), len(today))


def test_the_environment_gives_the_present(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIVE5_SANDBOX_NOW", "2026-05-01T00:00:00+00:00")
    assert Sandbox(now=MIDNIGHT).conversations("sms") == Sandbox().conversations("sms")
    for wrong in ("today", "2026-05-01T00:00:00"):
        monkeypatch.setenv("ALIVE5_SANDBOX_NOW", wrong)
        with pytest.raises(ValueError, match=r"now must have a time zone|ALIVE5_SANDBOX_NOW must be a moment"):
            Sandbox()


def test_the_next_requests_meet_what_is_planned(front: Front) -> None:
    sandbox = Sandbox(livechat=0, now=MIDNIGHT)
    sandbox.next("sms.send", ["ok", "reset_after", ("rate_limited", {"retry_after": 5}), "ok"])
    sandbox.next("sms.send", "reset_before")
    sandbox.fail("refused", on="sms.send", times=None)

    async def body(client: Any) -> list[str]:
        outcomes = []
        for number in range(4):
            try:
                await client.sms.send(**{**SENT, "message": f"{number}"})
                outcomes.append("accepted")
            except OutcomeUnknownError:
                outcomes.append("unknown")
        await client.tags.list()
        return outcomes

    assert ["accepted", "unknown", "accepted", "unknown"] == front.inside(sandbox, body)
    assert [None, "reset_after", "rate_limited", None, "reset_before"] == [
        request.fault for request in sandbox.requests if request.operation == "sms.send"
    ]
    assert ["0", "1", "2"] == [text["message"] for text in sandbox.sent()]


def test_what_was_planned_and_met_nothing_is_unused() -> None:
    sandbox = Sandbox(livechat=0)
    sandbox.next("/objects/tags/list", ["server_error_before", "ok", "html"])
    assert [("server_error_before", "/objects/tags/list"), ("html", "/objects/tags/list")] == sandbox.unused_faults()
    with sandbox.client() as client:
        client.tags.list()
    assert [("html", "/objects/tags/list")] == sandbox.unused_faults()
    sandbox.clear_faults()
    assert [] == sandbox.unused_faults()


@pytest.mark.parametrize("wrong", [["no such"], [("slow", {"colour": 1})], ["ok", "OK"]])
def test_a_plan_of_what_does_not_exist_is_refused(wrong: Any) -> None:
    sandbox = Sandbox(livechat=0)
    with pytest.raises(ValueError, match=r"no such fault|slow has no colour"):
        sandbox.next("sms.send", wrong)
    with pytest.raises(ValueError, match="no such operation"):
        sandbox.next("sms.sent", ["ok"])
    assert [] == sandbox.unused_faults()


def test_texts_that_were_sent_by_what_they_are(front: Front) -> None:
    sandbox = Sandbox(livechat=0)

    async def body(client: Any) -> None:
        for number, text in (("+12025550123", "Hi"), ("+12025550124", "Hi"), ("+12025550123", "Ho")):
            await client.sms.send(**{**SENT, "phone_number_to": number, "message": text})
        await client.tags.create(name="Billing", email="ada@example.com")

    front.inside(sandbox, body)
    assert ["Hi", "Hi", "Ho"] == [text["message"] for text in sandbox.sent()]
    assert 2 == len(sandbox.sent(phone_number_to="+1 (202) 555-0123"))
    assert [SENT["channel_id"]] == [
        text["channel_id"] for text in sandbox.sent(phone_number_to="+12025550123", message="Ho")
    ]
    assert [] == sandbox.sent(message="No")
    with pytest.raises(TypeError):
        sandbox.sent(to="+12025550123")  # type: ignore[call-arg]


def test_threads_wait_side_by_side() -> None:
    sandbox = Sandbox(livechat=0, now=MIDNIGHT)
    sandbox.fail("rate_limited", on="tags.list", retry_after=20, times=8)
    failures: list[BaseException] = []
    with sandbox.client(timeout=900, retry=RetryPolicy(attempts=12)) as client:

        def work() -> None:
            try:
                client.tags.list()
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=work, daemon=True) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
    assert [] == failures
