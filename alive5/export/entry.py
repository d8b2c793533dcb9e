"""The entry to an export from both fronts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeVar

import anyio
import attrs

from .._core.caller import Caller
from .._core.reporter import captured
from .._port.protocol import HasTwin, Port
from .._port.threads import Worker
from ..errors import ConfigurationError
from .plan.job import is_sandbox
from .plan.request import Request
from .report import ExportReport
from .run import Run

T = TypeVar("T")

# Seconds an interrupted export may take to commit what was read, before its daemon thread is left alone.
_GRACE = 5.0


async def export_with(caller: Caller, origin: str, *, blocking: bool, **arguments: Any) -> ExportReport:
    """
    Export with a client's caller and return the report; that of a blocking client never suspends.

    :raises ConfigurationError: with a blocking port of the user's own, which cannot do that.
    """
    request = Request(**arguments)
    return await bridged(caller, partial(_run, origin=origin, request=request), blocking=blocking)


async def bridged(caller: Caller, work: Callable[[Caller], Awaitable[T]], *, blocking: bool) -> T:
    """
    Return the result of asynchronous work with a client's caller; with that of a blocking client it never suspends.

    :raises ConfigurationError: with a blocking port of the user's own, which cannot do that.
    """
    caller.check_ready("export")  # before the port beside it is made, which takes the key from it
    if not blocking:
        return await work(caller)
    shared = attrs.evolve(caller.shared, port=_asynchronous(caller))
    main = partial(_work_and_close, attrs.evolve(caller, shared=shared), work)
    return _in_thread(main) if _in_loop() else _alone(main)


async def _run(caller: Caller, origin: str, request: Request) -> ExportReport:
    return await Run(request=request, caller=caller, origin=origin, sandbox=is_sandbox(caller.port)).run()


async def _work_and_close(caller: Caller, work: Callable[[Caller], Awaitable[T]]) -> T:
    try:
        return await work(caller)
    finally:
        with anyio.CancelScope(shield=True):
            await caller.shared.port.aclose()


def _asynchronous(caller: Caller) -> Port:
    """Return the asynchronous counterpart of a blocking port: the client's own, or the one it is redirected to."""
    for port in (caller.shared.port, caller.port):
        if isinstance(port, HasTwin):
            return port.asynchronous()
    raise ConfigurationError("export needs an asynchronous port: pass yours to AsyncAlive5")


def _in_loop() -> bool:
    try:
        anyio.get_current_task()
    except Exception:  # noqa: BLE001 - what is raised depends on the library, none of which may be running
        return False
    return True


def _alone(main: Callable[[], Awaitable[T]]) -> T:
    try:
        return anyio.run(main)
    except asyncio.CancelledError:
        # Before Python 3.11 this is how Ctrl-C comes out of anyio.run; nothing else cancels a loop of ours.
        raise KeyboardInterrupt from None


def _in_thread(main: Callable[[], Awaitable[T]]) -> T:
    """Run in a thread, since the caller's own loop is busy calling; an interrupt cancels and waits a little."""
    results: list[T] = []
    failures: list[BaseException] = []
    scope = anyio.CancelScope()
    stop: list[Callable[[], object]] = []

    async def scoped() -> None:
        token = anyio.lowlevel.current_token()
        stop.append(lambda: anyio.from_thread.run_sync(scope.cancel, token=token))
        with scope:
            results.append(await main())

    def work() -> None:
        try:
            anyio.run(scoped)
        except BaseException as failure:  # noqa: BLE001 - handed to the caller's thread
            failures.append(failure)

    _wait_for(work, stop)
    if failures:
        raise failures[0]
    return results[0]


def _wait_for(work: Callable[[], None], stop: list[Callable[[], object]]) -> None:
    thread = Worker(captured(work), "alive5-export")
    thread.start()
    try:
        thread.wait()
    except BaseException:
        for each in stop:
            each()
        thread.wait(_GRACE)
        raise
