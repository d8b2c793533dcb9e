"""Errors: the drawn tree is the real one, and each leaves a process, a log and a copy intact."""

from __future__ import annotations

import builtins
import copy
import inspect
import json
import pickle
import re
from typing import Any

import pytest

from alive5 import ListingReport, errors
from alive5.errors import Alive5Error, Alive5Warning

ALL = [
    value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, (Alive5Error, Alive5Warning))
]
KINDS = [kind for kind in ALL if issubclass(kind, Alive5Error)]
EACH = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
FACTS: dict[str, Any] = {
    "operation": "sms.send",
    "attempts": 3,
    "status": 400,
    "code": 422,
    "reason": "timeout",
    "retry_after": 7.5,
}
OWN: dict[str, dict[str, Any]] = {
    "InvalidArgumentError": {"argument": "message"},
    "MissingValueError": {"value": "crm_id"},
    "IncompleteListingError": {"report": ListingReport(complete=False, issues=("the dates",))},
    "OtherJobError": {"differences": ("limit",)},
}


def make(kind: type[Alive5Error], **more: Any) -> Alive5Error:
    own = OWN.get(kind.__name__, {})
    if issubclass(kind, errors.ApiError):
        own = {"message": "no such thing", "headers": {"date": "today"}}
    return kind("it failed", **{**FACTS, **own, **more})


def drawn_tree() -> dict[str, str]:
    """
    Read parent names from the drawing in the module's docstring.
    """
    parents, path = {}, ["Exception"]
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"^    ([│ ]*)(?:[├└]── )?([A-Z]\w+Error)\b", line)
        if match:
            depth = len(match[1]) // 4 + (1 if "──" in line else 0)
            path = [*path[: depth + 1], match[2]]
            parents[match[2]] = path[-2]
    return parents


def test_the_drawn_tree_is_the_real_one() -> None:
    assert {kind.__name__: kind.__bases__[0].__name__ for kind in KINDS} == drawn_tree()


def test_the_drawn_facts_are_the_real_ones() -> None:
    shown = re.search(r"Alive5Error\((.*?)\)", errors.__doc__ or "")
    assert shown is not None
    assert all(hasattr(make(Alive5Error), name) for name in shown[1].split(", "))
    for name, own in {**OWN, "ApiError": {"status": 0, "code": 0, "message": 0, "headers": 0}}.items():
        assert f"{name}({', '.join(own)})" in (errors.__doc__ or "")


def test_an_argument_is_a_value() -> None:
    assert issubclass(errors.InvalidArgumentError, ValueError)


def test_all_names_are_exported() -> None:
    assert sorted(kind.__name__ for kind in ALL) == sorted(errors.__all__)
    assert [kind for kind in ALL if hasattr(builtins, kind.__name__)] == []


@pytest.mark.parametrize(
    ("kind", "outcome", "safe", "worth"),
    [
        ("Alive5Error", "not_sent", True, False),
        ("ConfigurationError", "not_sent", True, False),
        ("InvalidArgumentError", "not_sent", True, False),
        ("ClientClosedError", "not_sent", True, False),
        ("MissingValueError", "unknown", False, False),
        ("TransportError", "unknown", True, True),
        ("NotSentError", "not_sent", True, True),
        ("TimedOutError", "unknown", True, True),
        ("OutcomeUnknownError", "unknown", False, False),
        ("ResponseError", "unknown", True, True),
        ("IncompleteListingError", "unknown", True, True),
        ("LedgerError", "not_sent", True, False),
        ("KeyInUseError", "not_sent", True, True),
        ("ExportError", "not_sent", True, False),
        ("FilterIgnoredError", "not_sent", True, False),
        ("DirectoryInUseError", "not_sent", True, True),
        ("OtherJobError", "not_sent", True, False),
        ("ApiError", "rejected", True, False),
        ("AuthenticationError", "rejected", True, False),
        ("BadRequestError", "rejected", True, False),
        ("PermissionDeniedError", "rejected", True, False),
        ("NotFoundError", "rejected", True, False),
        ("ConflictError", "rejected", True, False),
        ("RateLimitError", "rejected", True, True),
        ("ServerError", "unknown", True, True),
    ],
)
def test_what_each_says_of_the_request(kind: str, outcome: str, safe: bool, worth: bool) -> None:
    error = getattr(errors, kind)()
    assert (outcome, safe, worth) == (error.outcome, error.safe_to_repeat, error.worth_repeating)


