"""Clock, sleep and fan-out for asyncio and trio, over tasks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any, TypeVar, cast

import anyio

T = TypeVar("T")
R = TypeVar("R")
_ENDS = (KeyboardInterrupt, SystemExit)


class AsyncVerbs:
    """Clock, sleep and fan-out on asyncio and trio."""

    def now(self) -> float:
        """
        Return the time of the running loop's clock.
        """
        return anyio.current_time()

    async def sleep(self, seconds: float) -> None:
        """
        Wait without blocking the loop.
        """
        await anyio.sleep(seconds)

    async def fan_out(self, fn: Callable[[T], Awaitable[R]], items: Iterable[T], limit: int) -> list[R]:
        """
        Run *fn* for every item in child tasks; the first failure by order is raised, alone.
        """
        queue = list(enumerate(items))
        if len(queue) < 2 or limit < 2:
            return [await fn(item) for _, item in queue]
        results: list[Any] = [None] * len(queue)
        failures: dict[int, Exception] = {}
        pending = iter(queue)

        async def work() -> None:
            # What is in flight at a failure finishes: only then is the first by order the same each time.
            while not failures:
                index, item = next(pending, (-1, None))
                if index < 0:
                    return
                try:
                    results[index] = await fn(cast("T", item))
                except Exception as failure:  # noqa: BLE001 - kept as a value, so that no group escapes
                    failures[index] = failure

        try:
            async with anyio.create_task_group() as group:
                for _ in range(min(limit, len(queue))):
                    group.start_soon(work)
        except BaseException as error:  # noqa: BLE001 - raised again, without its group
            raise unwrapped(error) from None
        if failures:
            raise failures[min(failures)]
        return results

    async def aclose(self) -> None:
        """
        Close nothing: there are no connections.
        """


def unwrapped(error: BaseException) -> BaseException:
    """
    Return the interrupt inside the exception groups of task groups, else the first error.
    """
    leaves = list(_leaves(error))
    return next((leaf for leaf in leaves if isinstance(leaf, _ENDS)), leaves[0])


def _leaves(error: BaseException) -> Iterator[BaseException]:
    for each in getattr(error, "exceptions", ()):
        yield from _leaves(each)
    if not hasattr(error, "exceptions"):
        yield error
