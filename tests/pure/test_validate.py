"""Checks of arguments: what is taken, how it is sent, what is refused by name and without an echo."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alive5 import InvalidArgumentError, Timeout
from alive5._sansio import validate
from alive5._sansio.validate import count, identifier, identifiers, message, path, phone, words


def refused(check: Any, value: Any) -> InvalidArgumentError:
    with pytest.raises(InvalidArgumentError) as caught:
        check("thing", value)
    error = caught.value
    assert ("thing", "not_sent", 0) == (error.argument, error.outcome, error.attempts)
    assert str(error).startswith("thing ")
    shown = value if isinstance(value, str) else repr(value)
    assert len(shown.strip()) < 2 or shown.strip() not in str(error)
    assert error.__cause__ is None
    return error


@pytest.mark.parametrize("value", [1, 2, sys.maxsize])
def test_counts_are_taken(value: int) -> None:
    assert value == count("thing", value)


@pytest.mark.parametrize("value", [0, -1, 1.0, "7", None, True, False, sys.maxsize + 1, 10**400, []])
def test_other_counts_are_refused(value: Any) -> None:
    with pytest.raises(InvalidArgumentError, match="thing must be a whole number from 1"):
        count("thing", value)


@pytest.mark.parametrize("check", [words, identifier, identifiers, message])
@pytest.mark.parametrize("value", ["", " ", "\t\n", None, 5, b"text", "lone \ud800 half", "nul \0", {"a": 1}])
def test_what_is_no_text_is_refused(check: Any, value: Any) -> None:
    refused(check, value)


@pytest.mark.parametrize("value", ["a\nb", "a\rb", "a\x7fb", "a\x1bb", "\x01x"])
def test_ids_hold_no_control_characters(value: str) -> None:
    refused(identifier, value)
    assert value == words("thing", value)


def test_ids_are_stripped_and_messages_are_not() -> None:
    assert ("c 1", " Hi\n") == (identifier("thing", "  c 1 "), message("thing", " Hi\n"))


@pytest.mark.parametrize(
    ("value", "sent"),
    [("c1", "c1"), (["c1"], "c1"), (["c1", " c2 "], "c1,c2"), (("c1", "c2"), "c1,c2"), ("c1,c2", "c1,c2")],
)
def test_several_ids_are_joined(value: Any, sent: str) -> None:
    assert sent == identifiers("thing", value)


@pytest.mark.parametrize(
    "value", [[], (), [None], ["c1", ""], ["c1", 2], {"c1", "c2"}, iter(["c1"]), bytearray(b"c1"), b"c1"]
)
def test_what_is_no_sequence_of_ids_is_refused(value: Any) -> None:
    refused(identifiers, value)


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("+12025550123", "+12025550123"),
        ("+1 (202) 555-0123", "+12025550123"),
        ("+1.202.555.0123", "+12025550123"),
        ("+1\u00a0202\u2011555\u20130123", "+12025550123"),
        ("+[1] 202 5550123", "+12025550123"),
        ("+1202555", "+1202555"),
        ("+" + "1" * 15, "+" + "1" * 15),
    ],
)
def test_numbers_are_sent_stripped(value: str, sent: str) -> None:
    assert sent == phone("thing", value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "12025550198",
        "2025550198",
        "+02025550123",
        "+199955",
        "+" + "1" * 16,
        "+1202555012x",
        "+1202555\u0660123",
        "++12025550198",
        "+12025550198,+12025550199",
        "12345",
        None,
        12025550198,
        b"+12025550198",
    ],
)
def test_other_numbers_are_refused(value: Any) -> None:
    refused(phone, value)


@pytest.mark.parametrize("value", ["12345", "123456", "12-345"])
def test_short_codes_are_taken_where_they_may_stand(value: str) -> None:
    assert value.replace("-", "") == phone("thing", value, short_code=True)
    refused(phone, value)
    for other in ("1234", "1234567", "12a45"):
        with pytest.raises(InvalidArgumentError, match="short code"):
            phone("thing", other, short_code=True)


def test_messages_have_at_most_1600_characters() -> None:
    assert "😀" * 1600 == message("thing", "😀" * 1600)
    with pytest.raises(InvalidArgumentError, match="at most 1,600 characters, not 1,601"):
        message("thing", "x" * 1601)


@pytest.mark.parametrize(
    ("value", "sent"),
    [("/get/users", "/get/users"), ("get/users/", "/get/users"), ("//a-b_c.d~e//", "/a-b_c.d~e"), ("a:b@c", "/a:b@c")],
)
def test_paths_stay_below_the_base(value: str, sent: str) -> None:
    assert sent == path(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "/",
        "..",
        "a/../b",
        "a/./b",
        "a//b",
        "a?b",
        "a#b",
        "a\\b",
        "a%2e",
        "a;b",
        "a b",
        "a\nb",
        "a\x7f",
        "ü",
        "a\0b",
        None,
        5,
    ],
)
def test_other_paths_are_refused(value: Any) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        path(value)
    assert caught.value.argument == "path"


@pytest.mark.parametrize("name", ["total", "connect", "read"])
@pytest.mark.parametrize("value", [0, -1, "60", None, True, float("nan"), float("inf"), 10**400, 1e308])
def test_time_limits_are_seconds_above_0(name: str, value: Any) -> None:
    with pytest.raises(InvalidArgumentError, match="a number of seconds, above 0") as caught:
        Timeout(**{name: value})
    assert name == caught.value.argument


@given(st.text(max_size=30))
def test_what_is_taken_can_be_sent(text: str) -> None:
    for check in (words, identifier, message):
        try:
            taken = check("thing", text)
        except InvalidArgumentError:
            continue
        assert taken.strip()
        assert taken.encode()
    try:
        taken = path(text)
    except InvalidArgumentError:
        return
    assert taken.startswith("/")
    assert not {"?", "#", "%", "\\", " "} & set(taken)
    assert not {"", ".", ".."} & set(taken[1:].split("/"))


@given(st.text(alphabet="+0123456789 ()-.[]", max_size=25))
def test_any_number_is_e164_or_refused(text: str) -> None:
    try:
        number = phone("thing", text)
    except InvalidArgumentError:
        return
    assert number[0] == "+"
    assert number[1:].isdecimal()
    assert 8 <= len(number) <= 16


def test_an_error_may_name_its_operation() -> None:
    assert str(validate.refuse("thing", "is odd", "sms.send")) == "sms.send: thing is odd"
