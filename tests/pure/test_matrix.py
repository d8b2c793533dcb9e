"""The retry matrix, row by row, for reads and writes; what becomes of every kind of failure."""

from __future__ import annotations

from typing import Any

import pytest

from alive5 import Failure, RetryPolicy, errors
from alive5._sansio.envelope import Refusal, Unreadable
from alive5._sansio.outcome import BEFORE_SENDING, Repeat, Verdict, did_leave, judge

KINDS = {
    "connect": "refused",
    "connect_timeout": "timeout",
    "certificate": "refused",
    "proxy": "refused",
    "queue": "timeout",
    "deadline": "timeout",
    "local": "refused",
    "closed": "refused",
    "interrupted": "refused",
}
AFTER = {
    "read_timeout": "timeout",
    "write_timeout": "timeout",
    "timeout": "timeout",
    "read": "disconnected",
    "write": "disconnected",
    "protocol": "disconnected",
    "disconnected": "disconnected",
    "encoding": "unreadable",
    "too_large": "unreadable",
    "unknown": "disconnected",
    "of a kind nobody knows": "disconnected",
}


@pytest.mark.parametrize("kind", [*KINDS, *AFTER])
@pytest.mark.parametrize("started", [False, True])
def test_not_left_needs_silence_and_a_kind_that_precedes_sending(kind: str, started: bool) -> None:
    assert (started or kind in AFTER) is did_leave(started, kind)


def test_the_kinds_before_sending_are_these() -> None:
    assert set(KINDS) == set(BEFORE_SENDING)


def refused(code: int | None, *, status: int = 200, authentication: bool = False) -> Refusal:
    return Refusal(status, code, "", authentication, True, () if code is None or code < 300 else (code,))


NotSent, Unknown = errors.NotSentError, errors.OutcomeUnknownError
# What happened; of a read: retried?, error, outcome; of a write the same.
MATRIX: list[tuple[Any, bool, type[Any], str, bool, type[Any], str]] = [
    (Failure(False, "connect"), True, NotSent, "not_sent", True, NotSent, "not_sent"),
    (Failure(False, "connect_timeout"), True, NotSent, "not_sent", True, NotSent, "not_sent"),
    (Failure(False, "proxy"), True, NotSent, "not_sent", True, NotSent, "not_sent"),
    (Failure(False, "queue"), True, NotSent, "not_sent", True, NotSent, "not_sent"),
    (Failure(False, "deadline"), True, NotSent, "not_sent", True, NotSent, "not_sent"),
    (Failure(False, "certificate"), False, NotSent, "not_sent", False, NotSent, "not_sent"),
    (Failure(False, "local"), False, NotSent, "not_sent", False, NotSent, "not_sent"),
    (Failure(False, "interrupted"), False, NotSent, "not_sent", False, NotSent, "not_sent"),
    (
        Failure(False, "closed"),
        False,
        errors.ClientClosedError,
        "not_sent",
        False,
        errors.ClientClosedError,
        "not_sent",
    ),
    (Failure(True, "deadline"), True, errors.TimedOutError, "unknown", False, Unknown, "unknown"),
    (Failure(True, "read_timeout"), True, errors.TimedOutError, "unknown", False, Unknown, "unknown"),
    (Failure(True, "write_timeout"), True, errors.TimedOutError, "unknown", False, Unknown, "unknown"),
    (Failure(True, "connect"), True, errors.TransportError, "unknown", False, Unknown, "unknown"),
    (Failure(True, "read"), True, errors.TransportError, "unknown", False, Unknown, "unknown"),
    (Failure(True, "protocol"), True, errors.TransportError, "unknown", False, Unknown, "unknown"),
    (Failure(True, "unknown"), True, errors.TransportError, "unknown", False, Unknown, "unknown"),
    (Unreadable(200, "truncated"), True, errors.ResponseError, "unknown", False, Unknown, "unknown"),
    (Unreadable(200, "not JSON"), True, errors.ResponseError, "unknown", False, Unknown, "unknown"),
    (Unreadable(200, "too_large"), True, errors.ResponseError, "unknown", False, Unknown, "unknown"),
    (Unreadable(200, "timeout"), True, errors.TimedOutError, "unknown", False, Unknown, "unknown"),
    (refused(429), True, errors.RateLimitError, "rejected", True, errors.RateLimitError, "rejected"),
    (refused(425), True, errors.ApiError, "rejected", True, errors.ApiError, "rejected"),
    (refused(400), False, errors.BadRequestError, "rejected", False, errors.BadRequestError, "rejected"),
    (refused(422), False, errors.BadRequestError, "rejected", False, errors.BadRequestError, "rejected"),
    (
        refused(401, authentication=True),
        False,
        errors.AuthenticationError,
        "rejected",
        False,
        errors.AuthenticationError,
        "rejected",
    ),
    (
        refused(400, authentication=True),
        False,
        errors.AuthenticationError,
        "rejected",
        False,
        errors.AuthenticationError,
        "rejected",
    ),
    (refused(403), False, errors.PermissionDeniedError, "rejected", False, errors.PermissionDeniedError, "rejected"),
    (refused(404), False, errors.NotFoundError, "rejected", False, errors.NotFoundError, "rejected"),
    (refused(409), False, errors.ConflictError, "rejected", False, errors.ConflictError, "rejected"),
    *(
        (refused(code), False, errors.ApiError, "rejected", False, errors.ApiError, "rejected")
        for code in (402, 405, 410, 413, 415, 418, 431, 499)
    ),
    *(
        (refused(code), False, errors.ApiError, "rejected", False, Unknown, "unknown")
        for code in (301, 302, 303, 304, 307, 308)
    ),
    (refused(408), True, errors.ApiError, "rejected", False, Unknown, "unknown"),
    *(
        (refused(code), True, errors.ServerError, "unknown", False, Unknown, "unknown")
        for code in (500, 501, 502, 503, 504, 520, 599, 999)
    ),
    (refused(None), True, errors.ApiError, "rejected", False, Unknown, "unknown"),
    (refused(100, status=100), True, errors.ApiError, "rejected", False, Unknown, "unknown"),
]


