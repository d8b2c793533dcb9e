"""Twins, closing, and what is said of a client nobody closed."""

from __future__ import annotations

import copy
import gc
import pickle
from typing import Any

import pytest
from support.front import Awaited, Front
from support.scripted import TEXT, reply
from support.watch import CANARY, shows_key

from alive5 import ClientClosedError, InvalidArgumentError, RetryPolicy, Timeout

TAGS = reply([{"tag_id": "1"}])


def read(client: Any) -> Any:
    return client.tags.list()


@pytest.mark.parametrize(
    ("options", "argument"),
    [
        ({"retry": None}, "retry"),
        ({"timeout": None}, "timeout"),
        ({"tz": "Mars/Base"}, "tz"),
        ({"org_name": ""}, "org_name"),
    ],
)
def test_a_wrong_option_of_a_twin_is_named(front: Front, options: dict[str, Any], argument: str) -> None:
    async def body(client: Any) -> None:
        client.with_options(**options)

    assert argument == front.fails(InvalidArgumentError, body, port=front.port()).argument


def test_a_twin_shares_connections_and_keeps_what_is_not_named(front: Front) -> None:
    port = front.port([TAGS] * 3)

    async def body(client: Any) -> list[bool]:
        twin = client.with_options(timeout=7)
        await read(client)
        await read(twin)
        await read(twin.with_options(retry=RetryPolicy.none()))
        return [type(twin) is type(client), repr(twin) == repr(client)]

    assert [True, True] == front.run(body, port=port, timeout=Timeout(total=9))
    assert [9.0, 7.0, 7.0] == [call.deadline - call.at for call in port.calls]


def test_only_the_constructed_client_closes(front: Front) -> None:
    port = front.port([TAGS] * 2)

    async def body(client: Any) -> None:
        twin = client.with_options(timeout=7)
        await twin.aclose()
        async with client.with_options(tz="UTC") as other:
            await read(other)
        await read(client)
        assert 0 == port.closings
        await client.aclose()
        await client.aclose()
        assert 1 == port.closings
        for closed in (client, twin):
            with pytest.raises(ClientClosedError) as caught:
                await read(closed)
            assert ("not_sent", "tags.list", 0) == (
                caught.value.outcome,
                caught.value.operation,
                caught.value.attempts,
            )

    front.run(body, port=port)
    assert (1, 2) == (port.closings, len(port.calls))


def test_a_copy_is_a_twin_that_closes_nothing(front: Front) -> None:
    port = front.port([TAGS] * 3)

    async def body(client: Any) -> None:
        made = copy.copy(client._target if front.is_blocking else client)
        twin = Awaited(made) if front.is_blocking else made
        assert repr(twin) == repr(client)
        await read(twin)
        await twin.aclose()
        async with twin:
            await read(twin)
        await read(client)
        assert 0 == port.closings
        await client.aclose()
        with pytest.raises(ClientClosedError):
            await read(twin)

    front.run(body, port=port, timeout=7)
    assert (1, [7.0] * 3) == (port.closings, [call.deadline - call.at for call in port.calls])


def test_nothing_works_after_closing(front: Front) -> None:
    port = front.port()

    async def body(client: Any) -> None:
        pages = client.conversations.sms()
        await client.aclose()
        later: list[Any] = [
            lambda: client.sms.send(**TEXT),
            lambda: client.tags.create(name="n", email="ada@example.com"),
            lambda: client.tags.create(name="n", email="ada@example.com", org_name="Acme"),
            lambda: client.call("GET", "x"),
            client.account.get,
            client.conversations.summary,
            pages.list,
            lambda: pages.page(1),
            pages.first,
            lambda: client.conversations.livechat().list(),
            client.__aenter__,
        ]
        for call in later:
            with pytest.raises(ClientClosedError):
                await call()
        with pytest.raises(ClientClosedError):
            client.conversations.fbm()

    front.run(body, port=port)
    assert [] == port.calls


def test_a_client_that_is_not_closed_says_so_once_it_was_used(front: Front) -> None:
    async def main(calls: int) -> None:
        client = front.client(port=front.port([TAGS]))
        for _ in range(calls):
            await read(client)
        del client
        gc.collect()

    with pytest.warns(ResourceWarning, match="was not closed") as caught:
        front.drive(lambda: main(1))
    assert [True] == ["Alive5 https://" in str(warning.message) for warning in caught]
    front.drive(lambda: main(0))


def test_a_client_cannot_be_pickled(front: Front) -> None:
    async def main() -> None:
        async with front.bare_client(api_key=CANARY) as client:
            with pytest.raises(TypeError) as caught:
                pickle.dumps(client._target if front.is_blocking else client)
            assert not shows_key(str(caught.value))

    front.drive(main)
