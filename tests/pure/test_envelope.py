"""Opening answers: what is not an envelope, where rows stand, and any bytes whatever."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alive5 import Reply
from alive5._sansio.envelope import Opened, Refusal, Unreadable, open_reply, rows_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["code", "data", "error", "success", "Items", "items", "page", "message", "x"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


def opened(body: bytes, status: int = 200, flaw: str | None = None) -> Opened | Refusal | Unreadable:
    return open_reply(Reply(status=status, body=body, flaw=flaw))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"<html>Bad gateway</html>", "not JSON"),
        (b"{", "not JSON"),
        (b"5", "not an object or a list"),
        (b"null", "not an object or a list"),
        (b'"text"', "not an object or a list"),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deep"),
    ],
)
def test_what_is_not_alive5s_is_unreadable(body: bytes, why: str) -> None:
    assert Unreadable(200, why) == opened(body)
    refusal = opened(body, 503)
    assert isinstance(refusal, Refusal)
    assert (503, 503, False) == (refusal.status, refusal.code, refusal.enveloped)


@pytest.mark.parametrize("flaw", ["truncated", "too_large", "encoding", "timeout"])
def test_a_flawed_body_is_never_trusted(flaw: str) -> None:
    whole = b'{"code": 200, "data": []}'
    assert Unreadable(200, flaw) == opened(whole, flaw=flaw)
    refusal = opened(whole, 404, flaw)
    assert isinstance(refusal, Refusal)
    assert (404, False) == (refusal.code, refusal.enveloped)


def test_a_wrong_key_is_400_and_known_by_its_text() -> None:
    for text in ("Invalid token", "INVALID TOKEN!", "Authorization token not found"):
        refusal = opened(json.dumps({"code": 400, "data": None, "error": text}).encode())
        assert isinstance(refusal, Refusal)
        assert refusal.authentication


@pytest.mark.parametrize(
    ("error", "text"),
    [
        ("Invalid date", "Invalid date"),
        ({"message": "Invalid date"}, "Invalid date"),
        ({"error": "Invalid date"}, "Invalid date"),
        ({"msg": "Invalid date"}, "Invalid date"),
        ({"description": "Invalid date"}, "Invalid date"),
        ({"other": "Invalid date"}, ""),
        (7, ""),
    ],
)
def test_the_text_of_an_error_is_found(error: Any, text: str) -> None:
    refusal = opened(json.dumps({"error": error}).encode())
    assert isinstance(refusal, Refusal)
    assert (text, None) == (refusal.text, refusal.code)


def test_a_message_beside_a_failure_is_its_text() -> None:
    refusal = opened(b'{"code": 400, "message": "not allowed", "data": {"code": 422, "msg": "Invalid email"}}')
    assert isinstance(refusal, Refusal)
    assert ("Not allowed; Invalid email", 422) == (refusal.text, refusal.code)


@pytest.mark.parametrize("success", [False, "false", "False"])
def test_success_false_is_a_failure(success: Any) -> None:
    assert isinstance(opened(json.dumps({"success": success, "data": []}).encode()), Refusal)


@pytest.mark.parametrize("code", ["4" * 10, "9" * 5000, "0000000000400"])
def test_a_code_of_many_digits_is_a_failure_too(code: str) -> None:
    assert isinstance(opened(json.dumps({"code": code, "data": [1]}).encode()), Refusal)


def test_values_beside_the_data_are_kept() -> None:
    answer = opened(b'{"code": 200, "data": [1], "page": 1, "pages": "3"}')
    assert isinstance(answer, Opened)
    assert ([1], "3") == (answer.data, answer.beside["pages"])


@pytest.mark.parametrize(
    ("body", "data"),
    [(b'{"code": 200, "data": {"error": null, "newThread": {}}}', {"newThread": {}}), (b'{"code": 200}', None)],
)
def test_a_layer_without_data_gives_its_other_values(body: bytes, data: Any) -> None:
    answer = opened(body)
    assert isinstance(answer, Opened)
    assert data == answer.data


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        ([1, 2], [1, 2]),
        ([1, None, 2], [1, 2]),
        ({"Items": [1]}, [1]),
        ({"items": [1]}, [1]),
        ({"Items": None, "items": [1]}, []),
        ({"Items": {"t1": {"a": 1}, "t2": [{"b": 2}, {"c": 3}]}}, [{"a": 1}, {"b": 2}, {"c": 3}]),
        ({"other": [1]}, []),
        (None, []),
        ("text", []),
        (5, []),
    ],
)
def test_rows_are_found_where_they_stand(data: Any, rows: list[Any]) -> None:
    assert rows == rows_of(data)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b'{"data": ["\\ud800"]}', ["\ud800"]),
        (b'{"data": ["\xff"]}', ["\ufffd"]),
        (b'\xef\xbb\xbf{"data": [1]}', [1]),
        (b'{"data": [NaN, Infinity, -Infinity]}', ["NaN", "Infinity", "-Infinity"]),
        (b'{"data": [1e999, -1e999, 1.5, NaN]}', ["1e999", "-1e999", 1.5, "NaN"]),
        (b'{"data": [' + b"7" * 5000 + b"]}", ["7" * 5000]),
        (b'{"data": [12345678901234567890123, NaN]}', [12345678901234567890123, "NaN"]),
        (b'{"data": [1], "data": [2]}', [2]),
        (b'{"data": ["a\tb"]}', ["a\tb"]),
    ],
)
def test_text_a_strict_reader_refuses_is_read(text: bytes, value: Any) -> None:
    answer = opened(text)
    assert isinstance(answer, Opened)
    assert value == answer.data


@given(st.binary(max_size=200), st.integers(100, 599))
def test_any_bytes_are_opened(body: bytes, status: int) -> None:
    answer = opened(body, status)
    assert isinstance(answer, (Opened, Refusal, Unreadable))
    assert 200 <= status < 300 or isinstance(answer, Refusal)


@given(JSON, st.sampled_from([200, 404, 500]))
def test_any_json_is_opened_and_has_rows(value: Any, status: int) -> None:
    answer = opened(json.dumps(value).encode(), status)
    if isinstance(answer, Opened):
        assert isinstance(rows_of(answer.data), list)
        assert json.dumps(answer.data)


def test_a_success_that_is_nested_absurdly_deep_is_no_failure() -> None:
    body = b'{"success": ' + b"[" * 1000 + b"]" * 1000 + b', "data": [{"tag_id": "1"}], "code": 200}'
    opened = open_reply(Reply(status=200, body=body))
    assert isinstance(opened, Opened)
    assert [{"tag_id": "1"}] == opened.data


@pytest.mark.parametrize(
    ("success", "failed"),
    [("false", True), ('"False"', True), ("0", True), ('"0"', True), ("true", False), ("1", False), ("null", False)],
)
def test_what_is_no_success(success: str, failed: bool) -> None:
    opened = open_reply(Reply(status=200, body=b'{"success": ' + success.encode() + b', "data": []}'))
    assert isinstance(opened, Refusal) is failed
