"""Through a proxy: what it may see, and what its failures mean for the request behind it."""

from __future__ import annotations

import contextlib
import importlib.util
import itertools
import socket
from collections.abc import Callable
from typing import Any

import pytest
from support.exchanges import attempt, client_context, read, server_context, write
from support.front import Front
from support.loopback import Loopback, Peer, serve_ok
from support.watch import CANARY

from alive5 import Alive5, AsyncAlive5, Timeout, errors

TARGET = "https://api.proxied.example/public/1.0"
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


def tunnel(behind: Callable[[Peer], object], *names: str) -> Callable[[Peer], object]:
    """
    Return a proxy that accepts CONNECT and is itself what stands behind it.
    """

    def handle(peer: Peer) -> None:
        request = peer.read()
        if request is None:
            return
        assert request.method == "CONNECT"
        assert "x-a5-apikey" not in request.headers
        peer.send(ESTABLISHED)
        with server_context(*(names or ("api.proxied.example",))).wrap_socket(peer.sock, server_side=True) as inner:
            behind(Peer(inner, peer.server))

    return handle


def relay(port: int) -> Callable[[Peer], object]:
    """
    Return a proxy that passes bytes on to a port of this machine.
    """

    def handle(peer: Peer) -> None:
        peer.read()
        peer.send(ESTABLISHED)
        with socket.create_connection(("127.0.0.1", port)) as target:
            peer.sock.settimeout(0.005)
            target.settimeout(0.005)
            for source, sink in itertools.cycle(((peer.sock, target), (target, peer.sock))):
                with contextlib.suppress(TimeoutError):
                    data = source.recv(65536)
                    if not data:
                        return
                    sink.sendall(data)

    return handle


def refuse(status: str) -> Callable[[Peer], object]:
    def handle(peer: Peer) -> None:
        if peer.read():
            peer.answer(b"", status)

    return handle


def cut_at_once(peer: Peer) -> None:
    peer.reset()


def cut_after_connect(peer: Peer) -> None:
    peer.read()


def reset_after_connect(peer: Peer) -> None:
    peer.read()
    peer.reset()


def speak_garbage(peer: Peer) -> None:
    peer.read()
    peer.send(b"no such thing\r\n\r\n")


def hang(peer: Peer) -> None:
    peer.hang()


def cut_in_handshake(peer: Peer) -> None:
    peer.read()
    peer.send(ESTABLISHED)
    peer.sock.recv(16)


def end_after_reading(peer: Peer) -> None:
    peer.read()


STAYED = {
    "403": refuse("403 Forbidden"),
    "407": refuse("407 Proxy Authentication Required"),
    "502": refuse("502 Bad Gateway"),
    "reset at once": cut_at_once,
    "ended after CONNECT": cut_after_connect,
    "reset after CONNECT": reset_after_connect,
    "garbage": speak_garbage,
    "hanging": hang,
    "cut in the handshake": cut_in_handshake,
}


def through(front: Front, scenario: Any, server: Loopback, **options: Any) -> Any:
    options = {"proxy": f"http://127.0.0.1:{server.port}", "ssl_context": client_context(), **options}
    return attempt(front, scenario, TARGET, **options)


def methods(server: Loopback) -> list[str]:
    return [request.method for request in server.requests]


def test_a_proxy_sees_neither_key_nor_request(front: Front) -> None:
    async def calls(client: Any) -> None:
        await read(client)
        await read(client)
        await write(client)

    with Loopback(tunnel(serve_ok)) as server:
        assert through(front, calls, server).error is None
    assert methods(server) == ["CONNECT", "GET", "GET", "CONNECT", "POST"]
    assert [request.headers.get("x-a5-apikey") for request in server.requests[:2]] == [None, CANARY]
    assert {request.target for request in server.requests if request.method == "CONNECT"} == {"api.proxied.example:443"}


def test_a_proxy_may_be_spoken_to_over_tls(front: Front) -> None:
    with (
        Loopback(tls=server_context("api.proxied.example")) as target,
        Loopback(relay(target.port), tls=server_context()) as server,
    ):
        proxy = f"https://127.0.0.1:{server.port}"
        assert through(front, read, server, proxy=proxy).error is None
        assert through(front, write, server, proxy=proxy).error is None
        assert (methods(server), methods(target)) == (["CONNECT"] * 2, ["GET", "POST"])


def test_a_proxy_is_told_who_asks(front: Front) -> None:
    with Loopback(tunnel(serve_ok)) as server:
        through(front, read, server, proxy=f"http://user:word@127.0.0.1:{server.port}")
    assert [request.headers.get("proxy-authorization") for request in server.requests] == ["Basic dXNlcjp3b3Jk", None]


@pytest.mark.parametrize("scenario", [read, write])
@pytest.mark.parametrize("case", STAYED)
def test_nothing_leaves_past_a_failing_proxy(front: Front, case: str, scenario: Any) -> None:
    with Loopback(STAYED[case]) as server:
        result = through(front, scenario, server, timeout=Timeout(total=20.0, connect=0.2, read=0.2))
        assert type(result.error) is errors.NotSentError
        assert (result.error.attempts, result.outcomes) == (3, ["not_sent"] * 3)
        assert set(methods(server)) <= {"CONNECT"}


def test_what_left_through_a_proxy_may_have_arrived(front: Front) -> None:
    with Loopback(tunnel(end_after_reading)) as server:
        assert type(through(front, write, server).error) is errors.OutcomeUnknownError
        assert methods(server) == ["CONNECT", "POST"]
        assert type(through(front, read, server).error) is errors.TransportError
        assert methods(server)[2:] == ["CONNECT", "GET"] * 3


def test_a_certificate_behind_a_proxy_is_checked(front: Front) -> None:
    with Loopback(tunnel(serve_ok, "elsewhere.example")) as server:
        result = through(front, write, server)
        assert type(result.error) is errors.NotSentError
        assert (result.error.attempts, methods(server)) == (1, ["CONNECT"])


@pytest.fixture
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


def test_the_environment_names_a_proxy(front: Front, no_proxies: pytest.MonkeyPatch) -> None:
    with Loopback(tunnel(serve_ok)) as server:
        no_proxies.setenv("HTTPS_PROXY", f"127.0.0.1:{server.port}")
        assert attempt(front, read, TARGET, ssl_context=client_context()).error is None
        assert methods(server) == ["CONNECT", "GET"]


def test_this_machine_is_never_proxied(front: Front, no_proxies: pytest.MonkeyPatch) -> None:
    with Loopback(cut_at_once) as proxy, Loopback() as server:
        no_proxies.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        no_proxies.setenv("ALL_PROXY", f"http://127.0.0.1:{proxy.port}")
        assert attempt(front, read, server.url).error is None
        assert (proxy.connections, server.connections) == (0, 1)


@pytest.mark.parametrize("kind", [Alive5, AsyncAlive5])
def test_a_proxy_without_its_means_is_refused_at_once(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr("alive5._port.proxy.find_spec", lambda name: None if name == "socksio" else real(name))
    with pytest.raises(errors.ConfigurationError, match="socks"):
        kind(CANARY, proxy="socks5://127.0.0.1:1080")


@pytest.mark.parametrize("kind", [Alive5, AsyncAlive5])
@pytest.mark.parametrize("proxy", ["ftp://127.0.0.1:1", "http://", "http://127.0.0.1:port", "\x00"])
def test_what_is_no_proxy_is_refused_at_once(kind: Any, proxy: str) -> None:
    with pytest.raises(errors.ConfigurationError, match="proxy"):
        kind(CANARY, proxy=proxy)
