"""The port to a sandbox for clients of the same process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Final, Protocol, TypeVar

from ..._port.verbs import AsyncVerbs
from ..._sansio.wire import Call, Failure, Reply
from ..data.ledger import Served
from .clock import Clock

T = TypeVar("T")
R = TypeVar("R")


class Verbs(Protocol):
    """The methods of a port beside ``send``."""

    def now(self) -> float:
        """
        Return the time of the clock.
        """
        ...

    async def sleep(self, seconds: float) -> None:
        """
        Wait for *seconds*.
        """
        ...

    async def fan_out(self, fn: Callable[[T], Awaitable[R]], items: Iterable[T], limit: int) -> list[R]:
        """
        Run *fn* for every item.
        """
        ...

    async def aclose(self) -> None:
        """
        Close all connections.
        """
        ...


class SandboxPort:
    """
    A port that sends to a sandbox; clock and sleep are the sandbox's, fan-out the inner port's.
    """

    is_sandbox: Final = True

    def __init__(self, exchange: Callable[[Call], Served], inner: Verbs, clock: Clock | None = None) -> None:
        self._exchange = exchange
        # A redirected client of a sandbox has such a port already, whose clock would run ahead twice.
        self._inner: Verbs = inner._inner if isinstance(inner, SandboxPort) else inner
        self._clock = Clock(lambda _: None, skips=False) if clock is None else clock

    def now(self) -> float:
        """
        Return the time of the sandbox's clock.
        """
        return self._inner.now() + self._clock.ahead

    async def send(self, call: Call, deadline: float) -> Reply | Failure:
        """
        Send to the sandbox once; a slow response is waited for until the deadline or the read limit.
        """
        call.departure.left = False
        # A checkpoint for cancellation before anything leaves, as a socket has.
        self._clock.busy += 1
        try:
            await self._inner.sleep(0)
        finally:
            self._clock.busy -= 1
        if deadline <= self.now():
            return Failure(False, "deadline", "the deadline had elapsed before sending")
        served = self._exchange(call)
        self._clock.answered()
        left = deadline - self.now()
        patience = min(left, call.read)
        if served.delay > patience:
            await self._inner.sleep(max(patience, 0))
            kind = "deadline" if left <= call.read else "read_timeout"
            return Failure(True, kind, "no answer in time")
        await self._inner.sleep(served.delay)
        return served.answer

    async def sleep(self, seconds: float) -> None:
        """
        Wait on the sandbox's clock.
        """
        await self._clock.sleep(self._inner, seconds)

    async def fan_out(self, fn: Callable[[T], Awaitable[R]], items: Iterable[T], limit: int) -> list[R]:
        """
        Run *fn* for every item, as the inner port does.
        """
        return await self._inner.fan_out(fn, items, limit)

    async def aclose(self) -> None:
        """
        Close the inner port.
        """
        await self._inner.aclose()

    def asynchronous(self) -> SandboxPort:
        """
        Return the asynchronous port to the same sandbox.
        """
        return SandboxPort(self._exchange, AsyncVerbs(), self._clock)
