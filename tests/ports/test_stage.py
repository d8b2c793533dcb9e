"""Did it leave? Each way to fail on a real socket, at the port and as a call ends over it."""

from __future__ import annotations

import datetime
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

import pytest
import trustme
from support.exchanges import attempt, authority, client_context, read, server_context, write
from support.front import Front
from support.loopback import Handle, Loopback, Peer

from alive5 import Timeout, errors
from alive5._port.asynchronous import AsyncPort
from alive5._port.blocking import BlockingPort
from alive5._port.settings import PortSettings
from alive5._sansio.origins import read_origins
from alive5._sansio.wire import Call, Failure

Place = Callable[[], AbstractContextManager[str]]


def send_once(front: Front, url: str, method: str, *, seconds: float = 20.0, connect: float = 5.0) -> tuple[Any, Call]:
    settings = PortSettings(origin=read_origins(url, None, {}).base, key=None, ssl_context=client_context())
    call = Call(operation="x", method=method, path="/x", content=b"{}", connect=connect)

    async def send() -> Any:
        port = BlockingPort(settings) if front.is_blocking else AsyncPort(settings)
        try:
            return await port.send(call, port.now() + seconds)
        finally:
            await port.aclose()

    return front.drive(send), call


@contextmanager
def refused() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    yield f"http://127.0.0.1:{port}"


@contextmanager
def full_backlog() -> Iterator[str]:
    with ExitStack() as stack:
        server = stack.enter_context(socket.socket())
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for _ in range(8):
            client = stack.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(server.getsockname())
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@contextmanager
def unknown_name() -> Iterator[str]:
    yield "https://unknown.invalid"


@contextmanager
def impossible_name() -> Iterator[str]:
    yield f"https://{'a' * 64}.invalid"


def serving(handle: Handle, *, tls: bool = False, early: bool = False) -> Place:
    @contextmanager
    def place() -> Iterator[str]:
        with Loopback(handle, tls=server_context() if tls or early else None, early=early) as server:
            yield server.url

    return place


def cut(peer: Peer) -> None:
    peer.sock.recv(16)


def reset_in_handshake(peer: Peer) -> None:
    peer.sock.recv(16)
    peer.reset()


def reset_before_reading(peer: Peer) -> None:
    peer.sock.recv(1, 0 if isinstance(peer.sock, ssl.SSLSocket) else socket.MSG_PEEK)
    peer.reset()


def reset_after_reading(peer: Peer) -> None:
    peer.read()
    peer.reset()


def end_after_reading(peer: Peer) -> None:
    peer.read()


def speak_plainly(peer: Peer) -> None:
    peer.sock.recv(16)
    peer.answer()


def hang(peer: Peer) -> None:
    peer.hang()


STAYED = {
    "refused": refused,
    "unknown name": unknown_name,
    "impossible name": impossible_name,
    "full backlog": full_backlog,
    "TLS cut": serving(cut, early=True),
    "TLS reset": serving(reset_in_handshake, early=True),
    "no TLS at all": serving(speak_plainly, early=True),
    "TLS hanging": serving(hang, early=True),
}
LEFT = {
    "reset before it was read": serving(reset_before_reading),
    "reset after it was read": serving(reset_after_reading),
    "end after it was read": serving(end_after_reading),
    "reset before it was read, TLS": serving(reset_before_reading, tls=True),
    "reset after it was read, TLS": serving(reset_after_reading, tls=True),
    "end after it was read, TLS": serving(end_after_reading, tls=True),
}


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Let no name look-up leave this machine.
    """
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host in ("unknown.invalid", b"unknown.invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("case", STAYED)
def test_it_never_left(front: Front, case: str, method: str) -> None:
    with STAYED[case]() as url:
        answer, call = send_once(front, url, method, connect=0.2)
    assert isinstance(answer, Failure)
    assert (answer.left, call.departure.left) == (False, False)


@pytest.mark.parametrize("scenario", [read, write])
@pytest.mark.parametrize("case", STAYED)
def test_what_never_left_is_repeated_and_then_not_sent(front: Front, case: str, scenario: Any) -> None:
    with STAYED[case]() as url:
        options = {"timeout": Timeout(total=20.0, connect=0.2), "ssl_context": client_context()}
        result = attempt(front, scenario, url, **options)
    assert type(result.error) is errors.NotSentError
    assert (result.error.attempts, result.outcomes) == (3, ["not_sent"] * 3)
    assert result.error.reason == ("timeout" if case in ("full backlog", "TLS hanging") else "refused")
    assert isinstance(result.error.__cause__, errors.Cause | None)
    assert result.error.__context__ is None


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("case", LEFT)
def test_it_may_have_left(front: Front, case: str, method: str) -> None:
    with LEFT[case]() as url:
        answer, call = send_once(front, url, method)
    assert isinstance(answer, Failure)
    assert (answer.left, call.departure.left) == (True, True)


@pytest.mark.parametrize("case", LEFT)
def test_what_may_have_left_is_repeated_only_when_it_reads(front: Front, case: str) -> None:
    with LEFT[case]() as url:
        result = attempt(front, read, url, ssl_context=client_context())
        assert type(result.error) is errors.TransportError
        assert (result.error.reason, result.error.attempts) == ("disconnected", 3)
        result = attempt(front, write, url, ssl_context=client_context())
        assert type(result.error) is errors.OutcomeUnknownError
        assert (result.error.reason, result.error.attempts) == ("disconnected", 1)


def test_a_silent_server_is_a_timeout(front: Front) -> None:
    with Loopback(hang) as server:
        limits = Timeout(total=20.0, read=0.1)
        result = attempt(front, read, server.url, timeout=limits)
        assert type(result.error) is errors.TimedOutError
        assert (result.error.reason, result.error.attempts) == ("timeout", 3)
        result = attempt(front, write, server.url, timeout=limits)
        assert type(result.error) is errors.OutcomeUnknownError
        assert (result.error.reason, result.error.attempts) == ("timeout", 1)


def _expired() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    past = datetime.datetime(2020, 1, 2, tzinfo=datetime.timezone.utc)
    authority().issue_cert("127.0.0.1", not_before=past - datetime.timedelta(1), not_after=past).configure_cert(context)
    return context


def _untrusted() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    return context


CERTIFICATES = {"other name": lambda: server_context("elsewhere.example"), "expired": _expired, "untrusted": _untrusted}


@pytest.mark.parametrize("scenario", [read, write])
@pytest.mark.parametrize("case", CERTIFICATES)
def test_a_certificate_that_is_not_valid_is_never_tried_again(front: Front, case: str, scenario: Any) -> None:
    with Loopback(tls=CERTIFICATES[case]()) as server:
        result = attempt(front, scenario, server.url, ssl_context=client_context())
        assert type(result.error) is errors.NotSentError
        assert "certificate" in str(result.error)
        assert (result.error.attempts, server.connections, server.requests) == (1, 1, [])
