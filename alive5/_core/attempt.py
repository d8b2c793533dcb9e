"""Attempts, and the errors made of them, which hold nothing personal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from .. import errors
from .._sansio.endpoint import Endpoint
from .._sansio.envelope import Opened, Refusal, Unreadable, find_rows, open_reply, retry_after, server_time
from .._sansio.events import Event
from .._sansio.evidence import is_evident
from .._sansio.outcome import Verdict, judge
from .._sansio.redact import Secret, scrub
from .._sansio.wire import Call, Failure, Reply
from ..errors import Alive5Error

_SHOWN_HEADERS = ("retry-after", "date", "content-type", "x-request-id", "request-id", "server")


@attrs.frozen(repr=False)
class Attempt:
    """One attempt with its response, opened or judged."""

    call: Call
    number: int
    seconds: float
    answer: Opened | Refusal | Unreadable | Failure
    reply: Reply | None
    verdict: Verdict | None

    @property
    def status(self) -> int | None:
        """The HTTP status; None without a response."""
        return self.reply.status if self.reply is not None else None

    @property
    def code(self) -> int | None:
        """The code that decided, of the envelope or of HTTP."""
        return self.answer.code if isinstance(self.answer, Refusal) else None

    @property
    def retry_after(self) -> float | None:
        """The seconds the server asked to wait."""
        return retry_after(self.reply) if self.reply is not None and self.verdict is not None else None


def attempt_of(call: Call, number: int, seconds: float, answer: Reply | Failure, endpoint: Endpoint | None) -> Attempt:
    """
    Return an attempt with the verdict on what came; *endpoint* is None for an operation that is not modelled.
    """
    write, doubtful = call.is_write, endpoint is not None and endpoint.doubtful_errors
    if isinstance(answer, Failure):
        return Attempt(call, number, seconds, answer, None, judge(answer, write=write))
    opened = _as_documented(open_reply(answer), answer.status, endpoint, write)
    verdict = None if isinstance(opened, Opened) else judge(opened, write=write, doubtful=doubtful)
    return Attempt(call, number, seconds, opened, answer, verdict)


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


def error_of(attempt: Attempt, verdict: Verdict, *, key: Secret | None, arguments: tuple[str, ...]) -> Alive5Error:
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
    }
    answer, reply = attempt.answer, attempt.reply
    if issubclass(verdict.error, errors.ApiError) and isinstance(answer, Refusal) and reply is not None:
        message = scrub(answer.text, secret=key, arguments=arguments)
        headers = {
            name: scrub(reply.headers[name], secret=key, arguments=arguments)
            for name in _SHOWN_HEADERS
            if name in reply.headers
        }
        return verdict.error(_sentence(attempt, verdict, message), message=message, headers=headers, **facts)
    return verdict.error(_sentence(attempt, verdict, ""), **facts)


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
        server_time=None if attempt.reply is None else server_time(attempt.reply),
    )


def texts_of(value: Any) -> Iterator[str]:
    """
    Yield the texts of a call's arguments that a server may echo: whole, and the parts of joined lists.
    """
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from texts_of(item)
    elif isinstance(value, str):
        yield value
        yield from (part.strip() for part in value.split(",") if part != value)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield str(value)


def _sentence(attempt: Attempt, verdict: Verdict, message: str) -> str:
    answer = attempt.answer
    if isinstance(answer, Failure):
        what = answer.detail or "no answer came"
    elif isinstance(answer, Unreadable):
        what = f"HTTP {answer.status} with a body that cannot be trusted ({answer.why})"
    else:
        code = f", code {attempt.code}" if attempt.code not in (None, attempt.status) else ""
        what = f"HTTP {attempt.status}{code}" + (f": {message}" if message else "")
    if verdict.error is errors.OutcomeUnknownError:
        return f"{what}; it may have been applied, look before repeating it"
    return f"{what}; it never left" if isinstance(answer, Failure) and not answer.left else what
