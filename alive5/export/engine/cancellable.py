"""Rendering in a thread that stops at the next row when the export is cancelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread

from ..._port.verbs import unwrapped
from ..state.store import Store

T = TypeVar("T")


async def cancellable(write: Callable[[], T], store: Store) -> T:
    """
    Run *write*, which reads rows of *store*, in a thread; a cancellation waits until it has stopped.
    """
    results: list[T] = []
    failures: list[Exception] = []
    done = anyio.Event()

    async def work() -> None:
        with anyio.CancelScope(shield=True):
            try:
                results.append(await anyio.to_thread.run_sync(write))
            except Exception as failure:  # noqa: BLE001 - kept as a value, so that no group escapes
                failures.append(failure)
        done.set()

    try:
        async with anyio.create_task_group() as group:
            group.start_soon(work)
            try:
                await done.wait()
            finally:
                store.stopping = not done.is_set()
    except BaseException as error:  # noqa: BLE001 - raised again, out of its groups
        raise unwrapped(error) from None
    if failures:
        raise failures[0]
    return results[0]
