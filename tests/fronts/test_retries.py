"""Waiting and stopping: Retry-After, the gate, the budget, the policy and the deadline."""

from __future__ import annotations

from typing import Any

import pytest
from support.counts import count
from support.front import Front
from support.scripted import TEXT, After, Events, Sent, raw, refusal, reply

from alive5 import (
    Alive5Warning,
    AuthenticationError,
    ClientClosedError,
    Failure,
    InvalidArgumentError,
    NotSentError,
    OutcomeUnknownError,
    RateLimitError,
    RetryPolicy,
    TimedOutError,
    Timeout,
    TransportError,
)

pytestmark = pytest.mark.usefixtures("half_jitter")
TAGS = reply([{"tag_id": "1"}])
LOST = Failure(True, "read", "the connection broke")


def read(client: Any) -> Any:
    return client.tags.list()


def write(client: Any) -> Any:
    return client.sms.send(**TEXT)


@pytest.mark.parametrize("call", [read, write])
def test_a_wait_longer_than_what_is_left_raises_the_last_error_at_once(front: Front, call: Any) -> None:
    port = front.port([After(3, refusal(429, Retry_After="8"))])
    error = front.fails(RateLimitError, call, port=port, timeout=10)
    assert (1, 8.0, []) == (error.attempts, error.retry_after, port.sleeps)


def test_the_deadline_is_one_for_attempts_and_waits(front: Front) -> None:
    port = front.port(lambda call: After(4, refusal(500)))
    error = front.fails(TimedOutError, read, port=port, timeout=9)
    # 4 s, a wait of 0.25 s, 4 s; the next wait of 0.5 s would end at 8.75 s, and the attempt at the deadline.
    assert [0.0, 4.25, 8.75] == port.moments
    assert {9.0} == {call.deadline - 1000 for call in port.calls}
    assert 1009.0 == port.time
    assert (3, "timeout") == (error.attempts, error.reason)


@pytest.mark.parametrize(("call", "kind"), [(read, TimedOutError), (write, OutcomeUnknownError)])
def test_a_call_in_flight_ends_at_its_deadline(front: Front, call: Any, kind: Any) -> None:
    port = front.port([After(11, TAGS)])
    error = front.fails(kind, call, port=port, timeout=10)
    assert (1, "timeout", "unknown") == (error.attempts, error.reason, error.outcome)
    assert 1010.0 == port.time


@pytest.mark.parametrize("call", [read, write])
def test_a_deadline_in_the_queue_is_not_sent(front: Front, call: Any) -> None:
    def late(sent: Sent) -> Failure:
        port.time = sent.deadline
        return Failure(False, "deadline", "the time given was used up")

    port = front.port(late)
    error = front.fails(NotSentError, call, port=port, timeout=10)
    assert (1, "timeout", "not_sent") == (error.attempts, error.reason, error.outcome)


def test_a_float_is_the_total_and_a_timeout_bounds_each_step(front: Front) -> None:
    port = front.port([TAGS, TAGS])

    async def body(client: Any) -> Any:
        await read(client)
        await read(client.with_options(timeout=Timeout(total=7, connect=1, read=2)))
        return client

    front.run(body, port=port, timeout=12.5)
    assert [12.5, 7.0] == [call.deadline - call.at for call in port.calls]


@pytest.mark.parametrize("attempts", [1, 2, 7])
def test_attempts_can_be_chosen(front: Front, attempts: int) -> None:
    port = front.port(lambda call: LOST)
    error = front.fails(TransportError, read, port=port, retry=RetryPolicy(attempts=attempts))
    assert attempts == len(port.calls) == error.attempts
    assert [0.25, 0.5, 1.0, 2.0, 4.0, 8.0][: attempts - 1] == port.sleeps


def test_backoff_is_capped(front: Front) -> None:
    port = front.port(lambda call: LOST)
    front.fails(TransportError, read, port=port, retry=RetryPolicy(attempts=6, initial=2, maximum=5))
    assert [1.0, 2.0, 2.5, 2.5, 2.5] == port.sleeps


@pytest.mark.parametrize("answer", [LOST, refusal(429), Failure(False, "connect", "no")])
@pytest.mark.parametrize("call", [read, write])
def test_the_policy_of_none_repeats_nothing(front: Front, call: Any, answer: Any) -> None:
    port = front.port([answer])
    with pytest.raises(Exception, match=r"\w"):
        front.run(call, port=port, retry=RetryPolicy.none())
    assert (1, []) == (len(port.calls), port.sleeps)


