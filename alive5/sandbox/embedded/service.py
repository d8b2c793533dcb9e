"""The embedded service: what it was asked, what it applied, and what its next answers meet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timezone
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Literal, get_args

import attrs

from ..._lazy import importing
from ..._sansio.wire import Call, Failure, Reply
from ..data.ledger import Delivery, Request, Served
from ..quirks import Quirks
from ..service.dispatch import Answer, unauthorised
from ..service.dispatch import answer as respond
from ..service.request import Asked, Editions, read_call
from ..settings import Settings, read_quirks
from .clock import read_now
from .faults import Fault, Script, make_fault, plain, read_outcome, spoil
from .truth import Truth

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .port import SandboxPort, Verbs

_KEY_HEADER = "x-a5-apikey"


class Service(Truth):
    """
    What answers for Alive5, without clients of its own; :class:`~alive5.sandbox.Sandbox` says what it takes.
    """

    def __init__(
        self,
        *,
        seed: int = 1,
        livechat: int = 1000,
        sms: int = 300,
        fbm: int = 200,
        edition: Editions = "both",
        now: datetime | int | None = None,
        waits: Literal["skipped", "real"] = "skipped",
        **quirks: Unpack[Quirks],
    ) -> None:
        counts = {"livechat": livechat, "sms": sms, "fbm": fbm}
        if any(not isinstance(count, int) or count < 0 for count in counts.values()):
            raise ValueError("livechat, sms and fbm must be whole numbers of at least 0")
        if edition not in get_args(Editions):
            raise ValueError(f"edition must be one of {', '.join(map(repr, get_args(Editions)))}")
        if waits not in ("skipped", "real"):
            raise ValueError("waits must be 'skipped' or 'real'")
        self.settings: Settings = read_quirks(quirks)
        super().__init__(seed, counts, read_now(now), rhythm=self.settings.rhythm, skips=waits == "skipped")
        self.seed = seed
        self.edition: Editions = edition
        self.requests: list[Request] = []
        self.deliveries: list[Delivery] = []
        self.on_request: Callable[[Asked], None] | None = None
        self._counts = counts
        self._script = Script(seed, self.settings.faults)
        self._attempts: dict[tuple[Any, ...], int] = {}

    def __repr__(self) -> str:
        counts = " ".join(f"{kind}={count}" for kind, count in self._counts.items())
        return f"<Sandbox seed={self.seed} {counts}>"

    def port(self, verbs: Verbs) -> SandboxPort:
        """
        Return a port to this sandbox that waits as *verbs* do.
        """
        with importing():
            from .port import SandboxPort

        return SandboxPort(self.exchange, verbs, self._clock)

    def fail(self, name: str, *, times: int | None = 1, on: str | None = None, after: int = 0, **details: Any) -> None:
        """
        Add a fault of ``FAULTS`` for *times* requests (None: all), after the first *after*.

        ``on`` is an operation such as "sms.send", or a path. Faults asked for
        first strike first.
        """
        fault = make_fault(name, details)
        with self._lock:
            self._script.add(fault, times, on, after)

    def next(self, on: str, outcomes: Iterable[str | tuple[str, Mapping[str, Any]]]) -> None:
        """
        Add what the next requests of an operation or path meet, in order: "ok", a fault, or a fault with its details.

        As in ``next("sms.send", ["reset_after", ("rate_limited", {"retry_after": 30}), "ok"])``.
        They come before the faults of :meth:`fail`; "ok" keeps any fault away.
        """
        faults = list(map(read_outcome, [outcomes] if isinstance(outcomes, str) else outcomes))
        with self._lock:
            self._script.plan(on, faults)

    def sent(
        self,
        *,
        phone_number_to: str | None = None,
        message: str | None = None,
        phone_number_from: str | None = None,
        channel_id: str | None = None,
        user_id: str | None = None,
    ) -> list[dict[str, Any]]:
        """
        Return the arguments of the texts that were sent, those that are as given, in the order of sending.

        What a fault hid from the client counts: it was sent.
        """
        given = {name: value for name, value in locals().items() if name != "self" and value is not None}
        texts = [delivery.arguments for delivery in list(self.deliveries) if delivery.operation == "sms.send"]
        return [text for text in texts if all(plain(text.get(name)) == plain(given[name]) for name in given)]

    def clear_faults(self) -> None:
        """
        Remove all faults added with :meth:`fail` and :meth:`next`.
        """
        with self._lock:
            self._script.clear()

    def unused_faults(self) -> list[tuple[str, str | None]]:
        """
        Return the faults added with :meth:`fail` or :meth:`next` that met no request yet: name, and operation or path.
        """
        with self._lock:
            return self._script.unused()

    def exchange(self, call: Call, *, check_key: bool = False) -> Served:
        """
        Return the answer to one call; *check_key* is for a call from a socket.

        Its key is checked, and where both editions have its path, its
        parameters choose one.
        """
        asked = read_call(call, self.edition, served=check_key)
        answer, delay = self._exchange(call, asked, check_key=check_key)
        return Served(answer, delay, asked.operation, asked.place)

    def _exchange(self, call: Call, asked: Asked, *, check_key: bool) -> tuple[Reply | Failure, float]:
        with self._lock:
            if self.on_request is not None:
                self.on_request(asked)
            number, fault = self._note(call, asked)
            call.departure.left = fault is None or fault.name != "refused"
            if fault is not None and not fault.delivers:
                return spoil(fault, Reply(status=200), self.settings), self.settings.latency
            key = next((value for name, value in call.headers if name.lower() == _KEY_HEADER), None)
            refused = unauthorised(asked, key, self.settings) if check_key else None
            done = refused or respond(self._store, asked, self.settings, number)
            self._apply(done, asked, number)
        good = self._dated(done.reply)
        reply = good if fault is None else spoil(fault, good, self.settings)
        slow = fault.details["seconds"] if fault is not None and fault.name == "slow" else 0.0
        return reply, self.settings.latency + slow

    def _dated(self, reply: Reply) -> Reply:
        if not self.settings.dated:
            return reply
        present = format_datetime(datetime.fromtimestamp(self._store.present / 1_000, timezone.utc), usegmt=True)
        return attrs.evolve(reply, headers={"date": present, **reply.headers})

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
        self._taken = number
        return number, fault

    def _apply(self, done: Answer, asked: Asked, number: int) -> None:
        for effect in done.effects:
            self._store.apply(effect)
        if done.accepted and asked.method != "GET":
            self.deliveries.append(Delivery(number=number, operation=asked.operation, arguments=asked.arguments or {}))
