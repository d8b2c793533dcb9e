"""A 2xx that came before a write was sent whole answers something else: its outcome is unknown."""

from __future__ import annotations

import ssl
import threading
from typing import Any

import pytest
from support.exchanges import attempt, authority, client_context, read, server_context, write
from support.front import Front
from support.loopback import Loopback, Peer

from alive5 import errors
from alive5._port.trace import ExchangeTrace

# More than the buffers of a loopback connection hold, so that the answer is there before the last byte is written.
LARGE = {"text": "x" * (16 * 1024 * 1024)}
SENT = b'{"code":200,"data":{"thread_id":"t"},"error":null}'


def answer_and_close(peer: Peer) -> None:
    peer.sock.recv(1024)
    peer.answer(SENT, "200 OK", "Connection: close")


async def large(client: Any) -> Any:
    return await client.call("POST", "x", body=LARGE)


@pytest.mark.promise("S2")
@pytest.mark.parametrize("tls", [False, True], ids=["http", "tls"])
def test_a_success_before_the_end_of_a_write_is_unknown(front: Front, tls: bool) -> None:
    with Loopback(answer_and_close, tls=server_context() if tls else None) as server:
        result = attempt(front, large, server.url, ssl_context=client_context())
    assert type(result.error) is errors.OutcomeUnknownError
    assert ["unknown"] == result.outcomes


@pytest.mark.parametrize(("scenario", "outcome"), [(read, "accepted"), (write, "unknown")])
def test_a_success_that_waits_before_the_body_is_written_is_unknown(
    front: Front, monkeypatch: pytest.MonkeyPatch, scenario: Any, outcome: str
) -> None:
    sent, note = threading.Event(), ExchangeTrace.note

    def answer_at_once(peer: Peer) -> None:
        peer.answer(SENT if scenario is write else b'{"code":200,"data":[],"error":null}')
        sent.set()
        peer.hang()

    def note_late(trace: ExchangeTrace, name: str, info: dict[str, Any]) -> None:
        if name.endswith("send_request_headers.started"):
            assert sent.wait(10)
        note(trace, name, info)

    monkeypatch.setattr(ExchangeTrace, "note", note_late)
    with Loopback(answer_at_once) as server:
        assert [outcome] == attempt(front, scenario, server.url).outcomes


def slow_but_whole(peer: Peer) -> None:
    while peer.read():
        peer.answer(SENT)


@pytest.mark.parametrize("tls", [None, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["http", "1.2", "1.3"])
def test_a_write_that_was_read_whole_is_accepted(front: Front, tls: ssl.TLSVersion | None) -> None:
    context = None
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = context.maximum_version = tls
        authority().issue_cert("127.0.0.1").configure_cert(context)
    with Loopback(slow_but_whole, tls=context) as server:
        for scenario in (write, large):
            assert ["accepted"] == attempt(front, scenario, server.url, ssl_context=client_context()).outcomes
