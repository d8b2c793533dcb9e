"""Whatever breaks: a write is delivered at most once, and the word about it is true."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
from fronts.front import Front
from ports.certificates import client_context, server_context
from ports.exchanges import QUICK, attempt, read, write_as
from ports.faulty import AMBIGUOUS, Faulty
from ports.loopback import Loopback, Peer
from ports.seeded import Seeded

from alive5 import RetryPolicy, Timeout, errors
from alive5._port.threads import BlockingVerbs
from alive5._port.verbs import AsyncVerbs

SENDS = 200


def in_parallel(front: Front, scenario: Any, items: list[Any], limit: int, url: str, **options: Any) -> list[Any]:
    """
    Run the scenario for each item over one client, *limit* at once.
    """
    verbs = BlockingVerbs() if front.is_blocking else AsyncVerbs()

    async def all_of(client: Any) -> Any:
        return await verbs.fan_out(lambda item: scenario(client, item), items, limit)

    result = attempt(front, all_of, url, **options)
    assert result.error is None
    found: list[Any] = result.value
    return found


async def send(client: Any, token: str) -> tuple[str, str]:
    try:
        await write_as(token)(client)
    except errors.Alive5Error as error:
        return f"token-{token}", error.outcome
    return f"token-{token}", "accepted"


@pytest.mark.parametrize("tls", [False, True], ids=["http", "tls"])
@pytest.mark.parametrize("turn", range(3))
def test_every_word_about_a_write_is_true(front: Front, turn: int, tls: bool, seeded: Seeded) -> None:
    faulty = Faulty(seeded.randrange(1_000_000) + turn)
    count = SENDS // 2
    with Loopback(faulty, tls=server_context() if tls else None) as server:
        options = {
            "retry": QUICK,
            "timeout": Timeout(total=10.0, read=0.5),
            "max_connections": 6,
            "ssl_context": client_context(),
        }
        words = in_parallel(front, send, [str(number) for number in range(count)], 8, server.url, **options)
    assert len(words) == count
    assert max(faulty.delivered.values()) == 1
    for token, word in words:
        faults, delivered = faulty.faults[token], faulty.delivered[token]
        if word == "accepted":
            assert delivered == 1
        elif word in ("rejected", "not_sent"):
            assert delivered == 0
        else:
            assert word == "unknown"
            # A reset before reading comes before the token is known, at the first attempt or after a 429.
            assert not faults or faults[-1] in {*AMBIGUOUS, "429"}
        if faults and faults[-1] in ("none", "sliced", "some 1xx", "dripped"):
            assert word == "accepted"
    assert {word for _, word in words} == {"accepted", "rejected", "unknown"}


def impatient(seed: int) -> Any:
    chance = random.Random(seed)

    def handle(peer: Peer) -> None:
        while request := peer.read():
            peer.answer_data([{"tag_label": request.token}])
            if chance.random() < 0.5:
                time.sleep(chance.random() * 0.002)
                return

    return handle


def test_a_server_that_drops_idle_connections_is_no_trouble(front: Front, seeded: Seeded) -> None:
    async def call(client: Any, number: int) -> str:
        if number % 2:
            await read(client)
            return "read"
        return (await send(client, str(number)))[1]

    with Loopback(impatient(seeded.seed_value)) as server:
        options = {"retry": RetryPolicy(attempts=8, initial=0.001, maximum=0.002, budget=5000), "max_connections": 4}
        words = in_parallel(front, call, list(range(600)), 4, server.url, **options)
    assert ["accepted", "read"] * 300 == words
    tokens = [request.token for request in server.requests if request.method == "POST"]
    assert len(set(tokens)) == len(tokens) == 300
