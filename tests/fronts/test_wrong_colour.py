"""A front used as the other says what to write."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from alive5 import Alive5, AsyncAlive5

BLOCKING = "; for blocking code there is Alive5"
ASYNCHRONOUS = "; for asynchronous code there is AsyncAlive5"
KEY = "test_key_colour"


def enter(client: Any) -> None:
    with client:
        raise AssertionError("not reached")


async def enter_async(client: Any) -> None:
    async with client:
        raise AssertionError("not reached")


async def iterate_async(items: Any) -> None:
    async for _ in items:
        raise AssertionError("not reached")


def refused(what: Callable[[], Any]) -> str:
    with pytest.raises(TypeError) as caught:
        what()
    return str(caught.value)


def test_a_client_entered_as_the_other() -> None:
    assert f"AsyncAlive5 is entered with 'async with'{BLOCKING}" == refused(lambda: enter(AsyncAlive5(KEY)))
    client = Alive5(KEY)
    assert f"Alive5 is entered with 'with'{ASYNCHRONOUS}" == refused(lambda: asyncio.run(enter_async(client)))


def test_a_listing_iterated_as_the_other() -> None:
    chats: Any = AsyncAlive5(KEY).conversations.livechat()
    said = f"a listing of AsyncAlive5 is iterated with 'async for'{BLOCKING}"
    assert [said] * 3 == [refused(lambda items=items: list(items)) for items in (chats, chats.pages(), aiter(chats))]
    chats = Alive5(KEY).conversations.livechat()
    said = f"a listing of Alive5 is iterated with 'for'{ASYNCHRONOUS}"
    for items in (chats, chats.pages(), iter(chats)):
        assert said == refused(lambda items=items: asyncio.run(iterate_async(items)))
