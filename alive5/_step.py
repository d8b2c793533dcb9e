"""Running a coroutine that never waits for an event loop, in one step."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def step(coroutine: Coroutine[Any, Any, T]) -> T:
    """
    Run a coroutine over a blocking port to its end.

    :raises RuntimeError: when it waits for an event loop, which names it.
    """
    try:
        coroutine.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    else:
        name = getattr(coroutine, "__qualname__", repr(coroutine))
        raise RuntimeError(f"{name} waited for an event loop; a port for Alive5 must never suspend")
    finally:
        coroutine.close()