@pytest.mark.parametrize("write", [False, True], ids=["read", "write"])
@pytest.mark.parametrize("row", MATRIX, ids=lambda row: repr(row[0]) if isinstance(row[0], Failure) else "")
def test_the_matrix(row: tuple[Any, ...], write: bool) -> None:
    answer, retried, error, outcome = row[0], *row[4 if write else 1 :][:3]
    verdict = judge(answer, write=write)
    assert (error, outcome) == (verdict.error, verdict.outcome)
    delay = RetryPolicy().decide(verdict, write=write, attempt=1, jitter=0.5)
    assert retried is (delay is not None)
    # The word of the error is the word of the verdict, and safe_to_repeat follows from it.
    made = verdict.error(outcome=verdict.outcome)
    assert made.safe_to_repeat is not (write and outcome == "unknown")


@pytest.mark.parametrize("row", MATRIX)
def test_a_write_that_may_have_been_applied_is_never_repeated(row: tuple[Any, ...]) -> None:
    verdict = judge(row[0], write=True)
    if verdict.outcome == "unknown":
        assert verdict.error is errors.OutcomeUnknownError
        assert verdict.repeat is Repeat.READ_ONLY
        for attempts in (2, 1000):
            policy = RetryPolicy(attempts=attempts)
            assert policy.decide(verdict, write=True, attempt=1, jitter=0.0, retry_after=1.0) is None


def test_refused_writes_are_repeated_by_a_switch_alone() -> None:
    for code in (425, 429):
        for repeats in (True, False):
            policy = RetryPolicy(repeat_refused_writes=repeats)
            verdict = judge(refused(code), write=True)
            assert repeats is (policy.decide(verdict, write=True, attempt=1, jitter=0.0) is not None)
            assert policy.decide(verdict, write=False, attempt=1, jitter=0.0) is not None


