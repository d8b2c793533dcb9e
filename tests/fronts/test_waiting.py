"""Retry-After, and the gate that holds the whole client back."""

from __future__ import annotations

from typing import Any

import pytest
from support.front import Front
from support.scripted import TEXT, refusal, reply

from alive5 import Alive5Error, Failure, NotSentError, RateLimitError, RetryPolicy, TransportError

pytestmark = pytest.mark.usefixtures("half_jitter")


TAGS = reply([{"tag_id": "1"}])


LOST = Failure(True, "read", "the connection broke")


NOW = "Mon, 02 Mar 2026 10:00:00 GMT"


SOON = "Mon, 02 Mar 2026 10:00:20 GMT"


YESTERDAY = "Sun, 01 Mar 2026 10:00:00 GMT"


def read(client: Any) -> Any:
    return client.tags.list()


def write(client: Any) -> Any:
    return client.sms.send(**TEXT)


@pytest.mark.promise("T3")
@pytest.mark.parametrize(
    ("headers", "waits"),
    [
        ({"Retry_After": "20"}, [20.0]),
        ({"Retry_After": " 1.5 "}, [1.5]),
        ({"Retry_After": "60"}, [60.0]),
        ({"Retry_After": SOON, "Date": NOW}, [20.0]),
        ({"Retry_After": YESTERDAY, "Date": NOW}, [0.25]),
        ({"Retry_After": "0"}, [0.25]),
        ({"Retry_After": "-5"}, [0.25]),
        ({"Retry_After": "nan"}, [0.25]),
        ({"Retry_After": "-inf"}, [0.25]),
        ({"Retry_After": "tomorrow"}, [0.25]),
        ({"Retry_After": SOON + " " * 100 + "x", "Date": "never"}, [0.25]),
        ({}, [0.25]),
    ],
)
@pytest.mark.parametrize("call", [read, write])
def test_retry_after_is_honoured(front: Front, call: Any, headers: dict[str, str], waits: list[float]) -> None:
    port = front.port([refusal(429, **headers), TAGS])
    front.run(call, port=port, timeout=100)
    assert waits == port.sleeps


def test_a_server_error_may_ask_to_wait_too(front: Front) -> None:
    port = front.port([refusal(503, Retry_After="9"), TAGS])
    front.run(read, port=port)
    assert [9.0] == port.sleeps


@pytest.mark.promise("T3")
@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        *(("61", 61.0), ("86400", 86400.0), ("1e9", 1e9), ("1" * 30, 1e9), ("inf", 1e9)),
        *(("Fri, 31 Dec 9999 23:59:59 GMT", 1e9), ("Tue, 02 Mar 2027 10:00:00 GMT", 31536000.0)),
    ],
)
@pytest.mark.parametrize("call", [read, write])
def test_a_longer_retry_after_is_raised_at_once(front: Front, call: Any, asked: str, seconds: float) -> None:
    port = front.port([refusal(429, Retry_After=asked, Date=NOW)])
    error = front.fails(RateLimitError, call, port=port, timeout=1e6)
    assert (seconds, 1, "rejected", True) == (
        error.retry_after,
        error.attempts,
        error.outcome,
        error.safe_to_repeat,
    )
    assert [] == port.sleeps


def test_max_retry_after_can_be_chosen(front: Front) -> None:
    port = front.port([refusal(429, Retry_After="3")])
    front.fails(RateLimitError, read, port=port, retry=RetryPolicy(max_retry_after=2))
    assert 1 == len(port.calls)


@pytest.mark.promise("T3")
@pytest.mark.parametrize("told", [read, write])
@pytest.mark.parametrize("next_call", [read, write])
@pytest.mark.parametrize("status", [429, 503])
def test_a_retry_after_pauses_the_whole_client(front: Front, told: Any, next_call: Any, status: int) -> None:
    port = front.port([refusal(status, Retry_After="30"), TAGS])

    async def body(client: Any) -> None:
        with pytest.raises(Alive5Error):
            await told(client)
        await next_call(client.with_options(tz="UTC"))

    front.run(body, port=port, retry=RetryPolicy.none())
    assert [0.0, 30.0] == port.moments


def test_a_twin_with_less_patience_does_not_send_inside_a_retry_after(front: Front) -> None:
    port = front.port([refusal(429, Retry_After="30"), TAGS])

    async def body(client: Any) -> Any:
        with pytest.raises(RateLimitError):
            await read(client)
        hasty = client.with_options(retry=RetryPolicy(max_retry_after=5))
        with pytest.raises(NotSentError) as caught:
            await write(hasty)
        return caught.value

    error = front.run(body, port=port, retry=RetryPolicy.none())
    assert ("not_sent", 0, 30.0, "refused", True) == (
        error.outcome,
        error.attempts,
        error.retry_after,
        error.reason,
        error.safe_to_repeat,
    )
    assert 1 == len(port.calls)


def test_a_gate_beyond_the_deadline_ends_a_call_before_it_leaves(front: Front) -> None:
    port = front.port([refusal(429, Retry_After="30")])

    async def body(client: Any) -> None:
        with pytest.raises(RateLimitError):
            await read(client)
        with pytest.raises(NotSentError):
            await write(client.with_options(timeout=29))

    front.run(body, port=port, retry=RetryPolicy.none())
    assert (1, []) == (len(port.calls), port.sleeps)


def test_a_gate_shut_by_another_call_ends_a_retry_with_its_own_error(front: Front) -> None:
    port = front.port([LOST, refusal(429, Retry_After="30")])
    own_sleep = port.sleep

    async def body(client: Any) -> Any:
        async def sleep(seconds: float) -> None:
            port.sleep = own_sleep  # type: ignore[method-assign]
            with pytest.raises(RateLimitError):
                await read(client.with_options(retry=RetryPolicy.none()))
            await own_sleep(seconds)

        port.sleep = sleep  # type: ignore[method-assign]
        with pytest.raises(TransportError) as caught:
            await read(client)
        return caught.value

    error = front.run(body, port=port, timeout=20)
    assert (1, "disconnected") == (error.attempts, error.reason)
