"""
T4: a job against a server that allows few requests a second.

It finishes whole and at 90 % of the possible rate or more, and nothing is sent
inside a Retry-After. The rate is judged in full runs alone.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import attrs
import pytest
from support import counts
from support.chaos import Chaos, Plan
from support.crowd import crowd, text
from support.front import Front

from alive5._port.asynchronous import AsyncPort
from alive5._port.blocking import BlockingPort

LIMIT = 5
# A thread that was let through may be held up by the machine before it notes that it starts.
SLACK = 0.05


@attrs.define
class Sent:
    """One request as the client saw it, and how long it was told to wait."""

    started: float
    ended: float
    wait: float


def recording(kind: Any, sent: list[Sent]) -> Callable[..., Any]:
    """
    Return a ``send`` that notes every request.
    """
    original = kind.send

    async def send(self: Any, call: Any, deadline: float) -> Any:
        started = time.monotonic()
        reply = await original(self, call, deadline)
        wait = float(getattr(reply, "headers", {}).get("retry-after", 0))
        sent.append(Sent(started, time.monotonic(), wait))
        return reply

    return send


async def read(client: Any, token: str) -> None:
    await client.call("GET", "/objects/tags/list", params={"token": token})


async def write(client: Any, token: str) -> None:
    await client.sms.send(**text(token))


@pytest.mark.promise("T4")
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("name", "act"), [("asyncio", write), ("trio", read), ("sync", write), ("sync", read)])
def test_a_job_goes_at_the_rate_it_is_allowed(
    plain: Chaos, monkeypatch: pytest.MonkeyPatch, name: str, act: Any
) -> None:
    jobs, window = counts.count(ci=40, full=500), 1.0 if counts.FULL else 0.2
    front, sent = Front(name), list[Sent]()
    for kind in (AsyncPort, BlockingPort):
        monkeypatch.setattr(kind, "send", recording(kind, sent))
    plain.begin(Plan(seed=1, share=0, limit=LIMIT, window=window))
    tokens = [f"token-job-{number}" for number in range(jobs)]
    front.run(lambda client: crowd(front, client, act, tokens, workers=32), **plain.options())
    answers = Counter(struck.fault for struck in plain.log())
    assert jobs == answers["none"]
    assert answers["status_429_limit"] <= 32 + jobs
    for told in (one for one in sent if one.wait):
        inside = [one for one in sent if told.ended + SLACK < one.started < told.ended + told.wait]
        assert [] == inside
    taken = max(one.ended for one in sent) - min(one.started for one in sent)
    rate = round(100 * jobs / LIMIT * window / taken)
    counts.measured(refused=answers["status_429_limit"], percent_of_the_possible_time=round(10000 / rate))
    assert not counts.FULL or rate >= 90
