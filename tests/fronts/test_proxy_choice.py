"""Which proxy is asked: the argument's, the environment's, and none for this machine."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from support.front import Front
from support.watch import shows_key
from support.wire_server import WireServer

from alive5 import NotSentError, RetryPolicy

KEY, URL = "ALIVE5_API_KEY", "ALIVE5_BASE_URL"


def read(client: Any) -> Any:
    return client.tags.list()


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (KEY, URL, "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "CGI_HTTP", "REQUEST_METHOD"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def through_proxy(front: Front, server: WireServer, **options: Any) -> list[str]:
    """
    Read once from a host nobody has; give what the proxy was asked.
    """
    server.answer = lambda heard: b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
    error = front.fails(
        NotSentError, read, **{"base_url": "https://api.example.com", "retry": RetryPolicy.none(), **options}
    )
    assert ("not_sent", "refused", True) == (error.outcome, error.reason, error.safe_to_repeat)
    assert not shows_key(server.bytes_seen.decode("latin-1"))
    return [heard.line for heard in server.heard]


CONNECT = "CONNECT api.example.com:443 HTTP/1.1"


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_the_environments_proxy_is_used(front: Front, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with WireServer() as server:
        monkeypatch.setenv(name, f"http://127.0.0.1:{server.port}")
        assert [CONNECT] == through_proxy(front, server)


def test_the_argument_is_asked_before_the_environment(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    with WireServer() as server, WireServer() as other:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{other.port}")
        assert [CONNECT] == through_proxy(front, server, proxy=f"127.0.0.1:{server.port}")
    assert [] == other.heard


def test_a_proxy_gets_its_own_password_and_no_key(front: Front) -> None:
    with WireServer() as server:
        through_proxy(front, server, proxy=f"http://ada:s3cret@127.0.0.1:{server.port}")
    assert ["Basic YWRhOnMzY3JldA=="] == [heard.headers.get("proxy-authorization") for heard in server.heard]


def unknown(host: str, *args: Any, **kwargs: Any) -> Any:
    raise socket.gaierror(socket.EAI_NONAME, "unknown host")


@pytest.mark.parametrize("rules", ["example.com,api.invalid", "*.invalid", "api.invalid:443"])
def test_no_proxy_is_heeded(front: Front, monkeypatch: pytest.MonkeyPatch, rules: str) -> None:
    with WireServer() as server:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{server.port}")
        monkeypatch.setenv("NO_PROXY", rules)
        monkeypatch.setattr(socket, "getaddrinfo", unknown)
        front.fails(NotSentError, read, base_url="https://api.invalid", retry=RetryPolicy.none())
    assert [] == server.heard


def test_this_machine_is_never_asked_through_a_proxy(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    with WireServer() as proxy, WireServer() as server:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        front.run(read, base_url=server.url)
        front.run(read, base_url=server.url.replace("127.0.0.1", "localhost"), proxy=f"http://127.0.0.1:{proxy.port}")
    assert (0, 2) == (len(proxy.heard), len(server.heard))
