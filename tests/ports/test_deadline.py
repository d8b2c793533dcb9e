"""One deadline over everything: each server here would hold a call for ever."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from typing import Any

import anyio
import pytest
from support.exchanges import NUMBERS, attempt, client_context, read, server_context, write
from support.front import Front
from support.loopback import OK, Loopback, Peer, head
from support.watch import CANARY

from alive5 import Alive5, AsyncAlive5, RetryPolicy, Timeout, errors

# A second: a loaded machine takes a while for a connection and its handshake, and the request has to leave.
SHORT = Timeout(total=1.0, connect=30.0, read=30.0)


def slowly(data: bytes) -> list[bytes]:
    return [data[at : at + 1] for at in range(len(data))]


def hang(peer: Peer) -> None:
    peer.hang()


def drip_head(peer: Peer) -> None:
    peer.read()
    peer.drip(itertools.chain(slowly(head()), itertools.repeat(b"X-Slow: 1\r\n")), 0.05)


def drip_body(peer: Peer) -> None:
    peer.read()
    peer.send(head("200 OK", "Content-Length: 1000000"))
    peer.drip(itertools.repeat(b" "), 0.05)


def drip_chunks(peer: Peer) -> None:
    peer.read()
    peer.send(head("200 OK", "Transfer-Encoding: chunked"))
    peer.drip(itertools.repeat(b"1\r\n \r\n"), 0.05)


def drip_1xx(peer: Peer) -> None:
    peer.read()
    peer.drip(itertools.repeat(b"HTTP/1.1 103 Early Hints\r\n\r\n"), 0.05)


def flood_1xx(peer: Peer) -> None:
    peer.read()
    while True:
        peer.send(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 500)


def drip_refusal(peer: Peer) -> None:
    peer.read()
    peer.send(head("403 Forbidden", "Content-Length: 1000000"))
    peer.drip(itertools.repeat(b" "), 0.05)


def drip_tls_record(peer: Peer) -> None:
    peer.sock.recv(65536)
    peer.drip(slowly(b"\x16\x03\x03\x40\x00" + bytes(0x4000)), 0.05)


LEFT: dict[str, Callable[[Peer], None]] = {
    "hanging": hang,
    "dripping head": drip_head,
    "dripping body": drip_body,
    "dripping chunks": drip_chunks,
    "dripping 1xx": drip_1xx,
    "flooding 1xx": flood_1xx,
}
HANDSHAKES: dict[str, Callable[[Peer], None]] = {"hanging handshake": hang, "dripping handshake": drip_tls_record}


PLACES = [*((case, False) for case in LEFT), ("hanging", True), ("dripping head", True), ("dripping body", True)]


@pytest.mark.promise("T1")
@pytest.mark.timeout(30)
@pytest.mark.parametrize(("case", "tls"), PLACES)
def test_a_call_ends_with_its_deadline(front: Front, case: str, tls: bool) -> None:
    with Loopback(LEFT[case], tls=server_context() if tls else None) as server:
        options: dict[str, Any] = {"timeout": SHORT, "ssl_context": client_context()}
        result = attempt(front, read, server.url, **options)
        assert type(result.error) is errors.TimedOutError
        assert (result.error.reason, result.outcomes) == ("timeout", ["unknown"])
        result = attempt(front, write, server.url, **options)
        assert type(result.error) is errors.OutcomeUnknownError
        assert (result.error.reason, result.outcomes) == ("timeout", ["unknown"])
        assert server.connections == 2


def sip(peer: Peer) -> None:
    while not peer.server.stopping.wait(0.05):
        peer.sock.recv(1000)


@pytest.mark.promise("T1")
@pytest.mark.timeout(30)
@pytest.mark.parametrize("tls", [False, True], ids=["http", "tls"])
def test_a_server_that_hardly_reads_holds_nobody_up(front: Front, tls: bool) -> None:
    async def write_much(client: Any) -> Any:
        return await client.call("POST", "/much", body={"text": "x" * 16_000_000})

    with Loopback(sip, tls=server_context() if tls else None) as server:
        result = attempt(front, write_much, server.url, timeout=SHORT, ssl_context=client_context())
        assert type(result.error) is errors.OutcomeUnknownError
        assert (result.error.reason, result.outcomes) == ("timeout", ["unknown"])


@pytest.mark.promise("T1")
@pytest.mark.timeout(30)
@pytest.mark.parametrize("scenario", [read, write])
@pytest.mark.parametrize("case", HANDSHAKES)
def test_a_slow_handshake_ends_with_the_deadline(front: Front, case: str, scenario: Any) -> None:
    with Loopback(HANDSHAKES[case], tls=server_context(), early=True) as server:
        result = attempt(front, scenario, server.url, timeout=SHORT, ssl_context=client_context())
        assert type(result.error) is errors.NotSentError
        assert (result.error.reason, result.outcomes, server.connections) == ("timeout", ["not_sent"], 1)


@pytest.mark.timeout(30)
def test_a_status_that_came_in_time_is_kept(front: Front) -> None:
    with Loopback(drip_refusal) as server:
        result = attempt(front, write, server.url, timeout=SHORT)
        assert type(result.error) is errors.PermissionDeniedError
        assert (result.error.outcome, result.outcomes) == ("rejected", ["rejected"])


@pytest.mark.timeout(30)
def test_attempts_share_one_deadline(front: Front) -> None:
    with Loopback(hang) as server:
        result = attempt(
            front, read, server.url, timeout=Timeout(total=1.0, read=0.15), retry=RetryPolicy(attempts=90, initial=0)
        )
        assert isinstance(result.error, (errors.TimedOutError, errors.NotSentError))
        assert (result.error.reason, result.error.attempts < 20) == ("timeout", True)


def answer_when_told(told: threading.Event) -> Callable[[Peer], None]:
    def handle(peer: Peer) -> None:
        while peer.read():
            told.wait(20)
            peer.answer(OK)

    return handle


@pytest.mark.timeout(30)
def test_a_blocking_call_waits_for_a_place_until_its_deadline() -> None:
    told = threading.Event()
    with (
        Loopback(answer_when_told(told)) as server,
        Alive5(CANARY, base_url=server.url, max_connections=1) as client,
    ):
        first = threading.Thread(target=client.tags.list)
        first.start()
        while not server.requests:
            pass
        with pytest.raises(errors.NotSentError) as caught:
            client.with_options(timeout=0.2).sms.push(**NUMBERS, message="hi")
        assert (caught.value.reason, caught.value.attempts) == ("timeout", 1)
        told.set()
        first.join(10)
        client.tags.list()
        assert (len(server.requests), server.connections) == (2, 1)


@pytest.mark.timeout(30)
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_an_asynchronous_call_waits_for_a_place_until_its_deadline(backend: str) -> None:
    told = threading.Event()

    async def main(server: Loopback) -> None:
        async with AsyncAlive5(CANARY, base_url=server.url, max_connections=1) as client:
            async with anyio.create_task_group() as group:
                group.start_soon(client.tags.list)
                while not server.requests:
                    await anyio.sleep(0.001)
                with pytest.raises(errors.NotSentError) as caught:
                    await client.with_options(timeout=0.2).sms.push(**NUMBERS, message="hi")
                assert (caught.value.reason, caught.value.attempts) == ("timeout", 1)
                told.set()
            await client.tags.list()
            assert (len(server.requests), server.connections) == (2, 1)

    with Loopback(answer_when_told(told)) as server:
        anyio.run(main, server, backend=backend)
