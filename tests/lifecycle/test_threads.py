"""One blocking client in many threads, closed under their feet, and inside a running loop."""

from __future__ import annotations

import asyncio
import random
import threading
from typing import Any

import pytest
from support.cancelling import nothing_left_open
from support.counts import Seeded
from support.exchanges import client_context, server_context
from support.loopback import Loopback
from support.watch import CANARY

from alive5 import Alive5, errors


def in_threads(count: int, work: Any) -> list[BaseException]:
    wrong: list[BaseException] = []

    def run(number: int) -> None:
        try:
            work(number)
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return wrong


def echo(client: Alive5, token: str, *, write: bool = False) -> str:
    data = (
        client.call("POST", "/echo", body={"text": token})
        if write
        else client.call("GET", "/echo", params={"t": token})
    )
    return str(data[0]["tag_label"])


@pytest.mark.promise("L3")
@pytest.mark.parametrize("places", [4, 64])
def test_each_thread_gets_its_own_answers(any_server: Loopback, places: int) -> None:
    def work(number: int) -> None:
        for turn in range(20):
            token = f"token-{number}-{turn}"
            assert token == echo(client, token, write=turn % 5 == 4)

    with Alive5(CANARY, base_url=any_server.url, max_connections=places, ssl_context=client_context()) as client:
        assert in_threads(64, work) == []
    assert len(set(any_server.tokens())) == len(any_server.requests) == 64 * 20
    reading = any_server.connections - 64 * 4
    assert 1 <= reading <= places


def test_closing_under_load_ends_every_call_in_a_known_way(seeded: Seeded) -> None:
    def round_of(server: Loopback, chance: random.Random) -> None:
        client = Alive5(CANARY, base_url=server.url, max_connections=3)

        def work(number: int) -> None:
            if number == 0:
                started.wait(10)
                client.close()
                return
            try:
                for turn in range(50):
                    token = f"token-{number}-{turn}"
                    assert token == echo(client, token, write=turn % 3 == 2)
                    if turn == pause:
                        started.set()
            except (errors.ClientClosedError, errors.NotSentError):
                started.set()

        started, pause = threading.Event(), chance.randrange(10)
        assert in_threads(9, work) == []
        with pytest.raises(errors.ClientClosedError):
            client.tags.list()

    with Loopback() as server, nothing_left_open(server):
        for _ in range(12):
            round_of(server, seeded)


@pytest.mark.promise("L3")
@pytest.mark.parametrize("tls", [False, True])
def test_a_blocking_client_works_inside_a_running_loop(tls: bool) -> None:
    async def main(url: str) -> None:
        with Alive5(CANARY, base_url=url, ssl_context=client_context()) as client:
            assert echo(client, "token-1") == "token-1"
            assert await asyncio.to_thread(echo, client, "token-2", write=True) == "token-2"

    with Loopback(tls=server_context() if tls else None) as server:
        asyncio.run(main(server.url))