@pytest.mark.parametrize(
    ("kind", "left", "reason"), [(kind, kind in AFTER, reason) for kind, reason in {**KINDS, **AFTER}.items()]
)
@pytest.mark.parametrize("write", [False, True])
def test_the_reason_of_a_failure(kind: str, left: bool, reason: str, write: bool) -> None:
    verdict = judge(Failure(left, kind), write=write)
    assert (reason, reason == "timeout") == (verdict.reason, verdict.timed_out)


def test_a_port_of_ones_own_may_know_that_a_broken_call_never_left() -> None:
    assert judge(Failure(False, "read"), write=True).reason == "disconnected"


@pytest.mark.parametrize("code", [300, 301, 499])
def test_the_codes_that_refuse_a_read_begin_at_300(code: int) -> None:
    verdict = judge(refused(code), write=False)
    assert ("rejected", Repeat.NEVER) == (verdict.outcome, verdict.repeat)


@pytest.mark.parametrize(("code", "outcome"), [(299, "unknown"), (300, "unknown"), (399, "unknown"), (400, "rejected")])
def test_a_write_that_was_sent_elsewhere_may_have_been_applied(code: int, outcome: str) -> None:
    verdict = judge(refused(code), write=True)
    assert outcome == verdict.outcome
    assert verdict.repeat in (Repeat.NEVER, Repeat.READ_ONLY)


# Beside a failing layer: a code that cannot be read, or is none of HTTP's.
BESIDE = (None, -1, 0, 100, 302)
FAILING = (400, 401, 408, 422, 425, 429, 500, 502, 503, 504)
REDIRECTS = (300, 301, 302, 303, 304, 305, 307, 308, 399)


@pytest.mark.parametrize("status", [200, 201, 299, *REDIRECTS, *FAILING])
def test_the_worst_layer_of_a_write_decides(status: int) -> None:
    for inner in FAILING:
        for outer in (*BESIDE, *FAILING):
            the_worst_layer_decides(status, (inner,) if outer is None else (outer, inner))


def the_worst_layer_decides(status: int, layers: tuple[int, ...]) -> None:
    inner = layers[-1]
    verdict = judge(Refusal(status, inner, "", inner == 401, True, layers), write=True)
    said = [code for code in (status, *layers) if not 200 <= code < 300]
    if any(code >= 500 or code == 408 or code < 400 for code in said):
        assert ("unknown", Repeat.READ_ONLY) == (verdict.outcome, verdict.repeat)
    elif all(code in (425, 429) for code in said):
        assert ("rejected", Repeat.REFUSED) == (verdict.outcome, verdict.repeat)
    else:
        assert ("rejected", Repeat.NEVER) == (verdict.outcome, verdict.repeat)
    # A read is judged by its innermost code, as before.
    read = judge(Refusal(status, inner, "", inner == 401, True, layers), write=False)
    assert read == judge(Refusal(200, inner, "", inner == 401, True, (inner,)), write=False)


@pytest.mark.parametrize(
    ("answer", "reason", "timed_out"),
    [
        (Unreadable(200, "truncated"), "unreadable", False),
        (Unreadable(200, "timeout"), "timeout", True),
        (refused(500), "server_error", False),
        (refused(None), "server_error", False),
        (refused(100), "unreadable", False),
        (refused(400), None, False),
        (refused(429), None, False),
    ],
)
@pytest.mark.parametrize("write", [False, True])
def test_the_reason_of_an_answer(answer: Any, reason: str | None, timed_out: bool, write: bool) -> None:
    verdict = judge(answer, write=write)
    assert (reason, timed_out) == (verdict.reason, verdict.timed_out)


def test_nothing_beyond_the_matrix_repeats() -> None:
    verdict = Verdict(errors.ApiError, "rejected", Repeat.NEVER)
    for write in (False, True):
        assert RetryPolicy().decide(verdict, write=write, attempt=1, jitter=0.0, retry_after=0.0) is None
