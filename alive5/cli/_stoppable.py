"""A coroutine in a loop, which an interrupt cancels in good order."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TypeVar

import anyio

from ._exits import code_of
from ._live import SHOW_CURSOR
from ._session import Session
from ._watch import interrupt_of

T = TypeVar("T")

# A selector and a pair of sockets.
_FILES_OF_A_LOOP = 3


def run_stoppable(session: Session, main: Callable[[], Awaitable[T]]) -> T:
    """
    Run *main*; an interrupt cancels it and is raised after its clean-up.

    A later one ends the process as it stands, which an export survives.
    """
    numbers: list[int] = []
    results: list[T] = []

    async def scoped() -> None:
        loop = asyncio.get_running_loop()
        with anyio.CancelScope() as scope:

            def stop(number: int) -> None:
                numbers.append(number)
                if len(numbers) > 1:
                    _leave(number)
                with suppress(RuntimeError):  # the loop ended by itself just now
                    loop.call_soon_threadsafe(scope.cancel)

            session.watch.stop = stop
            results.append(await main())

    _check_files()
    try:
        anyio.run(scoped)
    finally:
        session.watch.stop = None
    if results:
        return results[0]
    raise interrupt_of(numbers[0])


def _check_files() -> None:
    """Open as many files as a loop does: one that cannot leaves a traceback of its own behind."""
    with ExitStack() as stack:
        for _ in range(_FILES_OF_A_LOOP):
            stack.enter_context(Path(os.devnull).open("rb"))


def _leave(number: int) -> None:
    with suppress(OSError, ValueError):
        if sys.stderr.isatty():
            os.write(sys.stderr.fileno(), SHOW_CURSOR.encode())
    os._exit(code_of(interrupt_of(number)))
