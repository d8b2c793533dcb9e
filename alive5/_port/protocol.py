"""The protocol between the core and the network."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol, TypeVar, runtime_checkable

from .._sansio.redact import Secret
from .._sansio.wire import Call, Failure, Reply

T = TypeVar("T")
R = TypeVar("R")


@runtime_checkable
class Port(Protocol):
    """
    Clock, sending, sleeping, fan-out and closing; pass your own as ``port=``.

    A port for ``Alive5`` never suspends: its coroutines finish in one step.
    ``send`` returns failures as values and raises only what ends a program or a
    task.
    """

    def now(self) -> float:
        """
        Return the time of the monotonic clock deadlines refer to, in seconds.
        """
        ...

    async def send(self, call: Call, deadline: float) -> Reply | Failure:
        """
        Send once and return the whole response; sets ``call.departure.left``.
        """
        ...

    async def sleep(self, seconds: float) -> None:
        """
        Wait for *seconds*.
        """
        ...

    async def fan_out(self, fn: Callable[[T], Awaitable[R]], items: Iterable[T], limit: int) -> list[R]:
        """
        Run *fn* for every item, at most *limit* at once; results in the items' order.
        """
        ...

    async def aclose(self) -> None:
        """
        Close all connections.
        """
        ...


class KeyedPort(Port, Protocol):
    """A port that adds the key itself, and may be given it late."""

    def use_key(self, key: Secret) -> None:
        """
        Add this key to the requests from now on.
        """
        ...


@runtime_checkable
class HasTwin(Protocol):
    """A port with an asynchronous counterpart for the same service, on which an export runs."""

    def asynchronous(self) -> Port:
        """
        Return the asynchronous counterpart.
        """
        ...
