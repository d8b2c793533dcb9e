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
EDITION, READ_URL = "ALIVE5_EDITION", "ALIVE5_READ_URL"
OTHER = "test_key_of_the_environment"


def read(client: Any) -> Any:
    return client.tags.list()


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        KEY,
        URL,
        EDITION,
        READ_URL,
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
        "CGI_HTTP",
        "REQUEST_METHOD",
    ):
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
    with pytest.raises(ConfigurationError, match="read_url"):
        make(front, api_key=CANARY, read_url=url)


@pytest.mark.parametrize(
    ("options", "environ", "why"),
    [
        ({"read_url": "http://reads.example/public/1.0"}, {}, "read_url must use https, except on loopback"),
        ({}, {READ_URL: "http://reads.example/public/1.0"}, "read_url must use https, except on loopback"),
        ({"read_url": "https://reads.example/public"}, {}, "read_url must end in a version"),
        ({}, {READ_URL: "https://reads.example"}, "read_url must end in a version"),
        ({"base_url": "https://api.example", "edition": "current"}, {}, "base_url must end in a version"),
        ({"base_url": "https://api.example"}, {EDITION: "current"}, "base_url must end in a version"),
        ({}, {EDITION: "newest"}, f'{EDITION} must be "documented" or "current"'),
    ],
)
def test_what_editions_need_is_said_when_a_client_is_made(
    front: Front, monkeypatch: pytest.MonkeyPatch, options: dict[str, str], environ: dict[str, str], why: str
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    for port in (None, front.port()):
        with pytest.raises(ConfigurationError, match=why):
            make(front, api_key=CANARY, port=port, **options)


def test_another_edition_is_refused_before_any_request(front: Front) -> None:
    port = front.port()
    for edition in ("newest", "", 1, ["current"]):
        with pytest.raises(InvalidArgumentError, match='edition must be "documented" or "current"'):
            make(front, api_key=CANARY, port=port, edition=edition)

        async def body(client: Any, edition: Any = edition) -> None:
            client.with_options(edition=edition)

        assert "edition" == front.fails(InvalidArgumentError, body, port=port).argument

    async def unversioned(client: Any) -> None:
        client.with_options(edition="current")

    error = front.fails(ConfigurationError, unversioned, port=port, base_url="https://api.example")
    assert "base_url must end in a version" in str(error)
    assert [] == port.calls


@pytest.mark.parametrize("argument", [None, "documented", "current"])
@pytest.mark.parametrize("variable", ["", "documented", "current"])
def test_an_edition_is_of_the_argument_then_the_environment(
    front: Front, monkeypatch: pytest.MonkeyPatch, argument: str | None, variable: str
) -> None:
    monkeypatch.setenv(EDITION, variable)
    port = front.port(lambda call: TAGS)

    async def body(client: Any) -> None:
        await client.tags.list()
        await client.with_options(timeout=5).tags.list()
        await client.with_options(edition="current").tags.list()
        await client.with_options(edition="documented").tags.list()
        await client.with_options(edition="current").with_options(edition=None).tags.list()

    front.run(body, port=port, edition=argument)
    first = "read" if (argument or variable) == "current" else "base"
    assert [first, first, "read", "base", "base"] == [call.host for call in port.calls]


def test_reads_of_the_current_edition_go_to_their_own_origin_with_the_key(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def body(client: Any) -> None:
        await client.tags.list()
        await client.conversations.livechat(start="2026-01-05", end="2026-01-07").first()
        await client.sms.send(**TEXT)
        await client.users.list()

    with WireServer() as base, WireServer() as reads, WireServer() as other:
        read_url = reads.url.replace("/public/1.0", "/reads/3.0")
        front.run(body, base_url=base.url, read_url=read_url, edition="current")
        monkeypatch.setenv(READ_URL, read_url)
        front.run(body, base_url=base.url, edition="current")
        # An argument wins over the environment.
        front.run(lambda client: client.tags.list(), base_url=base.url, read_url=other.url, edition="current")
    once = [
        "GET /reads/3.0/objects/tags/list HTTP/1.1",
        "GET /reads/2.0/conversations/livechat HTTP/1.1",
        "GET /reads/1.0/get/users HTTP/1.1",
    ]
    assert once * 2 == [heard.line.replace(query(heard.line), "") for heard in reads.heard]
    assert ["POST /public/1.0/conversations/sms/send HTTP/1.1"] * 2 == [heard.line for heard in base.heard]
    assert ["GET /public/1.0/objects/tags/list HTTP/1.1"] == [heard.line for heard in other.heard]
    for server in (base, reads, other):
        assert {CANARY} == {heard.headers["x-a5-apikey"] for heard in server.heard}


def query(line: str) -> str:
    """
    Return the query of a request line, with its question mark.
    """
    target = line.split(" ")[1]
    return target[target.index("?") :] if "?" in target else ""


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
        ({"edition": "newest"}, "edition"),
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


@pytest.mark.parametrize("body_format", ["json", "multipart", None])
def test_the_body_format_can_be_chosen(front: Front, body_format: str | None) -> None:
    with WireServer() as server:
        front.run(lambda client: client.sms.send(**TEXT), **front.real(server.url, body_format=body_format))
    heard = server.heard[0]
    kind = "application/json" if body_format == "json" else "multipart/form-data; boundary="
    assert heard.headers["content-type"].startswith(kind)
    for name, value in TEXT.items():
        part = f'name="{name}"\r\n\r\n{value}\r\n' if body_format != "json" else f'"{name}":"{value}"'
        assert part.encode() in heard.body
