"""One test body for asyncio, trio and the blocking front."""

from __future__ import annotations

import inspect
import threading
import time
from collections.abc import Awaitable, Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import anyio
import pytest
import uvicorn

from alive5 import Alive5, AsyncAlive5
from alive5._port.threads import BlockingVerbs
from alive5._port.verbs import AsyncVerbs
from alive5._sansio.step import Steps, step
from alive5.sandbox import Sandbox
from support.scripted import Answer, ScriptedPort
from support.watch import CANARY

T = TypeVar("T")
E = TypeVar("E", bound=BaseException)
Body = Callable[[Any], Awaitable[T]]

NAMES = ("asyncio", "trio", "sync")


class Front:
    """
    A way to call Alive5, with its colour hidden: test bodies are written as for ``AsyncAlive5``.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_blocking = name == "sync"

    def client(self, **options: Any) -> Any:
        """
        Make a client, with the canary as its key; use it in a body that is driven.
        """
        options = {"api_key": CANARY, **options}
        return Awaited(Alive5(**options)) if self.is_blocking else AsyncAlive5(**options)

    def bare_client(self, **options: Any) -> Any:
        """
        Make a client without a key of the test's.
        """
        return Awaited(Alive5(**options)) if self.is_blocking else AsyncAlive5(**options)

    def drive(self, main: Callable[[], Awaitable[T]]) -> T:
        """
        Run an async function that uses clients of this front.
        """
        if self.is_blocking:
            return step(main())  # type: ignore[arg-type]
        return anyio.run(main, backend=self.name)

    def run(self, body: Body[T], **options: Any) -> T:
        """
        Run *body* with a client that is closed afterwards.
        """

        async def main() -> T:
            async with self.client(**options) as client:
                return await body(client)

        return self.drive(main)

    def fails(self, kind: type[E], body: Body[Any], **options: Any) -> E:
        """
        Run *body* and give the error it has to raise, of exactly that class.
        """
        with pytest.raises(kind) as caught:
            self.run(body, **options)
        assert kind is caught.type
        return caught.value

    def port(self, answers: Iterable[Answer] | Callable[[Any], Answer] = ()) -> ScriptedPort:
        """
        Make a port that gives *answers* on a virtual clock.
        """
        return ScriptedPort(answers, BlockingVerbs() if self.is_blocking else AsyncVerbs())

    def real(self, url: str, **options: Any) -> dict[str, Any]:
        """
        Return the options of a client that talks to a server on this machine.
        """
        return {"base_url": url, **options}

    def sandbox(self, sandbox: Any, **options: Any) -> Any:
        """
        Make a client of a sandbox.
        """
        return Awaited(sandbox.client(**options)) if self.is_blocking else sandbox.async_client(**options)

    def inside(self, sandbox: Any, body: Body[T], **options: Any) -> T:
        """
        Run *body* with a client of a sandbox.
        """

        async def main() -> T:
            async with self.sandbox(sandbox, **options) as client:
                return await body(client)

        return self.drive(main)


class Awaited:
    """A blocking object with awaitable methods, so that one body serves all fronts."""

    def __init__(self, target: Any) -> None:
        self._target = target

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._target, "close" if name == "aclose" else name)
        if inspect.ismethod(value):
            return lambda *args, **kwargs: _awaitable(value(*args, **kwargs))
        return Awaited(value) if _is_ours(value) else value

    async def __aenter__(self) -> Awaited:
        self._target.__enter__()
        return self

    async def __aexit__(self, *error: Any) -> None:
        self._target.__exit__(*error)

    def __aiter__(self) -> _Iteration:
        return _Iteration(iter(self._target))

    def __await__(self) -> Generator[Any, Any, Awaited]:
        return self
        yield

    def __bool__(self) -> bool:
        return bool(self._target)

    def __repr__(self) -> str:
        return repr(self._target)


class _Iteration:
    def __init__(self, items: Iterator[Any]) -> None:
        self._items = items

    def __aiter__(self) -> _Iteration:
        return self

    async def __anext__(self) -> Any:
        for item in self._items:
            return item
        raise StopAsyncIteration


def _is_ours(value: Any) -> bool:
    return type(value).__module__ == "alive5._facade"


def _awaitable(value: Any) -> Any:
    if _is_ours(value):
        return Awaited(value)
    return _Iteration(value) if isinstance(value, Steps) else _given(value)


async def _given(value: T) -> T:
    return value


_LIMIT = 10


@contextmanager
def served(sandbox: Sandbox) -> Iterator[str]:
    """
    Serve a sandbox; gives the address without a path.
    """
    config = uvicorn.Config(sandbox.asgi, host="127.0.0.1", port=0, log_level="critical", http="h11", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    end = time.monotonic() + _LIMIT
    while not server.started and time.monotonic() < end:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(_LIMIT)
