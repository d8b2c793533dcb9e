"""L2: faulty calls leave descriptors, threads and tasks at the baseline."""

from __future__ import annotations

import gc
import os
import threading
from collections import Counter
from typing import Any

import anyio
import attrs
import pytest
from support import counts
from support.chaos import Chaos, Plan
from support.crowd import WORKERS, crowd, text
from support.front import NAMES, Front

from alive5 import Alive5Error, RetryPolicy

POLICY = RetryPolicy(attempts=2, initial=0.01, maximum=0.02)
SETTLING = 500


@attrs.frozen
class Census:
    """What a process holds."""

    descriptors: int
    threads: int
    tasks: int


def census(front: Front) -> Census:
    gc.collect()
    tasks = 0 if front.is_blocking else len(anyio.get_running_tasks())
    return Census(len(os.listdir("/dev/fd")), threading.active_count(), tasks)


async def pause(front: Front, seconds: float) -> None:
    if front.is_blocking:
        threading.Event().wait(seconds)
    else:
        await anyio.sleep(seconds)


async def settled(front: Front, most: Census) -> Census:
    """
    Return the census once it is within *most*, or after some seconds as it is: closing takes a few turns of a loop.
    """
    for _ in range(SETTLING):
        found = census(front)
        if all(have <= may for have, may in zip(attrs.astuple(found), attrs.astuple(most), strict=True)):
            break
        await pause(front, 0.01)
    return census(front)


async def call(client: Any, token: str) -> None:
    if token.endswith("0"):
        await client.sms.send(**text(token))
    else:
        await client.call("GET", "/objects/tags/list", params={"token": token})


@pytest.mark.promise("L2")
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", NAMES)
def test_faulty_calls_leave_nothing_behind(chaos: Chaos, name: str) -> None:
    total, seed = counts.count(ci=170, full=1_670), counts.seed()
    front, failed = Front(name), Counter[str]()
    chaos.begin(Plan(seed=seed, share=0.8, early=0.05 if chaos.tls else 0))

    async def act(client: Any, token: str) -> None:
        try:
            await call(client, token)
        except Alive5Error as error:
            failed[type(error).__name__] += 1

    async def main() -> tuple[Census, Census, Census]:
        await pause(front, 0)
        before = census(front)
        client = front.client(**chaos.options(timeout=0.4, retry=POLICY, max_connections=WORKERS))
        await crowd(front, client, act, (f"token-{seed}-{number:06}" for number in range(total)))
        open_ones = attrs.evolve(before, descriptors=before.descriptors + WORKERS)
        used = await settled(front, open_ones)
        await client.aclose()
        return before, used, await settled(front, before)

    before, used, after = front.drive(main)
    assert before == after
    assert used.descriptors <= before.descriptors + WORKERS
    assert sum(failed.values()) > total / 4
    assert len(failed) > 2
    counts.measured(descriptors_left=after.descriptors - before.descriptors)
