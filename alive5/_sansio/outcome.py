"""
Outcomes of a request, which decide whether it may be sent again.

A write is repeated only when it provably never left, or was refused before it
was processed. When that is unknown, it counts as left.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

import attrs

from .. import errors
from ..errors import Alive5Error
from ..errors._base import Outcome, Reason
from .envelope import Refusal, Unreadable
from .wire import Failure

BEFORE_SENDING: Final = frozenset(
    {"connect", "connect_timeout", "certificate", "proxy", "queue", "deadline", "local", "closed", "interrupted"}
)
_NEVER_AGAIN: Final = frozenset({"certificate", "local", "closed", "interrupted"})
_TIMEOUTS: Final = frozenset({"connect_timeout", "read_timeout", "write_timeout", "queue", "deadline", "timeout"})
_DISCONNECTS: Final = frozenset({"read", "write", "protocol", "disconnected"})
# Refused unprocessed, so that it may be repeated.
_BUSY = frozenset((425, 429))
_BY_CODE: Final[dict[int, type[errors.ApiError]]] = {
    400: errors.BadRequestError,
    401: errors.AuthenticationError,
    403: errors.PermissionDeniedError,
    404: errors.NotFoundError,
    409: errors.ConflictError,
    422: errors.BadRequestError,
    429: errors.RateLimitError,
}


def did_leave(headers_started: bool, kind: str) -> bool:
    """
    Whether a failed request may have left.

    False needs both: no header sent, and a kind of failure that precedes sending.
    """
    return headers_started or kind not in BEFORE_SENDING


class Repeat(Enum):
    """The condition under which a request may be repeated."""

    NEVER = "never"
    NOT_LEFT = "it never left"
    REFUSED = "it was refused unprocessed"
    READ_ONLY = "only if it changes nothing"


@attrs.frozen
class Verdict:
    """The outcome of an attempt that returned no data."""

    error: type[Alive5Error]
    outcome: Outcome
    repeat: Repeat
    reason: Reason | None = None
    timed_out: bool = False

    def is_worth_repeating(self, *, write: bool) -> bool:
        """
        Whether the same call may succeed later, and cannot do a write twice.
        """
        return self.repeat in (Repeat.NOT_LEFT, Repeat.REFUSED) or (self.repeat is Repeat.READ_ONLY and not write)


def judge(answer: Failure | Refusal | Unreadable, *, write: bool, doubtful: bool = False) -> Verdict:
    """
    Return the verdict on an attempt, by the retry matrix.

    *doubtful* is true of operations that were seen to report an error by HTTP 200 though they did what was asked.
    """
    if isinstance(answer, Failure):
        return _of_failure(answer, write)
    if isinstance(answer, Unreadable):
        timed_out = answer.why == "timeout"
        reason: Reason = "timeout" if timed_out else "unreadable"
        if write:
            return Verdict(errors.OutcomeUnknownError, "unknown", Repeat.READ_ONLY, reason, timed_out)
        error = errors.TimedOutError if timed_out else errors.ResponseError
        return Verdict(error, "unknown", Repeat.READ_ONLY, reason, timed_out)
    return _of_refusal(answer, write, doubtful)


def _of_failure(failure: Failure, write: bool) -> Verdict:
    timed_out = failure.kind in _TIMEOUTS
    reason: Reason = (
        "timeout" if timed_out
        else "disconnected" if failure.kind in _DISCONNECTS
        else "unreadable" if failure.kind in ("encoding", "too_large")
        else "refused" if not failure.left
        else "disconnected"
    )  # fmt: skip
    if not failure.left:
        repeat = Repeat.NEVER if failure.kind in _NEVER_AGAIN else Repeat.NOT_LEFT
        error: type[Alive5Error] = errors.ClientClosedError if failure.kind == "closed" else errors.NotSentError
        return Verdict(error, "not_sent", repeat, reason, timed_out)
    if write:
        return Verdict(errors.OutcomeUnknownError, "unknown", Repeat.READ_ONLY, reason, timed_out)
    error = errors.TimedOutError if timed_out else errors.TransportError
    return Verdict(error, "unknown", Repeat.READ_ONLY, reason, timed_out)


def _of_refusal(refusal: Refusal, write: bool, doubtful: bool) -> Verdict:
    code = refusal.code
    if write and (_may_be_applied(refusal) or (doubtful and _is_beside_success(refusal))):
        return Verdict(errors.OutcomeUnknownError, "unknown", Repeat.READ_ONLY, "server_error")
    if refusal.authentication:
        return Verdict(errors.AuthenticationError, "rejected", Repeat.NEVER)
    if code is not None and code != 408 and 300 <= code < 500:
        busy = code in _BUSY and (not write or _BUSY.issuperset(_failing(refusal)))
        repeat = Repeat.REFUSED if busy else Repeat.NEVER
        return Verdict(_BY_CODE.get(code, errors.ApiError), "rejected", repeat)
    reason: Reason = "unreadable" if code is not None and code < 300 else "server_error"
    if write:
        return Verdict(errors.OutcomeUnknownError, "unknown", Repeat.READ_ONLY, reason)
    if code is not None and code >= 500:
        return Verdict(errors.ServerError, "unknown", Repeat.READ_ONLY, reason)
    return Verdict(errors.ApiError, "rejected", Repeat.READ_ONLY, reason)


def _may_be_applied(refusal: Refusal) -> bool:
    """
    Whether a layer does not say that a write was refused: the worst one decides, and one that cannot be read is bad.

    A proxy's 502 over a body of code 429 was seen to deliver; repeating it delivers twice.
    """
    by_status = refusal.status >= 500 or refusal.status == 408 or 300 <= refusal.status < 400
    return by_status or any(code >= 500 or code == 408 or code < 400 for code in refusal.layers)


def _is_beside_success(refusal: Refusal) -> bool:
    return refusal.complains and refusal.status // 100 == 2 and not refusal.authentication


def _failing(refusal: Refusal) -> tuple[int, ...]:
    return tuple(code for code in (refusal.status, *refusal.layers) if code >= 400)
