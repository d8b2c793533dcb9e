"""Attempts, the state of a client they share, and the errors made of them, which hold nothing personal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from .. import errors
from .._port.protocol import Port
from .._sansio.endpoint import Edition, Endpoint
from .._sansio.envelope import Opened, Refusal, Unreadable, find_rows, open_reply
from .._sansio.events import Event
from .._sansio.evidence import is_evident
from .._sansio.http_times import retry_after, server_time
from .._sansio.origins import Origins, describe_redirect
from .._sansio.outcome import Verdict, judge
from .._sansio.redact import Secret, shown_headers
from .._sansio.retry import Budget
from .._sansio.throttle import RetryAfterGate
from .._sansio.wire import BodyFormat, Call, Failure, Reply
from ..errors import Alive5Error


@attrs.define(eq=False, repr=False)
class Shared:
    """
    State shared by all options of one client; without locks, since one held at a fork would hang the child.
    """

    port: Port
    key: Secret | None
    origins: Origins
    body_format: BodyFormat | None
    budget: Budget
    find_key: Callable[[], Secret] | None = None
    gate: RetryAfterGate = attrs.field(factory=RetryAfterGate)
    org_name: str | None = None
    bases: dict[tuple[str, Edition], int] = attrs.field(factory=dict)
    drift: dict[str, int] = attrs.field(factory=dict)
    blocking: bool = False
    used: bool = False
    closed: bool = False


@attrs.frozen(eq=False, repr=False)
class Attempt:
    """
    One attempt with its response, opened or judged; nothing else of what came is kept.

    ``status`` is None without a response. What a failed one had in harmless
    ``headers``, the seconds it asked to wait and a ``hint`` are there with a verdict.
    """

    call: Call
    number: int
    seconds: float
    answer: Opened | Refusal | Unreadable | Failure
    verdict: Verdict | None
    status: int | None = None
    headers: Mapping[str, str] = attrs.field(factory=dict)
    retry_after: float | None = None
    server_time: float | None = None
    hint: str = ""

    @property
    def code(self) -> int | None:
        """The code that decided, of the envelope or of HTTP."""
        return self.answer.code if isinstance(self.answer, Refusal) else None


def attempt_of(
    call: Call, number: int, seconds: float, answer: Reply | Failure, endpoint: Endpoint | None, *, shared: Shared
) -> Attempt:
    """
    Return an attempt with the verdict on what came; *endpoint* is None for an operation that is not modelled.
    """
    write, doubtful = call.is_write, endpoint is not None and endpoint.doubtful_errors
    if isinstance(answer, Failure):
        return Attempt(call, number, seconds, answer, judge(answer, write=write))
    opened = _as_documented(open_reply(answer), answer.status, endpoint, write)
    attempt = Attempt(call, number, seconds, opened, None, answer.status, server_time=server_time(answer))
    if isinstance(opened, Opened):
        return attempt
    verdict, headers = judge(opened, write=write, doubtful=doubtful), shown_headers(answer.headers, call, shared.key)
    hint = _hint(call, answer, verdict, shared)
    return attrs.evolve(attempt, verdict=verdict, headers=headers, retry_after=retry_after(answer), hint=hint)


def _hint(call: Call, reply: Reply, verdict: Verdict, shared: Shared) -> str:
    if 300 <= reply.status < 400:
        return describe_redirect(reply.headers.get("location", ""), shared.origins.of(call.host), call.host)
    if verdict.error is errors.AuthenticationError and shared.key is not None and shared.key.source:
        return f"the key came from {shared.key.source}"
    return ""


def _as_documented(
    opened: Opened | Refusal | Unreadable, status: int, endpoint: Endpoint | None, write: bool
) -> Opened | Refusal | Unreadable:
    """Return an answer as what it means to its operation."""
    shape = "one" if endpoint is None else endpoint.shape
    if isinstance(opened, Refusal) and shape == "listing" and opened.code == 404 and opened.enveloped:
        return Opened(None)
    if isinstance(opened, Opened):
        if shape != "one" and find_rows(opened.data) is None:
            return Unreadable(status, "no list where one belongs")
        if write and not is_evident(opened, frozenset() if endpoint is None else endpoint.evidence):
            return Unreadable(status, "neither a good code nor a documented value")
    return opened


def error_of(attempt: Attempt, verdict: Verdict) -> Alive5Error:
    """
    Return the error for an attempt that returned no data.
    """
    facts: dict[str, Any] = {
        "outcome": verdict.outcome,
        "operation": attempt.call.operation,
        "attempts": attempt.number,
        "status": attempt.status,
        "code": attempt.code,
        "reason": verdict.reason,
        "retry_after": attempt.retry_after,
        "worth_repeating": verdict.is_worth_repeating(write=attempt.call.is_write),
    }
    answer = attempt.answer
    if issubclass(verdict.error, errors.ApiError) and isinstance(answer, Refusal):
        sentence = _sentence(attempt, verdict, answer.text)
        return verdict.error(sentence, message=answer.text, headers=attempt.headers, **facts)
    error = verdict.error(_sentence(attempt, verdict, ""), **facts)
    if isinstance(answer, Failure) and answer.cause:
        error.__cause__ = errors.Cause(answer.cause)
    return error


def event_of(attempt: Attempt, delay: float | None) -> Event:
    """
    Return the event of an attempt; *delay* is the seconds until the next one.
    """
    return Event(
        operation=attempt.call.operation,
        attempt=attempt.number,
        status=attempt.status,
        code=attempt.code,
        seconds=attempt.seconds,
        outcome="accepted" if attempt.verdict is None else attempt.verdict.outcome,
        retry_delay=delay,
        server_time=attempt.server_time,
        reason=None if attempt.verdict is None else attempt.verdict.reason,
    )


def _sentence(attempt: Attempt, verdict: Verdict, message: str) -> str:
    answer = attempt.answer
    if isinstance(answer, Failure):
        what = answer.detail or "no answer came"
    elif isinstance(answer, Unreadable):
        what = f"HTTP {answer.status} with a body that cannot be trusted ({answer.why})"
    else:
        code = f", code {attempt.code}" if attempt.code not in (None, attempt.status) else ""
        what = f"HTTP {attempt.status}{code}" + (f": {message}" if message else "")
    what += f"; {attempt.hint}" if attempt.hint else ""
    if verdict.error is errors.OutcomeUnknownError:
        return f"{what}; it may have been applied, look before repeating it"
    return f"{what}; it never left" if isinstance(answer, Failure) and not answer.left else what
