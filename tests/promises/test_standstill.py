"""
T1, between two awaits: no answer keeps the loop busy for longer than the largest honest one does.

A deadline ends what waits; it cannot end work. How long the loop stood still is
read from the loop's own clock by a task that only sleeps, and told beside the
figure of the largest honest answer on the same machine. It is judged in full
runs alone, where no other test runs beside.
"""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from typing import Any

import anyio
import pytest
from support import counts
from support.front import NAMES, Front
from support.loopback import Handle, Loopback, Peer

from alive5 import Alive5Error, ApiError, OutcomeUnknownError, ResponseError, RetryPolicy

MIB = 1024 * 1024
TOTAL = 1.0
# Odd rows and odd objects take up to twice as long for a byte as conversations do; the rest is the machine's share.
AS_LONG = 3.0
TEXTS = [f"Text {number}: {'see you at nine ' * 90}" for number in range(200)]
CHAT = {
    "org_name": "Acme",
    "start_time": 1767225600000,
    "end_time": 1767225700000,
    "channel_id": "channel-line-1",
    "channel_name": "Line",
    "crm_id": "crm-1",
    "agent_id": "agent-1",
    "assigned_to": "Ada L",
    "tags": ["a", "b"],
    "contacts_first_name": "Sam",
    "contacts_last_name": "S",
    "contacts_email": "sam@example.com",
    "contacts_phone": "+12025550123",
    "contacts_notes": "",
    "alive_sms_phone_number": "+12025550100",
    "chat_conversation": [{"created_at": 1767225600000, "created_by": "Ada", "message_content": "Hello there"}] * 3,
}


def rows(item: bytes, count: int) -> bytes:
    return b'{"code":200,"data":[' + (item + b",") * (count - 1) + item + b"]}"


def refused(text: str) -> bytes:
    return json.dumps({"code": 400, "error": text}).encode()


def honest() -> bytes:
    item = json.dumps({"alive5_sessionID": "8e1c1c1e", **CHAT}, separators=(",", ":")).encode()
    return rows(item, 31 * MIB // len(item))


ANSWERS: dict[str, tuple[Callable[[], bytes], type[Alive5Error] | None]] = {
    "empty lists": (lambda: rows(b"[]", 11_000_000), ResponseError),
    "empty objects": (lambda: rows(b'{"a":{}}', 3_700_000), ResponseError),
    "values at the bound": (lambda: rows(b'{"":{}}', 500_000), ResponseError),
    "rows at the bound": (lambda: rows(b"[]", 150_000), None),
    "objects at the bound": (lambda: rows(b'[{"":{}},{},{},{}]', 149_000), None),
    "names at the bound": (lambda: rows(b"{" + b",".join(b'"%d":1' % n for n in range(2_700_000)) + b"}", 1), None),
    "an error of 30 MB": (lambda: refused("a@b " * 7_500_000), ApiError),
    "an error of 30 MB without blanks": (lambda: refused("1" * 30_000_000), ApiError),
}


def serving(body: bytes, status: str = "200 OK") -> Handle:
    packed = gzip.compress(body, 9 if len(set(body[:100])) < 20 else 1)

    def handle(peer: Peer) -> None:
        while peer.read():
            peer.answer(packed, status, "Content-Encoding: gzip")

    return handle


def stands_still(name: str, act: Callable[[Any], Any], handle: Handle) -> tuple[float, BaseException | None]:
    """
    Return for how many seconds a call kept its loop (or its thread) busy, and how it ended.
    """
    worst, ended = 0.0, None

    async def tick(clock: Callable[[], float]) -> None:
        nonlocal worst
        while True:
            before = clock()
            await anyio.sleep(0.005)
            worst = max(worst, clock() - before - 0.005)

    async def body(client: Any) -> None:
        nonlocal worst, ended
        async with anyio.create_task_group() as group:
            group.start_soon(tick, anyio.current_time)
            ended = await end_of(client)
            group.cancel_scope.cancel()

    async def blocking(client: Any) -> None:
        nonlocal worst, ended
        before = time.monotonic()
        ended = await end_of(client)
        worst = time.monotonic() - before

    async def end_of(client: Any) -> BaseException | None:
        try:
            await act(client)
        except Alive5Error as error:
            return error
        finally:
            if name != "sync":
                await anyio.sleep(0.02)  # so that the clock is read once more
        return None

    with Loopback(handle) as server:
        options: dict[str, Any] = {"base_url": server.url, "timeout": TOTAL * 30, "retry": RetryPolicy.none()}
        Front(name).run(blocking if name == "sync" else body, **options)
    return worst, ended


def listing(client: Any) -> Any:
    return client.tags.list()


def write(client: Any) -> Any:
    return client.call("POST", "/x", body={"texts": TEXTS})


@pytest.fixture(scope="module")
def baseline() -> float:
    """
    Return the seconds the largest honest answer takes.
    """
    took, error = stands_still("asyncio", listing, serving(honest()))
    assert error is None
    counts.measured(largest_honest_answer_ms=round(took * 1000))
    return took


def judge(took: float, baseline: float) -> None:
    counts.measured(stood_still_for_ms=round(took * 1000), largest_honest_answer_ms=round(baseline * 1000))
    assert not counts.FULL or took <= AS_LONG * baseline


@pytest.mark.promise("T1")
@pytest.mark.parametrize("case", ANSWERS)
@pytest.mark.parametrize("name", NAMES if counts.FULL else ["asyncio"])
def test_no_answer_keeps_the_loop_longer_than_an_honest_one(baseline: float, name: str, case: str) -> None:
    make, kind = ANSWERS[case]
    took, error = stands_still(name, listing, serving(make()))
    assert (kind is None and error is None) or (kind is not None and isinstance(error, kind))
    judge(took, baseline)


@pytest.mark.promise("T1")
@pytest.mark.parametrize("name", ["asyncio", "sync"])
def test_a_write_with_many_texts_and_a_long_error_ends_at_once(baseline: float, name: str) -> None:
    """
    What a call was given is looked for in nothing.
    """
    took, error = stands_still(name, write, serving(refused(" ".join(TEXTS) * 40), "400 Bad Request"))
    assert isinstance(error, ApiError)
    judge(took, baseline)
    took, error = stands_still(name, write, serving(rows(b"[]", 11_000_000)))
    assert isinstance(error, OutcomeUnknownError)
    judge(took, baseline)
