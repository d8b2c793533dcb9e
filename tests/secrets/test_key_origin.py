"""The key goes to the configured origin and nowhere else, whatever a server, a URL or a path says."""

from __future__ import annotations

import random
from typing import Any

import pytest
from support.counts import count, seed
from support.front import Front
from support.scripted import TEXT
from support.watch import CANARY, shows_key
from support.wire_server import Heard, WireServer, http

from alive5 import Alive5Error, RetryPolicy

pytestmark = pytest.mark.promise("D2")

STATUSES = (
    *("300 Multiple", "301 Moved", "302 Found", "303 See Other", "304 Same", "305 Use Proxy", "307 Temporary"),
    *("308 Permanent", "200 OK", "201 Created", "202 Accepted", "401 Unauthorized", "407 Proxy", "421 Misdirected"),
    *("426 Upgrade", "429 Slow", "503 Busy"),
)
HEADERS = ("Location", "Content-Location", "Refresh", "Link", "Alt-Svc", "X-Accel-Redirect", "Proxy-Authenticate")
NOTHING = RetryPolicy(attempts=2, initial=0, max_retry_after=0)


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


async def call(client: Any, rng: random.Random) -> str:
    """
    Make one call of some kind; give the text of its error.
    """
    calls = [
        client.tags.list,
        client.account.get,
        lambda: client.conversations.sms().list(),
        lambda: client.sms.send(**TEXT),
        lambda: client.tags.create(name="Billing", email="ada@example.com"),
        lambda: client.call("GET", "get/users", params={"next": "http://127.0.0.1/"}),
        lambda: client.call("DELETE", "register/webhook/sms"),
    ]
    try:
        await rng.choice(calls)()
    except Alive5Error as error:
        return str(error)
    return ""


def test_no_answer_leads_the_key_elsewhere(front: Front) -> None:
    rng, cases = random.Random(seed()), count(ci=100, full=1_000)
    with WireServer() as own, WireServer() as other:

        def answer(heard: Heard) -> bytes:
            places = [f"{rng.choice(HEADERS)}: {elsewhere(rng, own.port, other.port)}" for _ in range(2)]
            body = rng.choice([b"", b'{"code": 200, "data": []}', b"<meta http-equiv=refresh>"])
            return http(body, rng.choice(STATUSES), *places)

        own.answer = answer

        async def main() -> None:
            for _ in range(cases):
                async with front.client(base_url=own.url, retry=NOTHING) as client:
                    assert not shows_key(await call(client, rng))

        front.drive(main)
    assert b"" == other.bytes_seen
    assert len(own.heard) >= cases
    assert {CANARY} == {heard.headers.get("x-a5-apikey") for heard in own.heard}
    assert all(heard.line.split(" ")[1].startswith("/public/1.0/") for heard in own.heard)


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
