"""
S4: a write never rides an idle connection.

The server closes each connection some moments after an answer, as servers and
gateways do; a write that left on such a connection could only be called unknown.
"""

from __future__ import annotations

import random
from typing import Any

import anyio
import pytest
from support import counts
from support.chaos import Chaos, Plan
from support.crowd import crowd, text
from support.front import NAMES, Front

IDLE = 0.004


@pytest.mark.promise("S4")
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", NAMES)
def test_connections_closed_at_random_cause_no_unknown(chaos: Chaos, name: str) -> None:
    total, seed = counts.count(ci=50, full=500), counts.seed()
    front, rng = Front(name), random.Random(seed)
    chaos.begin(Plan(seed=seed, share=0, idle=IDLE))

    async def act(client: Any, number: int) -> None:
        await client.tags.list()
        if not front.is_blocking:
            await anyio.sleep(rng.uniform(0, IDLE))
        sent = await client.sms.send(**text(f"token-idle-{number}", number))
        assert sent.new_thread.thread_id

    front.run(lambda client: crowd(front, client, act, range(total), workers=2), **chaos.options())
    assert {f"token-idle-{number}": 1 for number in range(total)} == chaos.delivered()
    writes = [struck.connection for struck in chaos.log() if struck.token]
    assert total == len(set(writes)) == len(writes)
