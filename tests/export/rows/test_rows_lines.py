"""Lines of JSON: our names beside delivered ones, both shapes of a row, and numbers and depths of any kind."""

from __future__ import annotations

import json
from typing import Any

import pytest

from alive5._json.codec import canonical, loads
from alive5.export.rows.json_lines import delivered_id, lifted, line_of, messages_of, read_line

THREAD = {
    "threadData": {"thread_id": "a", "crmData": {"first_name": "Bo"}},
    "threadConversation": [{"_id": "m0", "_source": {"message_content": "hi"}}],
}


@pytest.mark.parametrize(
    ("row", "synthetic", "expected"),
    [
        ({}, None, {"kind": "sms"}),
        ({"a": 1}, None, {"a": 1, "kind": "sms"}),
        ({"a": 1}, "made", {"a": 1, "kind": "sms", "synthetic_id": "made"}),
        ({"kind": 1}, None, {"delivered_kind": 1, "kind": "sms"}),
        ({"synthetic_id": 1}, "made", {"delivered_synthetic_id": 1, "kind": "sms", "synthetic_id": "made"}),
        ({"delivered_kind": 1}, None, {"delivered_delivered_kind": 1, "kind": "sms"}),
        ({"delivered_at": 1, "delivered_": 2}, None, {"delivered_at": 1, "delivered_": 2, "kind": "sms"}),
        ({"kinds": 1, "undelivered_kind": 2}, None, {"kinds": 1, "undelivered_kind": 2, "kind": "sms"}),
    ],
)
def test_names_of_ours_and_delivered_ones(row: dict[str, Any], synthetic: str | None, expected: dict[str, Any]) -> None:
    line = line_of("sms", row, synthetic)
    assert json.dumps(expected, sort_keys=True, separators=(",", ":")).encode() + b"\n" == line
    assert ("sms", synthetic or "", row) == read_line(line)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"alive5_sessionID": "a"}, "a"),
        ({"alive5_sessionID": 5}, "5"),
        (THREAD, "a"),
        ({"threadData": None}, None),
        ({"alive5_sessionID": [1]}, None),
        ({}, None),
    ],
)
def test_delivered_id(row: dict[str, Any], expected: str | None) -> None:
    assert expected == delivered_id(row)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({}, []),
        ({"chat_conversation": None}, []),
        ({"chat_conversation": {"message_content": "hi"}}, []),
        ({"chat_conversation": [{"a": 1}, None, "b", [], {}]}, [{"a": 1}, {}]),
        ({"threadConversation": "none"}, []),
        ({"threadData": {}}, []),
    ],
)
def test_messages_of(row: dict[str, Any], expected: list[Any]) -> None:
    assert expected == messages_of(row)


def test_messages_of_a_nested_row() -> None:
    (said,) = messages_of(THREAD)
    assert {"_id": "m0", "_source": {"message_content": "hi"}} == said


@pytest.mark.parametrize(
    "row",
    [
        {"a": 1},
        THREAD,
        {"threadData": {"thread_id": "a"}},
        {"threadData": {"thread_id": "a", "crmData": "text"}},
        {"threadData": None},
        {"threadConversation": []},
    ],
)
def test_lifting_leaves_the_row_as_it_is(row: dict[str, Any]) -> None:
    before = json.dumps(row)
    made = lifted(row)
    assert before == json.dumps(row)
    assert row.get("threadData", {}) in (None, {}) or "a" == made["alive5_sessionID"]


def nested(levels: int, inner: str) -> bytes:
    return b"[" * levels + inner.encode() + b"]" * levels


@pytest.mark.parametrize("inner", ["1", "1e5", str(2**63), str(2**64 - 1), '"' + "1" * 30 + '"'])
@pytest.mark.parametrize("levels", [1, 200, 1_020])
def test_lines_of_any_depth_are_read_exactly(levels: int, inner: str) -> None:
    value = loads(nested(levels, inner))
    for _ in range(levels):
        (value,) = value
    assert repr(json.loads(inner)) == repr(value)


@pytest.mark.parametrize("value", [2**64, -(2**63) - 1, 10**40, "\ud800", ["\udfff", 2**70], {"\ud83d": 1}])
def test_what_one_writer_refuses_the_other_writes(value: Any) -> None:
    assert value == loads(canonical(value))


@pytest.mark.parametrize("text", [b"", b"{", b"nothing", b'{"a": 01}', b"1" * 20 + b"x"])
def test_what_is_no_json_is_an_error(text: bytes) -> None:
    with pytest.raises(json.JSONDecodeError):
        loads(text)


@pytest.mark.parametrize("levels", [100, 300, 2_000])
def test_keys_are_sorted_at_any_depth(levels: int) -> None:
    value: Any = {"b": 1, "a": 2}
    for _ in range(levels):
        value = {"b": 0, "a": value}
    assert b'{"a":' * levels + b'{"a":2,"b":1}' + b',"b":0}' * levels == canonical(value)
