"""What the core asks of the world."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol, TypeVar, runtime_checkable

from .._sansio.wire import Call, Failure, Reply

T = TypeVar("T")
R = TypeVar("R")


@runtime_checkable
class Port(Protocol):
    """
    The five verbs the core is made of; plug your own in with ``port=``.

    A port for ``Alive5`` never suspends: its coroutines run to their end in one
    step. ``send`` gives failures as values and raises nothing but what ends a
    program or a task.
    """

    def now(self) -> float:
        """
        Return the monotonic clock that deadlines are on, in seconds.
        """
        ...

    async def send(self, call: Call, deadline: float) -> Reply | Failure:
        """
        Send once and read the answer whole; sets ``call.departure.left``.
        """
        ...

    async def sleep(self, seconds: float) -> None:
        """
        Wait.
        """
        ...

    async def fan_out(self, fn: Callable[[T], Awaitable[R]], items: Iterable[T], limit: int) -> list[R]:
        """
        Run *fn* for every item, at most *limit* at once; results in the items' order.
        """
        ...

    async def aclose(self) -> None:
        """
        Let go of all connections.
        """
        ...


@runtime_checkable
class HasTwin(Protocol):
    """A port of ours that can make the asynchronous one to the same place; an export runs on that."""

    def asynchronous(self) -> Port:
        """
        Make it.
        """
        ...
