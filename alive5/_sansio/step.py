"""Blocking execution of coroutines that never wait for an event loop."""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


def step(coroutine: Coroutine[Any, Any, T]) -> T:
    """
    Run a coroutine over a blocking port and return its result.

    :raises RuntimeError: when it waits for an event loop, which names it.
    """
    try:
        coroutine.send(None)
    except StopIteration as done:
        # Nothing is called from here on: an interrupt would end a call that nobody then reports.
        result: T = done.value
        return result
    coroutine.close()
    name = getattr(coroutine, "__qualname__", repr(coroutine))
    raise RuntimeError(f"{name} waited for an event loop; a port for Alive5 must never suspend")


class Steps(Generic[T]):
    """A blocking iterator over an asynchronous one that never waits for a loop."""

    def __init__(self, items: AsyncIterator[T]) -> None:
        self._items = items

    def __iter__(self) -> Steps[T]:
        return self

    def __next__(self) -> T:
        try:
            return step(_next(self._items))
        except StopAsyncIteration:
            raise StopIteration from None


async def _next(items: AsyncIterator[T]) -> T:
    return await items.__anext__()
