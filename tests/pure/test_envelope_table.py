"""The envelope's truth table: a failing one never gives data, a good one never fails."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from support.counts import count

from alive5 import Reply, errors
from alive5._sansio.envelope import Opened, Refusal, Unreadable, open_reply
from alive5._sansio.evidence import is_evident
from alive5._sansio.outcome import Repeat, judge

MISSING = object()
SHAPES: dict[str, Any] = {
    "rows": [{"tag_id": "t1"}],
    "object": {"tag_id": "t1", "count": 3},
    "items": {"Items": [{"tag_id": "t1"}], "page": 1},
    "nothing": None,
    "text": "text",
    "number": 5,
    "empty": [],
}
# Of codes: what they count as.
CODES: list[tuple[Any, int | None]] = [
    (MISSING, None),
    (200, 200),
    ("200", 200),
    (400, 400),
    ("404", 404),
    (408, 408),
    (429, 429),
    (500.0, 500),
    (302, 302),
    (True, None),
    (400.5, None),
    ("bad", None),
    (None, None),
]
# Of errors: whether they are empty, and the text they hold.
ERRORS: list[tuple[Any, bool, str]] = [
    (MISSING, True, ""),
    (None, True, ""),
    ({}, True, ""),
    ("", True, ""),
    ([], True, ""),
    (False, True, ""),
    ("Invalid Token", False, "Invalid Token"),
    ({"message": "boom"}, False, "boom"),
    ({"detail": 1}, False, ""),
    (["x"], False, ""),
]
SUCCESS: list[tuple[Any, bool]] = [(MISSING, True), (True, True), (False, False), (None, True)]
STATUSES = (200, 201, 302, 303, 400, 401, 404, 408, 429, 500, 503)


@attrs.frozen
class Layer:
    """One layer as written, and what it means."""

    code: tuple[Any, int | None] = CODES[1]
    error: tuple[Any, bool, str] = ERRORS[1]
    success: tuple[Any, bool] = SUCCESS[0]

    @property
    def fails(self) -> bool:
        return (self.code[1] or 0) >= 400 or not self.error[1] or not self.success[1]

    def wrap(self, data: Any) -> dict[str, Any]:
        values = {"code": self.code[0], "data": data, "error": self.error[0], "success": self.success[0]}
        return {name: value for name, value in values.items() if value is not MISSING}


@attrs.frozen
class Case:
    """An answer: layers from the outermost in, the data, the HTTP status."""

    layers: tuple[Layer, ...]
    shape: str
    status: int

    @property
    def body(self) -> Any:
        value = SHAPES[self.shape]
        for layer in reversed(self.layers):
            value = layer.wrap(value)
        return value

    @property
    def is_good(self) -> bool:
        return self.status // 100 == 2 and not any(layer.fails for layer in self.layers)

    @property
    def code(self) -> int | None:
        """The innermost code of 400 or more, else the status; None when only an error speaks."""
        codes = [layer.code[1] for layer in self.layers if (layer.code[1] or 0) >= 400]
        return codes[-1] if codes else None if self.status // 100 == 2 else self.status

    @property
    def may_be_applied(self) -> bool:
        """Whether a layer, the status among them, is of a server that failed, waited, sends elsewhere or mumbles."""
        said = [code for code in (self.status, *self.codes) if not 200 <= code < 300]
        return any(code >= 500 or code == 408 or code < 400 for code in said)

    @property
    def codes(self) -> list[int]:
        """The codes of all layers that have one, 0 where it cannot be read."""
        there = [layer.code for layer in self.layers if layer.code[0] is not MISSING and layer.code[0] is not None]
        return [meaning or 0 for _, meaning in there]

    @property
    def is_approved(self) -> bool | None:
        """Whether every code says success; None without any."""
        return all(200 <= code < 300 for code in self.codes) if self.codes else None

    @property
    def is_authentication(self) -> bool:
        said = " ".join(layer.error[2] for layer in self.layers).lower()
        return self.code == 401 or (self.code == 400 and "invalid token" in said)


def cases() -> Iterator[Case]:
    """
    Yield one layer in all its forms, two in most, three and none in some.
    """
    shapes = tuple(SHAPES)
    for code, error, success, status in itertools.product(CODES, ERRORS, SUCCESS, STATUSES):
        yield Case((Layer(code, error, success),), "object", status)
    for code, error, shape, status in itertools.product(CODES, ERRORS, shapes, (200, 404, 500)):
        yield Case((Layer(code, error),), shape, status)
    few = (ERRORS[1], ERRORS[2], ERRORS[6], ERRORS[7])
    for outer, inner, error, beneath, status in itertools.product(CODES, CODES, few, few, (200, 400)):
        yield Case((Layer(outer, error), Layer(inner, beneath)), "object", status)
    for outer, inner, error, status in itertools.product(CODES, CODES, (ERRORS[1], ERRORS[6]), STATUSES):
        yield Case((Layer(outer, error), Layer(inner)), "object", status)
    for codes in itertools.product(CODES[:6], repeat=3):
        yield Case(tuple(Layer(code) for code in codes), "rows", 200)
    for shape, status in itertools.product(("rows", "object", "items", "empty"), STATUSES):
        yield Case((), shape, status)


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


@pytest.mark.promise("S2")
@pytest.mark.parametrize("status", STATUSES)
def test_what_is_good_is_an_accepted_write_by_its_codes_or_a_documented_value(status: int) -> None:
    for case in (case for case in CASES if case.status == status and case.is_good):
        answer = opened(case)
        assert isinstance(answer, Opened)
        holds_one = case.shape in ("rows", "object")
        assert (holds_one if case.is_approved is None else case.is_approved) is is_evident(
            answer, frozenset(("tag_id",))
        )


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
        if case.may_be_applied:
            expected = (*expected[:2], errors.OutcomeUnknownError, "unknown")
        assert expected == (read.error, read.outcome, write.error, write.outcome), case
        never = case.is_authentication or (code is not None and code < 500 and code not in (408, 429))
        assert never is (read.repeat is Repeat.NEVER), case
