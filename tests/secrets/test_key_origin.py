"""The key goes to the two configured origins and nowhere else, whatever a server, a URL or a path says."""

from __future__ import annotations

import random
import warnings
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from support.calls import FACTS, act_of, place_of
from support.counts import count, seed
from support.front import Front
from support.watch import CANARY, shows_key
from support.wire_server import Heard, WireServer, http

from alive5 import Alive5Error, ConfigurationError, RetryPolicy
from alive5._sansio.endpoint import EDITIONS
from alive5._sansio.endpoints import ENDPOINTS
from alive5.errors import Alive5Warning

pytestmark = pytest.mark.promise("D2")

STATUSES = (
    *("300 Multiple", "301 Moved", "302 Found", "303 See Other", "304 Same", "305 Use Proxy", "307 Temporary"),
    *("308 Permanent", "200 OK", "201 Created", "202 Accepted", "401 Unauthorized", "407 Proxy", "421 Misdirected"),
    *("426 Upgrade", "429 Slow", "503 Busy"),
)
HEADERS = ("Location", "Content-Location", "Refresh", "Link", "Alt-Svc", "X-Accel-Redirect", "Proxy-Authenticate")
NOTHING = RetryPolicy(attempts=2, initial=0, max_retry_after=0)


@contextmanager
def quiet_key() -> Iterator[None]:
    """
    Let listings warn of what they could not read, without the key.
    """
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always", Alive5Warning)
        yield
    assert not any(shows_key(str(warning.message)) for warning in found)


def reads_of(server: WireServer) -> str:
    """
    Return a URL of reads that has a prefix and a version of its own.
    """
    return f"http://127.0.0.1:{server.port}{READ}"


def elsewhere(rng: random.Random, own: int, other: int) -> str:
    """
    Write an address that leads, or seems to lead, to the other server.
    """
    return rng.choice(
        [
            f"http://127.0.0.1:{other}/public/1.0/objects/tags/list",
            f"http://localhost:{other}/",
            f"https://127.0.0.1:{other}/",
            f"https://127.0.0.1:{own}/",
            f"//127.0.0.1:{other}/x",
            f"http://127.0.0.1:{own}@127.0.0.1:{other}/",
            f"http://127.0.0.1:{own}%40127.0.0.1:{other}/",
            f"http://{CANARY.partition('/')[0]}:x@127.0.0.1:{other}/",
            f"http://127.0.0.1:{other}\\@127.0.0.1:{own}/",
            f"http://127.0.0.1:{other}#@127.0.0.1:{own}/",
            f"http:/\\127.0.0.1:{other}/",
            f"ftp://127.0.0.1:{other}/",
            f"ws://127.0.0.1:{other}/",
            f"0; url=http://127.0.0.1:{other}/",
            f'h2="127.0.0.1:{other}"; ma=86400',
            f"<http://127.0.0.1:{other}/>; rel=preload",
            "/",
            "..",
        ]
    )


BASE, READ = "/public/1.0", "/reads/3.0"
Act = Callable[[Any], Awaitable[Any]]
CALLS: dict[str, Act] = {name: act_of(name, lambda found: found.list()) for name in FACTS}
RAW: tuple[Act, ...] = (
    lambda client: client.call("GET", "get/agents", params={"next": "http://127.0.0.1/"}),
    lambda client: client.call("DELETE", "register/webhook/chat"),
)


def places(edition: str) -> dict[str, str]:
    """
    Return where each operation has to go.
    """
    return {name: place_of(name, edition, BASE, READ) for name in CALLS}


def asked_of(heard: Heard) -> str:
    return heard.line.partition("?")[0].removesuffix(" HTTP/1.1")


async def call(client: Any, rng: random.Random) -> str:
    """
    Make one call of some kind; give the text of its error.
    """
    try:
        await rng.choice([*CALLS.values(), *RAW])(client)
    except Alive5Error as error:
        return str(error)
    return ""


