"""The sandbox: an embedded Alive5 with a ledger of its requests."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import partial
from typing import TYPE_CHECKING, Any

from .._port import redirect
from .._sansio.options import KEY_VARIABLE
from .._sansio.wire import Call, Reply
from .data.conversations import KINDS, Row
from .data.ledger import Delivery, Request, Served
from .data.store import Gone, Put, Store
from .faults import Fault, Script, make_fault, spoil
from .quirks import Quirks, Settings, read_quirks
from .service.creates import moment
from .service.dispatch import Answer, answer, unauthorised
from .service.request import Asked, read_call

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .._facade import Alive5
    from .._port.protocol import Port
    from ..client import AsyncAlive5
    from .asgi import App

_KEY_HEADER = "x-a5-apikey"


class Sandbox:
    """
    An embedded Alive5: all sixteen operations, seeded data, quirks and faults by name.

    The same seed and the same calls have the same responses everywhere. It
    makes up conversations from 2025-10-01 to 2026-03-31, which is its present,
    and people with numbers and addresses nobody has. ``requests`` holds every
    request, ``deliveries`` every write applied, before a fault changes the
    response. ``on_request`` is called with each request before its response
    and may change the data.
    """

    def __init__(
        self, *, seed: int = 1, livechat: int = 1000, sms: int = 300, fbm: int = 200, **quirks: Unpack[Quirks]
    ) -> None:
        counts = {"livechat": livechat, "sms": sms, "fbm": fbm}
        if any(not isinstance(count, int) or count < 0 for count in counts.values()):
            raise ValueError("livechat, sms and fbm must be whole numbers of at least 0")
        self.seed = seed
        self.settings: Settings = read_quirks(quirks)
        self.requests: list[Request] = []
        self.deliveries: list[Delivery] = []
        self.on_request: Callable[[Asked], None] | None = None
        self._counts = counts
        self._store = Store(seed, counts)
        self._script = Script(seed, self.settings.faults)
        self._attempts: dict[tuple[Any, ...], int] = {}
        self._changes = 0
        self._lock = threading.RLock()

    def __repr__(self) -> str:
        counts = " ".join(f"{kind}={count}" for kind, count in self._counts.items())
        return f"<Sandbox seed={self.seed} {counts}>"

    def client(self, **options: Any) -> Alive5:
        """
        Return a blocking client of this sandbox; options are those of ``Alive5``.
        """
        from .._facade import Alive5
        from .._port.threads import BlockingVerbs
        from .port import SandboxPort

        return Alive5(**{"api_key": self.settings.key, "port": SandboxPort(self.exchange, BlockingVerbs()), **options})

    def async_client(self, **options: Any) -> AsyncAlive5:
        """
        Return an asynchronous client of this sandbox; options are those of ``AsyncAlive5``.
        """
        from .._port.verbs import AsyncVerbs
        from ..client import AsyncAlive5
        from .port import SandboxPort

        return AsyncAlive5(
            **{"api_key": self.settings.key, "port": SandboxPort(self.exchange, AsyncVerbs()), **options}
        )

    @contextmanager
    def patch(self) -> Iterator[Sandbox]:
        """
        Redirect every client of the process, existing ones included, to this sandbox.

        The environment holds a test key meanwhile, unless it has one.
        """
        from .port import SandboxPort

        def wrapper(own: Port) -> Port:
            return SandboxPort(self.exchange, own)

        before = os.environ.get(KEY_VARIABLE)
        if not before:
            os.environ[KEY_VARIABLE] = self.settings.key
        redirect.push(wrapper)
        try:
            yield self
        finally:
            redirect.remove(wrapper)
            if before is None:
                os.environ.pop(KEY_VARIABLE, None)
            else:
                os.environ[KEY_VARIABLE] = before

    @property
    def asgi(self) -> App:
        """The sandbox as an ASGI application, for any server and any base path."""
        from .asgi import App

        return App(partial(self.exchange, check_key=True))

    def fail(self, name: str, *, times: int | None = 1, on: str | None = None, after: int = 0, **details: Any) -> None:
        """
        Add a fault of ``FAULTS`` for *times* requests (None: all), after the first *after*.

        ``on`` is an operation such as "sms.send", or a path. Faults asked for
        first strike first.
        """
        fault = make_fault(name, details)
        with self._lock:
            self._script.add(fault, times, on, after)

    def clear_faults(self) -> None:
        """
        Remove all faults added with :meth:`fail`.
        """
        with self._lock:
            self._script.clear()

    def unused_faults(self) -> list[tuple[str, str | None]]:
        """
        Return the faults added with :meth:`fail` that met no request yet: name, and operation or path.
        """
        with self._lock:
            return self._script.unused()

    def conversations(self, kind: str) -> list[Row]:
        """
        Return the conversations of a kind in the documented shape, oldest first, without quirks.
        """
        with self._lock:
            refs = self._store.select(_kind(kind))
            # Generated rows are new each time; only stored ones need a copy.
            return [deepcopy(row) if ref < 0 else row for ref in refs for row in [self._store.row(kind, ref)]]

    def tags(self) -> list[Row]:
        """
        Return the tags, without quirks.
        """
        with self._lock:
            return deepcopy(self._store.tags)

    def channels(self) -> list[Row]:
        """
        Return the channels with their agents, without quirks.
        """
        with self._lock:
            return deepcopy(self._store.channels)

    def add(self, kind: str, **values: Any) -> Row:
        """
        Add a conversation; *values* have wire names, ``start_time`` in epoch milliseconds.
        """
        with self._lock:
            self._changes += 1
            start = values.get("start_time", moment(len(self.requests)))
            row = {**self._store.fresh(_kind(kind), 1_000_000_000 + self._changes, start), **values}
            self._store.apply(Put(kind, row))
            return deepcopy(row)

    def change(self, kind: str, session_id: str, **values: Any) -> Row:
        """
        Change a conversation.

        :raises KeyError: when there is none with that id.
        """
        with self._lock:
            row = {**self._store.row(kind, self._ref(kind, session_id)), **values, "alive5_sessionID": session_id}
            self._store.apply(Put(kind, row))
            return deepcopy(row)

    def remove(self, kind: str, session_id: str) -> None:
        """
        Remove a conversation.

        :raises KeyError: when there is none with that id.
        """
        with self._lock:
            self._ref(kind, session_id)
            self._store.apply(Gone(kind, session_id))

    def exchange(self, call: Call, *, check_key: bool = False) -> Served:
        """
        Return the response to one call, in process or from a socket; *check_key* checks its headers.
        """
        asked = read_call(call)
        with self._lock:
            if self.on_request is not None:
                self.on_request(asked)
            number, fault = self._note(call, asked)
            call.departure.left = fault is None or fault.name != "refused"
            if fault is not None and not fault.delivers:
                return Served(spoil(fault, Reply(status=200), self.settings), self.settings.latency)
            key = next((value for name, value in call.headers if name.lower() == _KEY_HEADER), None)
            refused = unauthorised(asked, key, self.settings) if check_key else None
            done = refused or answer(self._store, asked, self.settings, number)
            self._apply(done, asked, number)
        reply = done.reply if fault is None else spoil(fault, done.reply, self.settings)
        slow = fault.details["seconds"] if fault is not None and fault.name == "slow" else 0.0
        return Served(reply, self.settings.latency + slow)

    def _note(self, call: Call, asked: Asked) -> tuple[int, Fault | None]:
        number = len(self.requests) + 1
        fault = self._script.draw(asked.operation, asked.path, number)
        same = (call.method, call.path, call.query, call.content)
        self._attempts[same] = attempt = self._attempts.get(same, 0) + 1
        request = Request(
            number=number,
            operation=asked.operation,
            method=asked.method,
            path=asked.path,
            query=call.query,
            attempt=attempt,
            fault=None if fault is None else fault.name,
        )
        self.requests.append(request)
        return number, fault

    def _apply(self, done: Answer, asked: Asked, number: int) -> None:
        for effect in done.effects:
            self._store.apply(effect)
        if done.accepted and asked.method != "GET":
            self.deliveries.append(Delivery(number=number, operation=asked.operation, arguments=asked.arguments or {}))

    def _ref(self, kind: str, session_id: str) -> int:
        ref = self._store.find(_kind(kind), session_id)
        if ref is None:
            raise KeyError(session_id)
        return ref


def _kind(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"no such kind: {kind!r}; there are {', '.join(KINDS)}")
    return kind
