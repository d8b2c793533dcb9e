"""Many calls at once over one client, in tasks or in threads as the front wants it."""

from __future__ import annotations

import threading
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

import anyio
import attrs

from alive5 import Alive5Error
from support.front import Front

T = TypeVar("T")
Act = Callable[[Any, T], Awaitable[None]]

WORKERS = 20


async def crowd(front: Front, client: Any, act: Act[T], items: Iterable[T], workers: int = WORKERS) -> None:
    """
    Call *act* with the client and each item, at most *workers* at a time.
    """
    pending = _Shared(iter(items))

    async def work() -> None:
        for item in pending:
            await act(client, item)

    if front.is_blocking:
        _in_threads(front, work, workers)
        return
    async with anyio.create_task_group() as group:
        for _ in range(workers):
            group.start_soon(work)


def _in_threads(front: Front, work: Callable[[], Awaitable[None]], workers: int) -> None:
    wrong: list[BaseException] = []

    def run() -> None:
        try:
            front.drive(work)
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=run) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]


class _Shared(Generic[T]):
    def __init__(self, items: Iterator[T]) -> None:
        self._items = items
        self._lock = threading.Lock()

    def __iter__(self) -> _Shared[T]:
        return self

    def __next__(self) -> T:
        with self._lock:
            return next(self._items)


@attrs.frozen(kw_only=True)
class Ended:
    """What one call came to."""

    token: str
    outcome: str
    attempts: int = 1
    reason: str | None = None
    seconds: float = 0.0


def text(token: str, number: int = 0) -> dict[str, str]:
    """
    Return the arguments of a text that carries *token*, between one of many pairs of numbers.
    """
    return {
        "phone_number_from": f"+120255501{number % 100:02}",
        "phone_number_to": f"+120255501{number // 100 % 100:02}",
        "message": token,
        "channel_id": "channel-line-1",
        "user_id": "agent-maria",
    }


def send_all(front: Front, tokens: Iterable[str], **options: Any) -> list[Ended]:
    """
    Send a text for each token, twenty at a time, over one client.
    """
    done: list[Ended] = []

    async def send(client: Any, item: tuple[int, str]) -> None:
        done.append(await _send(client, *item))

    front.run(lambda client: crowd(front, client, send, enumerate(tokens)), **options)
    return done


async def _send(client: Any, number: int, token: str) -> Ended:
    started = time.monotonic()
    try:
        sent = await client.sms.send(**text(token, number))
    except Alive5Error as error:
        seconds = time.monotonic() - started
        return Ended(token=token, outcome=error.outcome, attempts=error.attempts, reason=error.reason, seconds=seconds)
    assert sent.new_thread.thread_id
    return Ended(token=token, outcome="accepted", seconds=time.monotonic() - started)
