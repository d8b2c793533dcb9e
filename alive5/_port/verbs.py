"""The verbs that need no network: clock, waiting and fanning out over tasks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

import anyio

T = TypeVar("T")
R = TypeVar("R")


class AsyncVerbs:
    """Clock, sleep and fan-out on asyncio and trio."""

    def now(self) -> float:
        """
        Give the running loop's clock.
        """
        return anyio.current_time()

    async def sleep(self, seconds: float) -> None:
        """
        Wait without holding up the loop.
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
            for index, item in pending:
                try:
                    results[index] = await fn(item)
                except Exception as failure:  # noqa: BLE001 - kept as a value, so that no group escapes
                    failures[index] = failure
                    group.cancel_scope.cancel()
                    return

        try:
            async with anyio.create_task_group() as group:
                for _ in range(min(limit, len(queue))):
                    group.start_soon(work)
        except BaseException as error:  # noqa: BLE001 - raised again, taken out of its group
            raise unwrapped(error) from None
        if failures:
            raise failures[min(failures)]
        return results

    async def aclose(self) -> None:
        """
        Have nothing to let go of.
        """


def unwrapped(error: BaseException) -> BaseException:
    """
    Take a lone interrupt out of the groups task groups wrap it in.
    """
    while isinstance(getattr(error, "exceptions", None), tuple) and len(error.exceptions) == 1:  # type: ignore[attr-defined]
        error = error.exceptions[0]  # type: ignore[attr-defined]
    return error
