"""Which connections are used again: those of reads, and only when nothing is left on them."""

from __future__ import annotations

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
