"""
The port of ``AsyncAlive5``: asyncio and trio, safe to cancel at any point.

Every exchange has a transport of one connection to itself, taken from a free
list and closed when anything goes wrong. That leaves no shared pool a
cancelled request could damage (httpcore#1093) and no quadratic scan of its
connections. The lists belong to a running loop, so one client serves many.
"""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from typing import Any

import anyio
import attrs
from anyio.lowlevel import current_token

from .._sansio.redact import Secret
from .._sansio.wire import Call, Failure, Host, Reply
from .body import Body, is_reusable
from .engine import flaw_of
from .exchange import write_request
from .settings import KEEP_IDLE, PortSettings
from .streams import TrackedBackend
from .trace import ExchangeTrace
from .verbs import AsyncVerbs, unwrapped

_left_behind: list[Any] = []


class Connection:
    """A transport with one connection."""

    __slots__ = ("_backend", "http")

    def __init__(self, settings: PortSettings) -> None:
        tls = settings.tls()
        self._backend = TrackedBackend(settings.engine.core)
        self.http = settings.engine.http.AsyncHTTPTransport(verify=tls)
        self.http._pool = settings.engine.core.AsyncConnectionPool(
            ssl_context=tls,
            proxy=settings.via(),
            max_connections=1,
            max_keepalive_connections=1,
            keepalive_expiry=KEEP_IDLE,
            network_backend=self._backend,
        )

    async def aclose(self) -> None:
        """
        Close the connection even while the caller is being cancelled.
        """
        with anyio.CancelScope(shield=True):
            await self._backend.abandon()


@attrs.define(eq=False)
class LoopState:
    """The connections of one running loop of one process."""

    pid: int
    loop: Any
    queue: anyio.Semaphore
    idle: dict[Host, list[Connection]] = attrs.field(factory=lambda: {"base": [], "read": []})
    keeper: AsyncGenerator[None, None] = attrs.field(
        default=attrs.Factory(lambda state: _keep(state.idle), takes_self=True)
    )
    closed: bool = False

    @property
    def is_over(self) -> bool:
        """Whether the loop will never run again."""
        if hasattr(self.loop, "is_closed"):
            return bool(self.loop.is_closed())
        try:
            self.loop.run_sync_soon(_nothing)
        except Exception:  # noqa: BLE001 - trio's RunFinishedError, without importing trio
            return True
        return False


def _nothing() -> None:
    pass


async def _keep(idle: dict[Host, list[Connection]]) -> AsyncGenerator[None, None]:
    # A loop that ends finishes its asynchronous generators first, while sockets can still be closed in order.
    try:
        yield
    finally:
        for connections in idle.values():
            while connections:
                await connections.pop().aclose()


class AsyncPort(AsyncVerbs):
    """A port over httpx's transports, with one deadline for queue and exchange."""

    def __init__(self, settings: PortSettings) -> None:
        self._settings = settings
        self._states: dict[Any, LoopState] = {}

    def use_key(self, key: Secret) -> None:
        """
        Add this key to the requests from now on.
        """
        self._settings = self._settings.with_key(key)

    async def send(self, call: Call, deadline: float) -> Reply | Failure:
        """
        Send once within the connection limit and return the whole response.
        """
        trace = ExchangeTrace(call)
        state = await self._state()
        answer: Reply | Failure | None = None
        with anyio.CancelScope(deadline=deadline):
            async with state.queue:
                answer = await self._exchange(state, call, trace, deadline - self.now())
        return trace.out_of_time() if answer is None else answer

    async def _exchange(self, state: LoopState, call: Call, trace: ExchangeTrace, left: float) -> Reply | Failure:
        # A write never rides an idle connection: the server may be closing it.
        host, settings = self._settings.of(call.host)
        idle = state.idle[host]
        connection = idle.pop() if idle and not call.is_write else Connection(settings)
        whole = False
        try:
            request = write_request(settings, call, left, trace.note_async)
            response = await connection.http.handle_async_request(request)
            reply = await self._read(trace.body(response), response.stream, connection)
            whole = reply.flaw is None and is_reusable(connection.http._pool)
        except Exception as error:  # noqa: BLE001 - a failure is a value, and nothing of httpx escapes
            return trace.failure(error, settings=settings)
        except BaseException as error:  # noqa: BLE001 - Ctrl-C, which the task group of connecting wraps on trio
            raise unwrapped(error) from None
        finally:
            if whole and not call.is_write and not state.closed:
                idle.append(connection)
            else:
                await connection.aclose()
        return reply

    async def _read(self, body: Body, stream: Any, connection: Connection) -> Reply:
        try:
            async for chunk in stream:
                if not body.feed(chunk):
                    # A break leaves httpcore's nested generators to the garbage collector; a read error ends them all.
                    await connection.aclose()
            await stream.aclose()
        except self._settings.engine.http.TransportError as error:
            return body.reply(flaw_of(error))
        return body.reply()

    async def _state(self) -> LoopState:
        loop = current_token().native_token
        state = self._states.get(loop)
        if state is not None and state.pid == os.getpid():
            return state
        for key, other in list(self._states.items()):
            if other.pid != os.getpid():
                # Closing them here would unregister the parent's sockets from the poll object both share.
                _left_behind.append(self._states.pop(key))
            elif other.is_over:
                del self._states[key]
        state = LoopState(os.getpid(), loop, anyio.Semaphore(self._settings.max_connections, fast_acquire=True))
        self._states[loop] = state
        await state.keeper.__anext__()
        return state

    async def aclose(self) -> None:
        """
        Close the idle connections of the running loop; those of others end with it.
        """
        loop = current_token().native_token
        state = self._states.pop(loop, None)
        if state is not None and state.pid == os.getpid():
            state.closed = True
            await state.keeper.aclose()
