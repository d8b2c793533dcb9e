"""
Blocking execution of coroutines that never wait for an event loop.

And what one front says when it is used as the other: a sentence with what to
write instead. Type checkers do not see these methods, and go on refusing such
code by themselves.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine
from typing import TYPE_CHECKING, Any, Generic, TypeVar

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


class NeedsAsyncWith:
    """A client that is entered with ``async with``."""

    if not TYPE_CHECKING:

        def __enter__(self) -> Any:
            raise TypeError("AsyncAlive5 is entered with 'async with'; for blocking code there is Alive5")

        def __exit__(self, *error: object) -> None:
            """Nothing; without it the statement would not look for ``__enter__``."""


class NeedsAsyncFor:
    """A listing that is iterated with ``async for``."""

    if not TYPE_CHECKING:

        def __iter__(self) -> Any:
            raise TypeError("a listing of AsyncAlive5 is iterated with 'async for'; for blocking code there is Alive5")


class NeedsWith:
    """A client that is entered with ``with``."""

    if not TYPE_CHECKING:

        def __aenter__(self) -> Any:
            raise TypeError("Alive5 is entered with 'with'; for asynchronous code there is AsyncAlive5")

        def __aexit__(self, *error: object) -> None:
            """Nothing; without it the statement would not look for ``__aenter__``."""


class NeedsFor:
    """A listing that is iterated with ``for``."""

    if not TYPE_CHECKING:

        def __aiter__(self) -> Any:
            raise TypeError("a listing of Alive5 is iterated with 'for'; for asynchronous code there is AsyncAlive5")


class Steps(NeedsFor, Generic[T]):
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