def test_the_calls_are_of_all_operations() -> None:
    assert {endpoint.operation for endpoint in ENDPOINTS} == set(CALLS)


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_key_goes_to_the_origin_of_each_call(front: Front, edition: str) -> None:
    with WireServer() as own, WireServer() as reads:

        async def main() -> dict[str, set[str]]:
            found = {}
            async with front.client(
                base_url=own.url, read_url=reads_of(reads), edition=edition, retry=NOTHING
            ) as client:
                for name, act in CALLS.items():
                    before = len(own.heard), len(reads.heard)
                    try:
                        await act(client)
                    except Alive5Error:  # a tag is no answer to most
                        pass
                    new = own.heard[before[0] :], reads.heard[before[1] :]
                    assert [] in new, name
                    assert (new[1] == []) == places(edition)[name].partition(" ")[2].startswith(BASE), name
                    found[name] = {asked_of(heard) for heard in [*new[0], *new[1]]}
            return found

        with quiet_key():
            found = front.drive(main)
        hosts = f"127.0.0.1:{own.port}", f"127.0.0.1:{reads.port}"
    assert {name: {place} for name, place in places(edition).items()} == found
    assert {CANARY} == {heard.headers.get("x-a5-apikey") for heard in [*own.heard, *reads.heard]}
    assert {hosts[0]} == {heard.headers["host"] for heard in own.heard}
    assert {hosts[1]} == {heard.headers["host"] for heard in reads.heard}


def test_without_a_url_of_reads_all_goes_to_the_base_url(front: Front) -> None:
    with WireServer() as own:

        async def main() -> None:
            async with front.client(base_url=own.url, edition="current", retry=NOTHING) as client:
                for act in CALLS.values():
                    try:
                        await act(client)
                    except Alive5Error:
                        pass

        with quiet_key():
            front.drive(main)
    where = {place.replace("/reads/", "/public/").replace("/3.0/", "/1.0/") for place in places("current").values()}
    assert where == {asked_of(heard) for heard in own.heard}


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_answer_leads_the_key_elsewhere(front: Front, edition: str) -> None:
    rng, cases = random.Random(seed()), count(ci=100, full=1_000)
    with WireServer() as own, WireServer() as reads, WireServer() as other:

        def answers(mine: WireServer, peer: WireServer) -> Callable[[Heard], bytes]:
            def answer(heard: Heard) -> bytes:
                led = [
                    elsewhere(rng, mine.port, other.port),
                    elsewhere(rng, mine.port, other.port),
                    f"http://127.0.0.1:{peer.port}/public/1.0/led",
                    f"//127.0.0.1:{peer.port}/reads/3.0/led",
                    f"http://127.0.0.1:{mine.port}/public/1.0/led",
                ]
                lines = [f"{rng.choice(HEADERS)}: {rng.choice(led)}" for _ in range(2)]
                body = rng.choice([b"", b'{"code": 200, "data": []}', b"<meta http-equiv=refresh>"])
                return http(body, rng.choice(STATUSES), *lines)

            return answer

        own.answer, reads.answer = answers(own, reads), answers(reads, own)
        options = {"base_url": own.url, "read_url": reads_of(reads), "edition": edition, "retry": NOTHING}

        async def main() -> None:
            for _ in range(cases):
                async with front.client(**options) as client:
                    assert not shows_key(await call(client, rng))

        with quiet_key():
            front.drive(main)
    assert b"" == other.bytes_seen
    assert len(own.heard) + len(reads.heard) >= cases
    assert min(len(own.heard), len(reads.heard)) > cases // 10
    for server in (own, reads):
        assert {CANARY} == {heard.headers.get("x-a5-apikey") for heard in server.heard}
    mine = {place for place in places(edition).values() if f" {BASE}/" in place}
    raw = {f"GET {BASE}/get/agents", f"DELETE {BASE}/register/webhook/chat"}
    assert mine | raw >= {asked_of(heard) for heard in own.heard}
    assert set(places(edition).values()) - mine >= {asked_of(heard) for heard in reads.heard}


