"""Reading pages ahead: how many are in flight and when, what is wasted, and what an end halfway leaves."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import anyio
import pytest
from support.front import Front
from support.scripted import Answer, Interrupt, ScriptedPort, Sent, refusal, reply

from alive5 import ServerError


class Flights(ScriptedPort):
    """Answers as a host whose pages have *size* rows, and counts the requests in flight."""

    def __init__(self, front: Front, pages: int, size: int = 2, *, base: int = 1, meta: bool = False) -> None:
        super().__init__(self.host, front.port()._verbs)
        self.pages, self.size, self.base, self.meta = pages, size, base, meta
        self.failing: dict[int, Answer] = {}
        self.flying = self.most = self.asked = 0
        self.points = self.strike_at = 0
        self.strike: Callable[[], object] = lambda: None
        self._lock = threading.Lock()
        self._blocking = front.is_blocking

    def host(self, sent: Sent) -> Answer:
        if self.asked in self.failing:
            return self.failing[self.asked]
        number = int(sent.query["page"]) - self.base
        rows = self.rows(number) if 0 <= number < self.pages else []
        data = [{"alive5_sessionID": name, "start_time": 1_768_478_400_000} for name in rows]
        return reply({"Items": data, "pages": self.pages - 1 + self.base} if self.meta else data)

    def rows(self, number: int) -> list[str]:
        return [f"{number}-{place}" for place in range(self.size)]

    @property
    def expected(self) -> list[str]:
        return [name for number in range(self.pages) for name in self.rows(number)]

    async def send(self, call: Any, deadline: float) -> Any:
        with self._lock:
            self.flying += 1
            self.most = max(self.most, self.flying)
        try:
            self.point()
            await self._verbs.sleep(0.001)
            self.point()
            with self._lock:
                self.asked += 1
                return await super().send(call, deadline)
        finally:
            with self._lock:
                self.flying -= 1

    def reached(self, most: int) -> bool:
        """
        Whether at most so many were in flight; threads of a busy machine may be too late to meet.
        """
        return self.most <= most and (self._blocking or self.most == most)

    def point(self) -> None:
        self.points += 1
        if self.points == self.strike_at:
            self.strike()


def listing(client: Any, port: Flights, prefetch: int) -> Any:
    return client.conversations.livechat(limit=port.size, prefetch=prefetch)


@pytest.mark.parametrize("meta", [False, True])
@pytest.mark.parametrize("prefetch", [1, 2, 4])
def test_nothing_is_in_flight_between_two_items(front: Front, prefetch: int, meta: bool) -> None:
    port = Flights(front, 30, meta=meta)

    async def body(client: Any) -> list[str]:
        found = []
        async for chat in listing(client, port, prefetch):
            assert port.flying == 0
            found.append(chat.id)
        return found

    assert port.expected == front.run(body, port=port)
    assert port.reached(max(prefetch, 2))  # the base is asked for with two


def test_a_list_keeps_no_more_in_flight(front: Front) -> None:
    port = Flights(front, 60, meta=True)

    async def body(client: Any) -> list[str]:
        return [chat.id for chat in await listing(client, port, 3).list()]

    assert port.expected == front.run(body, port=port)
    assert port.flying == 0
    assert port.reached(3)


@pytest.mark.parametrize("pages", [1, 2, 5, 12])
def test_a_reader_that_stops_early_wastes_few_requests(front: Front, pages: int) -> None:
    port, prefetch = Flights(front, 90, base=0), 4

    async def body(client: Any) -> int:
        await listing(client, port, 1).first()
        port.asked = 0
        async for page in listing(client, port, prefetch).pages():
            if page.number == pages:
                break
        return port.asked

    asked = front.run(body, port=port)
    assert asked == 1 if pages == 1 else asked <= 2 * pages + prefetch


@pytest.mark.parametrize(("items", "pages"), [(1, 1), (2, 1), (3, 2), (9, 5), (10, 5)])
def test_a_list_of_some_items_asks_for_no_page_without_one(front: Front, items: int, pages: int) -> None:
    port = Flights(front, 90, base=0)

    async def body(client: Any) -> int:
        await listing(client, port, 1).first()
        port.asked = 0
        found = await listing(client, port, 8).list(max_items=items)
        assert port.expected[:items] == [chat.id for chat in found]
        return port.asked

    assert pages == front.run(body, port=port)


def test_pages_in_flight_hold_a_bounded_number_of_rows(front: Front) -> None:
    port = Flights(front, 5, 3000, base=0)

    async def body(client: Any) -> None:
        await listing(client, port, 1).first()
        assert port.expected == [chat.id async for chat in listing(client, port, 8)]

    front.run(body, port=port)
    assert port.reached(4)


def test_pages_before_one_that_failed_are_read_and_those_after_it_kept(front: Front) -> None:
    port = Flights(front, 12, base=0)
    port.failing[6] = refusal(500, Retry_After="900")

    async def body(client: Any) -> list[str]:
        reader = aiter(listing(client, port, 4))
        found: list[str] = []
        with pytest.raises(ServerError):
            await read(reader, found)
        assert port.flying == 0
        assert port.expected[: len(found)] == found
        await read(reader, found)
        return found

    assert port.expected == front.run(body, port=port)
    # One page again, and of those past the end one and what was in flight with it.
    assert port.asked <= 12 + 1 + 1 + 4


async def read(reader: Any, found: list[str]) -> None:
    async for chat in reader:
        found.append(chat.id)


@pytest.mark.promise("H5")
@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("base", [0, 1])
def test_a_reader_that_goes_on_after_a_failed_first_page_loses_no_row(front: Front, base: int, number: int) -> None:
    port = Flights(front, 5, base=base)
    port.failing[number] = refusal(401)

    async def body(client: Any) -> list[str]:
        reader, found = aiter(listing(client, port, 4)), list[str]()
        with pytest.raises(Exception, match="401"):
            await read(reader, found)
        await read(reader, found)
        return found

    assert port.expected == front.run(body, port=port)


async def by_scope(reading: Coroutine[Any, Any, None], port: Flights) -> bool:
    with anyio.CancelScope() as scope:
        port.strike = scope.cancel
        await reading
    return scope.cancelled_caught


async def natively(reading: Coroutine[Any, Any, None], port: Flights) -> bool:
    task = asyncio.ensure_future(reading)
    port.strike = task.cancel
    (result,) = await asyncio.gather(task, return_exceptions=True)
    return isinstance(result, asyncio.CancelledError)


Cancelled = Callable[[Coroutine[Any, Any, None], Flights], Awaitable[bool]]
WAYS: list[tuple[str, Cancelled]] = [("asyncio", natively), ("asyncio", by_scope), ("trio", by_scope)]


@pytest.mark.promise("L1")
@pytest.mark.parametrize("base", [0, 1])
@pytest.mark.parametrize(("name", "cancelled"), WAYS)
def test_a_reading_cancelled_at_every_point_leaves_nothing_in_flight(
    name: str, cancelled: Cancelled, base: int
) -> None:
    front = Front(name)

    async def main(point: int) -> bool:
        port = Flights(front, 12, base=base, meta=True)
        port.strike_at = point
        async with front.client(port=port) as client:
            before, reader, found = len(anyio.get_running_tasks()), aiter(listing(client, port, 3)), list[str]()
            struck = await cancelled(read(reader, found), port)
            assert (0, before) == (port.flying, len(anyio.get_running_tasks()))
            # Whoever goes on gets the rest, each row once.
            await read(reader, found)
            assert port.expected == found
        return struck

    # Two points a request: before it leaves and when it is answered. The last may come too late.
    struck = [anyio.run(main, point, backend=name) for point in range(1, 2 * 12)]
    assert sum(struck) >= len(struck) - 2


@pytest.mark.promise("L1")
@pytest.mark.parametrize("base", [0, 1])
def test_a_reading_interrupted_at_every_request_leaves_nothing_in_flight(base: int) -> None:
    front = Front("sync")
    for number in range(1, 14):
        port = Flights(front, 12, base=base, meta=True)
        port.failing[number] = Interrupt(KeyboardInterrupt())

        async def body(client: Any, port: Flights = port) -> list[str]:
            reader, found = aiter(listing(client, port, 3)), list[str]()
            with pytest.raises(KeyboardInterrupt):
                await read(reader, found)
            assert port.flying == 0
            assert not [thread for thread in threading.enumerate() if thread.name.startswith("alive5")]
            await read(reader, found)
            return found

        assert port.expected == front.run(body, port=port)
