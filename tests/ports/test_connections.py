"""Which connections are used again: those of reads, and only when nothing is left on them."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from support.exchanges import attempt, client_context, read, server_context, write
from support.front import Front
from support.loopback import Loopback, Peer, head, serve_ok


@pytest.mark.parametrize("tls", [False, True], ids=["http", "tls"])
def test_reads_share_a_connection_and_writes_have_their_own(front: Front, tls: bool) -> None:
    async def calls(client: Any) -> None:
        for _ in range(5):
            await read(client)
            await write(client)

    with Loopback(serve_ok, tls=server_context() if tls else None) as server:
        result = attempt(front, calls, server.url, ssl_context=client_context())
        assert (result.error, result.outcomes) == (None, ["accepted"] * 10)
        assert server.connections == 6


def together(peer: Peer) -> None:
    if peer.read():
        answer = head("200 OK", "Content-Length: 46") + b'{"code":200,"data":[{"tag_label":"right 1"}]} '
        peer.send(answer + answer.replace(b"right 1", b"wrong 1"))
        peer.read()


def test_an_answer_nobody_asked_for_is_not_taken_for_the_next(front: Front) -> None:
    async def calls(client: Any) -> Any:
        return [await read(client) for _ in range(5)]

    with Loopback(together) as server:
        assert [["right 1"]] * 5 == attempt(front, calls, server.url).value
        assert server.connections == 5


def test_an_answer_that_comes_before_the_next_request_is_not_taken_for_its_own(front: Front) -> None:
    sent = threading.Event()

    def late(peer: Peer) -> None:
        if not peer.read():
            return
        answer = head("200 OK", "Content-Length: 46") + b'{"code":200,"data":[{"tag_label":"right 1"}]} '
        peer.send(answer)
        time.sleep(0.02)  # the client has read the answer, and put the connection by
        peer.send(answer.replace(b"right 1", b"wrong 1"))
        sent.set()
        peer.read()

    async def calls(client: Any) -> Any:
        found = []
        for _ in range(3):
            found.append(await read(client))
            sent.wait(5)
            sent.clear()
        return found

    with Loopback(late) as server:
        assert [["right 1"]] * 3 == attempt(front, calls, server.url).value
        assert server.connections == 3
