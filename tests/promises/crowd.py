"""Many calls at once over one client, in tasks or in threads as the front wants it."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

import anyio
from fronts.front import Front

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
