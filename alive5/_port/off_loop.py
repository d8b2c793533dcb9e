"""Work that blocks, kept off the event loop where there is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import anyio
import anyio.to_thread

T = TypeVar("T")


async def in_thread(fn: Callable[..., T], *arguments: Any) -> T:
    """
    Return the result of a call in a thread, which finishes even when the task is cancelled.
    """
    results: list[T] = []
    with anyio.CancelScope(shield=True):
        results.append(await anyio.to_thread.run_sync(fn, *arguments))
    return results[0]


async def off_loop(blocking: bool, fn: Callable[..., T], *arguments: Any) -> T:
    """
    Return the result of a call: here when the front is *blocking*, else in a thread.
    """
    return fn(*arguments) if blocking else await in_thread(fn, *arguments)
