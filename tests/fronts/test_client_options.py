"""Making, changing and closing clients."""

from __future__ import annotations

from typing import Any

import pytest
from support.front import Front
from support.scripted import TEXT, reply
from support.watch import CANARY
from support.wire_server import WireServer

from alive5 import ConfigurationError, InvalidArgumentError

TAGS = reply([{"tag_id": "1"}])
KEY, URL = "ALIVE5_API_KEY", "ALIVE5_BASE_URL"
OTHER = "test_key_of_the_environment"


def read(client: Any) -> Any:
    return client.tags.list()


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (KEY, URL, "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "CGI_HTTP", "REQUEST_METHOD"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def make(front: Front, **options: Any) -> str:
    """
    Make a client, close it, and give its repr.
    """

    async def main() -> str:
        async with front.bare_client(**options) as client:
            return repr(client)

    return front.drive(main)


@pytest.mark.parametrize("empty", [None, "", b"test_key", 7, False])
def test_an_explicit_key_of_nothing_never_falls_back(front: Front, monkeypatch: pytest.MonkeyPatch, empty: Any) -> None:
    monkeypatch.setenv(KEY, OTHER)
    for options in ({}, {"port": front.port()}):
        with pytest.raises(ConfigurationError, match="api_key is empty"):
            make(front, api_key=empty, **options)


@pytest.mark.parametrize("missing", [None, ""])
def test_without_any_key_there_is_no_client(front: Front, monkeypatch: pytest.MonkeyPatch, missing: str | None) -> None:
    if missing is not None:
        monkeypatch.setenv(KEY, missing)
    with pytest.raises(ConfigurationError, match="pass api_key or set ALIVE5_API_KEY"):
        make(front)
    assert make(front, port=front.port())


WRONG_KEYS = (" ", "two words", "line\n", "test_key\r\nX-Evil: 1", "schlüssel", "k" * 513, "\x01", "\x7f")


@pytest.mark.parametrize("wrong", WRONG_KEYS)
@pytest.mark.parametrize("from_environment", [False, True])
def test_a_key_that_cannot_be_one_is_refused_without_echo(
    front: Front, monkeypatch: pytest.MonkeyPatch, wrong: str, from_environment: bool
) -> None:
    monkeypatch.setenv(KEY, wrong)
    options = {} if from_environment else {"api_key": wrong}
    with pytest.raises(ConfigurationError) as caught:
        make(front, **options)
    assert "api_key must be 1 to 512 printable ASCII characters without spaces" == str(caught.value)


def test_the_argument_wins_over_the_environment(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, OTHER)
    with WireServer() as server:
        front.run(read, **front.real(server.url))

        async def main() -> None:
            async with front.bare_client(base_url=server.url) as client:
                await read(client)

        front.drive(main)
    assert [CANARY, OTHER] == [heard.headers["x-a5-apikey"] for heard in server.heard]


def test_the_base_url_comes_from_the_argument_then_the_environment(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    with WireServer() as first, WireServer() as second:
        monkeypatch.setenv(URL, first.url + "/")
        front.run(read)
        front.run(read, base_url=second.url)
    line = "GET /public/1.0/objects/tags/list HTTP/1.1"
    assert ([line], [line]) == ([h.line for h in first.heard], [h.line for h in second.heard])


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (None, "https://api.alive5.com/public/1.0"),
        ("https://api-v2.alive5.com/public/1.0/", "https://api-v2.alive5.com/public/1.0"),
        ("https://api.example.com:8443", "https://api.example.com:8443"),
        ("http://localhost:8000/x", "http://localhost:8000/x"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_repr_shows_the_base_url_and_no_key(front: Front, url: str | None, shown: str) -> None:
    name = "Alive5" if front.is_blocking else "AsyncAlive5"
    assert f"<{name} {shown}>" == make(front, api_key=CANARY, base_url=url)


@pytest.mark.parametrize(
    "url",
    [
        *("http://api.alive5.com", "ftp://127.0.0.1", "//127.0.0.1", "127.0.0.1", "https://", "https:///x", ""),
        *("https://user@api.alive5.com", "https://user:pass@api.alive5.com", "https://api.alive5.com@evil.example"),
        *("https://api.alive5.com?x=1", "https://api.alive5.com#x", "https://api.alive5.com/../x", "https://a/%2e%2e/"),
        *(
            "https://api.alive5.com\\@evil.example",
            "https://api alive5.com",
            "https://a.example\r\n",
            "https://ä.example",
        ),
        *("https://a:99999", "https://a:b", "https://[::1", "http://127.0.0.1.evil.example", 7, b"https://a"),
    ],
)
def test_a_base_url_that_could_mislead_is_refused(front: Front, url: Any) -> None:
    with pytest.raises(ConfigurationError):
        make(front, api_key=CANARY, base_url=url)


@pytest.mark.parametrize(
    ("options", "argument"),
    [
        ({"body_format": "xml"}, "body_format"),
        ({"retry": 3}, "retry"),
        ({"timeout": "60"}, "timeout"),
        ({"timeout": True}, "timeout"),
        ({"timeout": 0}, "timeout"),
        ({"timeout": float("inf")}, "timeout"),
        ({"tz": "Mars/Base"}, "tz"),
        ({"tz": ""}, "tz"),
        ({"tz": 7}, "tz"),
        ({"max_connections": 0}, "max_connections"),
        ({"max_connections": 1.5}, "max_connections"),
        ({"ssl_context": "default"}, "ssl_context"),
        ({"org_name": ""}, "org_name"),
    ],
)
def test_a_wrong_option_is_named(front: Front, options: dict[str, Any], argument: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        make(front, api_key=CANARY, **options)
    assert argument == caught.value.argument


@pytest.mark.parametrize("wrong", ["mailto:x", "http://[::1", "gopher://proxy.example"])
def test_a_proxy_that_is_none_is_refused(front: Front, wrong: str) -> None:
    with pytest.raises(ConfigurationError):
        make(front, api_key=CANARY, base_url="https://api.example.com", proxy=wrong)


@pytest.mark.parametrize("body_format", ["json", "multipart"])
def test_the_body_format_can_be_chosen(front: Front, body_format: str) -> None:
    with WireServer() as server:
        front.run(lambda client: client.sms.send(**TEXT), **front.real(server.url, body_format=body_format))
    heard = server.heard[0]
    kind = "application/json" if body_format == "json" else "multipart/form-data; boundary="
    assert heard.headers["content-type"].startswith(kind)
    for name, value in TEXT.items():
        part = f'name="{name}"\r\n\r\n{value}\r\n' if body_format == "multipart" else f'"{name}":"{value}"'
        assert part.encode() in heard.body
