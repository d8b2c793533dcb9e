"""
The port of ``Alive5``: plain blocking sockets, safe in threads, forks and at exit.

Every exchange has a transport of one connection to itself, taken from a free
list and put back; httpcore's shared pool has an open race between threads
(httpcore#1110). There is no thread and no loop of its own.
"""

from __future__ import annotations

import os
import time
from contextlib import nullcontext
from typing import Any

import attrs

from .._lazy import importing
from .._sansio.redact import Secret
from .._sansio.wire import Call, Failure, Host, Reply
from .body import Body, is_reusable
from .engine import flaw_of
from .exchange import write_request
from .protocol import Port
from .settings import KEEP_IDLE, PortSettings
from .slots import Slots
from .streams import DeadlineBackend
from .threads import BlockingVerbs, current_group
from .trace import ExchangeTrace

_left_behind: list[Any] = []


class Connection:
    """A transport with one connection."""

    __slots__ = ("backend", "http")

    def __init__(self, settings: PortSettings) -> None:
        tls = settings.tls()
        self.backend = DeadlineBackend(settings.engine.core)
        self.http = settings.engine.http.HTTPTransport(verify=tls)
        self.http._pool = settings.engine.core.ConnectionPool(
            ssl_context=tls,
            proxy=settings.via(),
            max_connections=1,
            max_keepalive_connections=1,
            keepalive_expiry=KEEP_IDLE,
            network_backend=self.backend,
        )
        # One exchange at a time needs no lock; an interrupt between taking and using it would hang the clean-up.
        self.http._pool._optional_thread_lock = nullcontext()


@attrs.define(eq=False)
class ProcessState:
    """The connections of one process."""

    pid: int
    slots: Slots
    idle: dict[Host, list[Connection]] = attrs.field(factory=lambda: {"base": [], "read": []})
    closed: bool = False

    def take(self, host: Host) -> Connection | None:
        """
        Return an idle connection to a host, or None.
        """
        try:
            return self.idle[host].pop()
        except IndexError:
            return None

    def keep(self, host: Host, connection: Connection) -> None:
        """
        Add an idle connection; it is closed at once when the port is.
        """
        self.idle[host].append(connection)
        if self.closed:
            self.close()

    def close(self) -> None:
        """
        Close the idle connections, and those added later.
        """
        self.closed = True
        for host in self.idle:
            while (connection := self.take(host)) is not None:
                connection.backend.abandon()


class BlockingPort(BlockingVerbs):
    """A port over httpx's blocking transports; its coroutines never suspend."""

    def __init__(self, settings: PortSettings) -> None:
        self._settings = settings
        self._state = self._new_state()

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
        state = self._own_state()
        group = current_group()
        if group is not None:
            group.check()
        slot = state.slots.take(deadline)
        if slot is None:
            return trace.out_of_time()
        try:
            return self._exchange(state, call, trace, deadline)
        finally:
            state.slots.give(slot)

    def _exchange(self, state: ProcessState, call: Call, trace: ExchangeTrace, deadline: float) -> Reply | Failure:
        # A write never rides an idle connection: the server may be closing it.
        host, settings = self._settings.of(call.host)
        connection = (None if call.is_write else state.take(host)) or Connection(settings)
        connection.backend.deadline = deadline
        group = current_group()
        whole = False
        try:
            if group is not None:
                group.watch(connection.backend.cut)
            request = write_request(settings, call, deadline - time.monotonic(), trace.note)
            response = connection.http.handle_request(request)
            reply = self._read(trace.body(response), response.stream)
            whole = reply.flaw is None and is_reusable(connection.http._pool)
        except Exception as error:  # noqa: BLE001 - a failure is a value, and nothing of httpx escapes
            return trace.failure(error, late=time.monotonic() >= deadline, settings=settings)
        finally:
            if group is not None:
                group.forget()
            if whole and not call.is_write:
                state.keep(host, connection)
            else:
                connection.backend.abandon()
        return reply

    def _read(self, body: Body, stream: Any) -> Reply:
        try:
            for chunk in stream:
                if not body.feed(chunk):
                    break
            else:
                stream.close()
        except self._settings.engine.http.TransportError as error:
            return body.reply(flaw_of(error))
        return body.reply()

    def asynchronous(self) -> Port:
        """
        Return the asynchronous port with the same settings.
        """
        with importing():
            from .asynchronous import AsyncPort

        return AsyncPort(self._settings)

    def _own_state(self) -> ProcessState:
        if self._state.pid != os.getpid():
            # The parent goes on using these sockets: forget them without closing.
            _left_behind.append(self._state)
            self._state = self._new_state()
        return self._state

    def _new_state(self) -> ProcessState:
        return ProcessState(os.getpid(), Slots(self._settings.max_connections))

    async def aclose(self) -> None:
        """
        Close the idle connections.
        """
        self._own_state().close()
