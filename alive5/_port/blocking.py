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

from .._sansio.wire import Call, Failure, Reply
from .body import Body, is_reusable
from .engine import flaw_of
from .exchange import write_request
from .places import Places
from .protocol import Port
from .settings import KEEP_IDLE, PortSettings
from .stage import Stage
from .streams import DeadlineBackend
from .threads import BlockingVerbs, current_crew

_left_behind: list[Any] = []


class Link:
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
class Lane:
    """What belongs to one process."""

    pid: int
    places: Places
    idle: list[Link] = attrs.field(factory=list)
    closed: bool = False

    def take(self) -> Link | None:
        """
        Give an idle link, when there is one.
        """
        try:
            return self.idle.pop()
        except IndexError:
            return None

    def keep(self, link: Link) -> None:
        """
        Take a link back; after closing, other threads may still bring theirs.
        """
        self.idle.append(link)
        if self.closed:
            self.close()

    def close(self) -> None:
        """
        Close the idle links, and those brought later.
        """
        self.closed = True
        while (link := self.take()) is not None:
            link.backend.abandon()


class BlockingPort(BlockingVerbs):
    """Sends over httpx's blocking transports; its coroutines never suspend."""

    def __init__(self, settings: PortSettings) -> None:
        self._settings = settings
        self._lane = self._new_lane()

    async def send(self, call: Call, deadline: float) -> Reply | Failure:
        """
        Wait for a place, send once, read the answer whole.
        """
        stage = Stage(call)
        lane = self._own_lane()
        crew = current_crew()
        if crew is not None:
            crew.check()
        place = lane.places.take(deadline)
        if place is None:
            return stage.out_of_time()
        try:
            return self._exchange(lane, call, stage, deadline)
        finally:
            lane.places.give(place)

    def _exchange(self, lane: Lane, call: Call, stage: Stage, deadline: float) -> Reply | Failure:
        # A write never rides an idle connection: the server may be closing it.
        link = (None if call.is_write else lane.take()) or Link(self._settings)
        link.backend.deadline = deadline
        crew = current_crew()
        whole = False
        try:
            if crew is not None:
                crew.watch(link.backend.cut)
            request = write_request(self._settings, call, deadline - time.monotonic(), stage.note)
            response = link.http.handle_request(request)
            reply = self._read(stage.body(response), response.stream)
            whole = reply.flaw is None and is_reusable(link.http._pool)
        except Exception as error:  # noqa: BLE001 - a failure is a value, and nothing of httpx escapes
            return stage.failure(error, late=time.monotonic() >= deadline)
        finally:
            if crew is not None:
                crew.forget()
            if whole and not call.is_write:
                lane.keep(link)
            else:
                link.backend.abandon()
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
        Make the asynchronous port with the same settings.
        """
        from .asynchronous import AsyncPort

        return AsyncPort(self._settings)

    def _own_lane(self) -> Lane:
        if self._lane.pid != os.getpid():
            # The parent goes on using these sockets: forget them without closing.
            _left_behind.append(self._lane)
            self._lane = self._new_lane()
        return self._lane

    def _new_lane(self) -> Lane:
        return Lane(os.getpid(), Places(self._settings.max_connections))

    async def aclose(self) -> None:
        """
        Close the idle connections.
        """
        self._own_lane().close()
