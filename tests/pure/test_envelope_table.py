"""The envelope's truth table: a failing one never gives data, a good one never fails."""

from __future__ import annotations

import json

import pytest
from counts import count
from pure.envelope_oracle import STATUSES, Case, cases

from alive5 import Reply, errors
from alive5._sansio.envelope import Opened, Refusal, Unreadable, open_reply
from alive5._sansio.outcome import Repeat, judge

CASES = list(cases())
BY_CODE = {
    400: errors.BadRequestError,
    401: errors.AuthenticationError,
    404: errors.NotFoundError,
    429: errors.RateLimitError,
}


def opened(case: Case) -> Opened | Refusal | Unreadable:
    return open_reply(Reply(status=case.status, body=json.dumps(case.body).encode()))


def test_the_table_is_large_and_of_both_kinds() -> None:
    good = [case for case in CASES if case.is_good]
    assert len(CASES) >= 2_000
    assert len(good) >= 200
    assert {case.status for case in CASES} == set(STATUSES)


@pytest.mark.promise("H3")
@pytest.mark.parametrize("status", STATUSES)
def test_what_is_good_gives_its_data_and_nothing_else_does(status: int) -> None:
    each = sum(case.status == status for case in CASES)
    count(ci=each, full=each)
    for case in (case for case in CASES if case.status == status):
        answer = opened(case)
        assert (Opened if case.is_good else Refusal) is type(answer), case
        if isinstance(answer, Opened):
            assert json.loads(json.dumps(case.body if not case.layers else answer.data)) == answer.data
            innermost = case.body
            for _ in case.layers:
                innermost = innermost["data"]
            assert innermost == answer.data, case


@pytest.mark.promise("H3")
@pytest.mark.parametrize("status", STATUSES)
def test_what_fails_is_named_by_its_innermost_code(status: int) -> None:
    for case in (case for case in CASES if case.status == status and not case.is_good):
        refusal = opened(case)
        assert isinstance(refusal, Refusal)
        expected = (case.status, case.code, case.is_authentication, bool(case.layers))
        assert expected == (refusal.status, refusal.code, refusal.authentication, refusal.enveloped), case


@pytest.mark.promise("H3")
@pytest.mark.parametrize("status", STATUSES)
def test_what_fails_has_the_error_of_its_code(status: int) -> None:
    for case in (case for case in CASES if case.status == status and not case.is_good):
        refusal = opened(case)
        assert isinstance(refusal, Refusal)
        read, write = judge(refusal, write=False), judge(refusal, write=True)
        code = case.code
        if case.is_authentication:
            expected = (errors.AuthenticationError, "rejected", errors.AuthenticationError, "rejected")
        elif code is None:
            expected = (errors.ApiError, "rejected", errors.OutcomeUnknownError, "unknown")
        elif code >= 500:
            expected = (errors.ServerError, "unknown", errors.OutcomeUnknownError, "unknown")
        else:
            kind = BY_CODE.get(code, errors.ApiError)
            expected = (kind, "rejected", kind, "rejected")
        assert expected == (read.error, read.outcome, write.error, write.outcome), case
        never = case.is_authentication or (code is not None and code < 500 and code != 429)
        assert never is (read.repeat is Repeat.NEVER), case
