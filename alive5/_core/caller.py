"""
The call of an operation: send, open, decide, back off, repeat. The only retry loop of the package.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import tzinfo
from typing import Any, TypeVar

import attrs

from .. import errors, models
from .._port.protocol import Port
from .._port.redirect import resolve
from .._sansio import decode, drift
from .._sansio.endpoint import Edition, Endpoint
from .._sansio.envelope import Opened, rows_of
from .._sansio.events import Event, OnEvent, warn_accepted
from .._sansio.options import Timeout
from .._sansio.outcome import Verdict
from .._sansio.raw_call import write_raw
from .._sansio.redact import shown_headers
from .._sansio.retry import RetryPolicy
from .._sansio.wire import Call, Reply
from .._zones import read_zone
from ..errors import Alive5Error
from ..models._base import Model
from .attempt import Attempt, Shared, attempt_of, error_of, event_of
from .reporter import Reporter

M = TypeVar("M", bound=Model)


@attrs.frozen(eq=False, repr=False)
class Caller:
    """A client's core: shared state with one set of options."""

    shared: Shared
    timeout: Timeout
    retry: RetryPolicy
    tz: tzinfo | None = attrs.field(default=None, converter=read_zone)
    org_name: str | None = None
    on_event: OnEvent | None = None
    chosen_edition: Edition | None = None

    @property
    def edition(self) -> Edition:
        """The edition to speak: the one chosen, else the documented one."""
        return self.chosen_edition or "documented"

    @property
    def port(self) -> Port:
        """The port to use now."""
        return resolve(self.shared.port)

    def overheard(self, listener: OnEvent) -> Caller:
        """
        Return a caller that calls *listener* with each event before the client's own ``on_event``.
        """
        theirs = self.on_event

        def notify_both(event: Event) -> None:
            listener(event)
            if theirs is not None:
                theirs(event)

        return attrs.evolve(self, on_event=notify_both)

    def deadline(self) -> float:
        """
        Return the deadline of an operation that starts now, by the port's clock.
        """
        return self.port.now() + self.timeout.total

    async def call(self, endpoint: Endpoint, arguments: Mapping[str, Any], *, deadline: float | None = None) -> Any:
        """
        Call an operation and return its model, or a list of them.
        """
        data = (await self.fetch(endpoint, arguments, deadline=deadline)).data
        try:
            if endpoint.shape == "one":
                one = decode.shape(endpoint.returns, data[0] if isinstance(data, list) and len(data) == 1 else data)
                return self.noted([one])[0]
            return self.noted(decode.shape_all(endpoint.returns, rows_of(data)))
        except BaseException:
            if endpoint.method != "GET":
                warn_accepted(endpoint.operation)
            raise

    def noted(self, entities: list[M]) -> list[M]:
        """
        Return models that were decoded just now: their drift is counted, and conversations know the client's zone.
        """
        drift.note(self.shared.drift, entities)
        if self.tz is not None:
            for entity in entities:
                if isinstance(entity, models.Conversation):
                    entity._zone = self.tz
        return entities

    async def fetch(
        self,
        endpoint: Endpoint,
        arguments: Mapping[str, Any],
        *,
        deadline: float | None = None,
        patience: int | None = None,
        edition: Edition | None = None,
    ) -> Opened:
        """
        Send until a response is final; *patience* bounds the retries after server errors.
        """
        self.check_ready(endpoint.operation)
        limits = self.timeout
        call = endpoint.write(
            arguments,
            edition=edition or self.edition,
            body_format=self.shared.body_format,
            connect=limits.connect,
            read=limits.read,
        )
        return await self.run(call, endpoint, deadline, patience)

    async def raw(self, method: str, path: str, params: Mapping[str, Any], body: Mapping[str, Any]) -> Opened:
        """
        Call an operation that is not modelled, with query and body as given.
        """
        limits, body_format = self.timeout, self.shared.body_format or "json"
        call = write_raw(method, path, params, body, body_format=body_format, connect=limits.connect, read=limits.read)
        return await self.run(call)

    async def run(
        self,
        call: Call,
        endpoint: Endpoint | None = None,
        deadline: float | None = None,
        patience: int | None = None,
    ) -> Opened:
        """
        Run the retry loop for a written call.
        """
        reporter = Reporter(self.port, call, self.on_event)
        end = self.deadline() if deadline is None else deadline
        try:
            opened = await self._repeat(reporter, endpoint, end, patience)
            if reporter.captures:
                reporter.captured()
        except BaseException:
            reporter.interrupted()
            if reporter.captures:
                reporter.captured()
            raise
        return opened

    async def _repeat(self, reporter: Reporter, endpoint: Endpoint | None, end: float, patience: int | None) -> Opened:
        port, shared = reporter.port, self.shared
        number, cost, error, ticket = 0, 0, None, next(shared.gate.tickets)
        while True:
            number += 1
            await self._pass_gate(reporter, end=end, number=number, error=error, ticket=ticket)
            if error is not None and shared.closed:
                raise error
            attempt = await self._attempt(reporter, endpoint, end)
            verdict = attempt.verdict
            if verdict is None:
                shared.gate.answer(port.now())
                shared.budget.refund(cost, self.retry.budget)
                reporter.end(event_of(attempt, None))
                return attempt.answer  # type: ignore[return-value]
            patience = None if patience is None else patience - (verdict.reason == "server_error")
            delay, cost = self._delay(attempt, verdict, end - port.now(), patience)
            self._work_gate(port, attempt)
            reporter.end(event_of(attempt, delay))
            error = error_of(attempt, verdict)
            if delay is None:
                raise error
            await reporter.wait(delay)

    def check_open(self, operation: str) -> None:
        """
        Raise ``ClientClosedError`` when the client is closed.
        """
        if self.shared.closed:
            raise errors.ClientClosedError("the client is closed: create a new one", operation=operation)

    def check_ready(self, operation: str) -> None:
        """
        Raise when the client is closed, or ``ConfigurationError`` when a key is needed and there is none even now.
        """
        self.check_open(operation)
        shared = self.shared
        # A redirected client, and one with a port of the user's own, need none.
        if shared.key is None and shared.find_key is not None and self.port is shared.port:
            try:
                shared.key = shared.find_key()
            except errors.ConfigurationError as error:
                error.operation = operation
                raise

    async def _attempt(self, reporter: Reporter, endpoint: Endpoint | None, end: float) -> Attempt:
        self.shared.used = True
        port, call, started = reporter.port, reporter.call, reporter.begin()
        try:
            answer = await port.send(call, end)
            if reporter.captures and isinstance(answer, Reply):
                headers = shown_headers(answer.headers, call, self.shared.key)
                reporter.request_id = headers.get("x-request-id") or headers.get("request-id")
            return attempt_of(call, reporter.number, port.now() - started, answer, endpoint, shared=self.shared)
        except BaseException as error:
            self.shared.gate.room += 1
            if isinstance(error, Exception):
                raise
            # The frames of a transport hold the key, which a traceback with locals would show.
            raise error.with_traceback(None) from None

    def _delay(self, attempt: Attempt, verdict: Verdict, left: float, patience: int | None) -> tuple[float | None, int]:
        delay = self.retry.decide(
            verdict,
            write=attempt.call.is_write,
            attempt=attempt.number,
            jitter=random.random(),
            retry_after=attempt.retry_after,
        )
        if delay is None or delay >= left or (patience is not None and patience < 0):
            return None, 0
        cost = self.shared.budget.take(verdict)
        return (None, 0) if cost is None else (delay, cost)

    async def _pass_gate(
        self, reporter: Reporter, *, end: float, number: int, error: Alive5Error | None, ticket: int
    ) -> None:
        # A Retry-After holds for the whole client, not only for the call it answered.
        gate, port = self.shared.gate, reporter.port
        try:
            while (wait := gate.wait(port.now(), ticket, number)) > 0:
                if wait > self.retry.max_retry_after or wait >= end - port.now():
                    raise error or errors.NotSentError(
                        "the server asked to wait longer than timeout or max_retry_after allow: call again later",
                        operation=reporter.call.operation,
                        attempts=number - 1,
                        reason="refused",
                        retry_after=wait,
                    )
                await reporter.wait(wait)
        finally:
            gate.leave(ticket)

    def _work_gate(self, port: Port, attempt: Attempt) -> None:
        wait = attempt.retry_after
        if wait is not None and 0 < wait <= self.retry.max_retry_after and attempt.code in (429, 503):
            self.shared.gate.close(port.now(), wait)
        else:
            self.shared.gate.answer(port.now())