@pytest.mark.parametrize(("call", "attempts"), [(read, 4), (write, 1)])
def test_repeating_refused_writes_can_be_switched_off(front: Front, call: Any, attempts: int) -> None:
    port = front.port(lambda sent: refusal(429))
    front.fails(RateLimitError, call, port=port, retry=RetryPolicy(repeat_refused_writes=False))
    assert attempts == len(port.calls)


def test_a_write_that_never_left_is_repeated_until_it_does_and_then_no_more(front: Front, events: Events) -> None:
    port = front.port([Failure(False, "connect", "no"), refusal(429), LOST])
    error = front.fails(OutcomeUnknownError, write, port=port, on_event=events)
    assert 3 == error.attempts
    assert ["not_sent", "rejected", "unknown"] == events.outcomes


@pytest.mark.promise("T2")
@pytest.mark.parametrize(("failure", "retries"), [(LOST, 100), (Failure(True, "read_timeout", "late"), 50)])
def test_a_total_outage_causes_no_storm(front: Front, failure: Failure, retries: int) -> None:
    port = front.port(lambda call: failure)
    calls = count(ci=1_000, full=10_000)

    async def body(client: Any) -> None:
        for _ in range(calls):
            with pytest.raises(TransportError):
                await read(client)

    front.run(body, port=port)
    assert calls + retries == len(port.calls)
    assert len(port.calls) <= 1.01 * calls + 100


def test_success_refills_the_budget_up_to_where_it_was(front: Front) -> None:
    answers: list[Any] = [LOST, LOST, *[TAGS] * 6, LOST, TAGS, LOST, TAGS, LOST, LOST]
    port = front.port(answers)

    async def body(client: Any) -> None:
        with pytest.raises(TransportError):
            await read(client)  # 5 of 5 tokens for the one retry
        for _ in range(6):
            await read(client)  # a token each, 5 at most
        for _ in range(2):
            await read(client)  # the retry costs 5, which success gives back
        with pytest.raises(TransportError):
            await read(client)

    front.run(body, port=port, retry=RetryPolicy(budget=5))
    assert len(answers) == len(port.calls)


def test_no_budget_means_no_retry(front: Front) -> None:
    port = front.port([LOST])
    front.fails(TransportError, read, port=port, retry=RetryPolicy(budget=0))
    assert 1 == len(port.calls)


def test_a_closed_client_stops_retrying(front: Front) -> None:
    port = front.port([LOST])

    async def body(client: Any) -> Any:
        async def sleep(seconds: float) -> None:
            await client.aclose()

        port.sleep = sleep  # type: ignore[method-assign]
        with pytest.raises(TransportError):
            await read(client)
        with pytest.raises(ClientClosedError):
            await read(client)

    front.run(body, port=port)
    assert 1 == len(port.calls)


@pytest.mark.parametrize(
    "wrong",
    [
        {"attempts": 0},
        {"attempts": 1.5},
        {"initial": -1},
        {"maximum": float("nan")},
        {"max_retry_after": "60"},
        {"budget": True},
    ],
)
def test_a_policy_checks_its_numbers(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        RetryPolicy(**wrong)
    assert next(iter(wrong)) == caught.value.argument


def livechat(client: Any) -> Any:
    return client.conversations.livechat(limit=2).list()


@pytest.mark.parametrize(
    ("zeroth", "asked"),
    [
        (refusal(500), 3),
        (raw(b"<html>", status=503), 3),
        (LOST, 4),
        (refusal(400, "Invalid page"), 1),
        (refusal(404, "Nothing"), 1),
    ],
)
def test_page_0_is_asked_with_less_patience(front: Front, zeroth: Any, asked: int) -> None:
    def answer(call: Sent) -> Any:
        page = int(call.query["page"])
        rows = [{"alive5_sessionID": f"s{page}"}] if page == 1 else []
        return zeroth if page == 0 else reply(rows)

    port = front.port(answer)
    if asked > 1:
        with pytest.warns(Alive5Warning, match="page 0 could not be read"):
            assert ["s1"] == [chat.id for chat in front.run(livechat, port=port)]
    else:
        assert ["s1"] == [chat.id for chat in front.run(livechat, port=port)]
    assert asked == sum(call.query["page"] == "0" for call in port.calls)


@pytest.mark.parametrize(
    ("zeroth", "error"), [(refusal(401), AuthenticationError), (refusal(429, Retry_After="900"), RateLimitError)]
)
def test_page_0_is_not_taken_for_missing_when_the_whole_client_is_refused(
    front: Front, zeroth: Any, error: Any
) -> None:
    port = front.port(lambda call: zeroth if call.query["page"] == "0" else reply([{"alive5_sessionID": "s"}]))
    front.fails(error, livechat, port=port)
