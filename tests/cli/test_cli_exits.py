"""Every error has its exit code, chosen in one place."""

from __future__ import annotations

import inspect

import pytest

from alive5 import errors
from alive5._sansio.events import Event
from alive5.cli._exits import ExitCode, Terminated, code_of
from alive5.cli._watch import Watch

CODES = {
    errors.Alive5Error: 1,
    errors.ApiError: 1,
    errors.AuthenticationError: 5,
    errors.BadRequestError: 1,
    errors.ClientClosedError: 1,
    errors.ConfigurationError: 2,
    errors.ConflictError: 1,
    errors.DirectoryInUseError: 7,
    errors.ExportError: 3,
    errors.FilterIgnoredError: 4,
    errors.IncompleteListingError: 4,
    errors.InvalidArgumentError: 2,
    errors.KeyInUseError: 7,
    errors.LedgerError: 3,
    errors.MissingValueError: 1,
    errors.NotFoundError: 1,
    errors.NotSentError: 1,
    errors.OtherJobError: 7,
    errors.OutcomeUnknownError: 6,
    errors.PermissionDeniedError: 1,
    errors.RateLimitError: 1,
    errors.ResponseError: 1,
    errors.ServerError: 1,
    errors.TimedOutError: 1,
    errors.TransportError: 1,
}


def test_the_table_knows_every_error() -> None:
    found = {value for _, value in inspect.getmembers(errors, inspect.isclass) if issubclass(value, errors.Alive5Error)}
    assert found == set(CODES)


@pytest.mark.parametrize(("kind", "code"), CODES.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_errors(kind: type[errors.Alive5Error], code: int) -> None:
    assert code == code_of(kind("text"))


def test_interrupts() -> None:
    assert 130 == code_of(KeyboardInterrupt())
    assert 143 == code_of(Terminated())


def test_the_codes_are_the_documented_ones() -> None:
    assert [0, 1, 2, 3, 4, 5, 6, 7, 130, 143] == [int(code) for code in ExitCode]


def event(operation: str, outcome: str, retry_delay: float | None = None) -> Event:
    return Event(
        operation=operation, attempt=2, status=None, code=None, seconds=0.1, outcome=outcome, retry_delay=retry_delay
    )


@pytest.mark.parametrize(
    ("events", "unknown"),
    [
        ([], True),
        ([("sms.send", "unknown")], True),
        ([("sms.send", "accepted")], True),
        ([("sms.send", "not_sent")], False),
        ([("sms.send", "rejected")], False),
        ([("account.get", "unknown")], False),
        ([("account.get", "rejected")], False),
        ([("account.get", "accepted")], True),
        ([("account.get", "accepted"), ("sms.send", "not_sent")], False),
    ],
)
def test_an_interrupted_write_is_unknown_unless_proven_otherwise(events: list[tuple[str, str]], unknown: bool) -> None:
    watch = Watch()
    watch.begin("sms.send")
    for operation, outcome in events:
        watch(event(operation, outcome))
    assert unknown is (watch.unknown() is not None)


def test_a_read_leaves_nothing_unknown() -> None:
    watch = Watch()
    watch(event("tags.list", "unknown"))
    assert watch.unknown() is None
    assert watch.accepted is False


def test_interrupts_are_held_back_where_they_would_hide_an_outcome() -> None:
    watch = Watch()
    assert [False, True, False] == [watch.holds_back(now) for now in (10.0, 10.5, 11.5)]
    watch.begin("sms.send")
    watch(event("sms.send", "accepted"))
    assert watch.holds_back(20.0) is True
    other = Watch()
    other.concluded = True
    assert other.holds_back(20.0) is True