@EACH
def test_what_is_worth_repeating_is_safe_to_repeat(kind: type[Alive5Error]) -> None:
    assert not kind(worth_repeating=False).worth_repeating
    error = kind(worth_repeating=True)
    assert error.safe_to_repeat is error.worth_repeating
    assert not (kind(outcome="unknown").worth_repeating and not kind(outcome="unknown").safe_to_repeat)


@pytest.mark.parametrize(
    ("kind", "code"),
    [("ExportError", 3), ("FilterIgnoredError", 4), ("DirectoryInUseError", 7), ("OtherJobError", 7)],
)
def test_what_an_export_ends_the_command_line_with(kind: str, code: int) -> None:
    error = getattr(errors, kind)()
    assert (code, code) == (error.exit_code, error.to_dict()["exit_code"])


def test_what_is_unknown_of_anything_is_not_safe() -> None:
    assert not errors.ApiError(outcome="unknown").safe_to_repeat
    assert not Alive5Error(outcome="unknown").safe_to_repeat


@EACH
def test_facts_are_kept_and_written(kind: type[Alive5Error]) -> None:
    error = make(kind)
    written = error.to_dict()
    assert json.loads(json.dumps(written)) == written
    assert {**FACTS, "error": kind.__name__, "message": "sms.send: it failed"}.items() <= written.items()
    assert (error.outcome, error.safe_to_repeat) == (written["outcome"], written["safe_to_repeat"])
    assert str(error) == "sms.send: it failed"
    assert error.worth_repeating is written["worth_repeating"]
    assert repr(error) == f"{kind.__name__}('sms.send: it failed', outcome={error.outcome!r}, status=400, code=422)"


@EACH
def test_an_error_without_facts(kind: type[Alive5Error]) -> None:
    error = kind()
    assert ("", f"{kind.__name__}(outcome={error.outcome!r})") == (str(error), repr(error))
    assert json.dumps(error.to_dict())


@EACH
@pytest.mark.parametrize(
    "leave", [copy.copy, copy.deepcopy, *(lambda e, p=p: pickle.loads(pickle.dumps(e, p)) for p in range(6))]
)
def test_errors_pickle_and_copy(kind: type[Alive5Error], leave: Any) -> None:
    error = make(kind, outcome="rejected")
    twin = leave(error)
    assert type(twin) is kind
    assert (error.args, vars(error), error.to_dict()) == (twin.args, vars(twin), twin.to_dict())
    assert twin is not error


def test_an_error_of_a_users_own_pickles() -> None:
    error = pickle.loads(pickle.dumps(_Own("text", operation="tags.list")))
    assert (_Own, "tags.list: text") == (type(error), str(error))


class _Own(errors.BadRequestError):
    pass


@EACH
def test_each_tells_what_to_do(kind: type[Alive5Error]) -> None:
    text = inspect.getdoc(kind) or ""
    assert text.split("\n")[0].endswith((".", ")"))
    assert "Traceback" not in text


def test_own_facts_have_defaults() -> None:
    assert errors.IncompleteListingError().report == ListingReport()
    error = errors.ApiError(headers={"date": "today"}, message="text")
    assert ({"date": "today"}, "text", {"date": "today"}) == (error.headers, error.message, error.to_dict()["headers"])
    assert errors.ApiError().headers == {}
    assert make(errors.InvalidArgumentError).to_dict()["argument"] == "message"
    assert make(errors.OtherJobError).to_dict()["differences"] == ["limit"]
    assert make(errors.IncompleteListingError).to_dict()["report"]["issues"] == ["the dates"]


def test_warnings_have_one_base() -> None:
    kinds = [kind for kind in ALL if issubclass(kind, Alive5Warning)]
    assert ["Alive5Warning", "PageRepeatedWarning", "WindowIgnoredWarning"] == sorted(k.__name__ for k in kinds)
    assert issubclass(Alive5Warning, UserWarning)