def test_no_base_url_leads_the_key_elsewhere(front: Front) -> None:
    rng, cases = random.Random(seed()), count(ci=100, full=1_000)
    said: list[str] = []
    with WireServer() as own, WireServer() as other:
        parts = [
            *(f"127.0.0.1:{own.port}", f"127.0.0.1:{other.port}", "@", "\\", "/", "//", "?", "#", ";", "%40", "%2f"),
            *("..", ":", "user", " ", "\t", "\r\n", "\u2044", "\uff20", "http://", "https://", "[", "]", "&"),
        ]
        for _ in range(cases):
            url = "http://" + "".join(rng.choices(parts, k=rng.randint(1, 5)))
            named = url.removeprefix("http://").startswith(f"127.0.0.1:{other.port}")
            before = other.bytes_seen

            async def main(url: str = url) -> None:
                async with front.client(base_url=url, retry=NOTHING, timeout=5) as client:
                    said.append(await call(client, rng))

            try:
                with quiet_key():
                    front.drive(main)
            except Alive5Error as error:
                said.append(str(error))
            # What stands first is what was configured; all else is a trick.
            assert named or before == other.bytes_seen, url
    assert {CANARY} >= {heard.headers.get("x-a5-apikey") for heard in own.heard}
    assert cases == len(said)
    assert not shows_key("\n".join(said))


@pytest.mark.parametrize("user", ["127.0.0.1:{own}@", "127.0.0.1:{own}\\@", "127.0.0.1:{own}%40", "a:b@", "@", "\\"])
def test_a_user_in_the_base_url_is_refused(front: Front, user: str) -> None:
    with WireServer() as own, WireServer() as other:
        url = f"http://{user.format(own=own.port)}127.0.0.1:{other.port}/"
        with pytest.raises(Alive5Error):
            front.run(lambda client: client.tags.list(), base_url=url)
    assert (b"", b"") == (own.bytes_seen, other.bytes_seen)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{own}@127.0.0.1:{other}/public/1.0",
        "http://127.0.0.1:{own}\\@127.0.0.1:{other}/public/1.0",
        "http://127.0.0.1:{own}%40127.0.0.1:{other}/public/1.0",
        "http://a:b@127.0.0.1:{other}/public/1.0",
        "http://127.0.0.1:{other}/public/../1.0",
        "http://127.0.0.1:{other}/public/1.0?x",
        "http://127.0.0.1:{other}/public",
        "http://reads.example:{other}/public/1.0",
    ],
)
@pytest.mark.parametrize("given", ["argument", "environment"])
def test_a_url_of_reads_is_held_to_the_same_rules(
    front: Front, monkeypatch: pytest.MonkeyPatch, url: str, given: str
) -> None:
    with WireServer() as own, WireServer() as other:
        url = url.format(own=own.port, other=other.port)
        if given == "environment":
            monkeypatch.setenv("ALIVE5_READ_URL", url)
        options = {"base_url": own.url, **({"read_url": url} if given == "argument" else {})}
        with pytest.raises(ConfigurationError) as caught:
            front.run(lambda client: client.users.list(), **options)
    assert not shows_key(str(caught.value))
    assert (b"", b"") == (own.bytes_seen, other.bytes_seen)


def test_no_path_leads_the_key_elsewhere(front: Front) -> None:
    rng, cases = random.Random(seed()), count(ci=100, full=1_000)
    with WireServer() as own, WireServer() as other:
        host, there = f"127.0.0.1:{own.port}", f"127.0.0.1:{other.port}"
        parts = ["/", "//", "..", ".", "@", ":", "\\", "?", "#", "%2e", "a", "b", "get/users", " HTTP/1.1\r\nHost: x"]
        parts += [there, f"http://{there}"]
        said = []

        async def main() -> None:
            async with front.client(base_url=own.url, retry=NOTHING) as client:
                for _ in range(cases):
                    path = "".join(rng.choices(parts, k=rng.randint(1, 5)))
                    try:
                        await client.call("GET", path)
                    except Alive5Error as error:
                        said.append(str(error))

        front.drive(main)
    assert b"" == other.bytes_seen
    for heard in own.heard:
        assert heard.line.startswith("GET /public/1.0/")
        assert not {".", ".."} & set(heard.line.split(" ")[1].split("/"))
        assert host == heard.headers["host"]
    assert not shows_key("\n".join(said))
    assert said
    assert own.heard
