"""The lossless lines: what UTF-8 cannot carry, what JSON does not know, and our own names."""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from typing import Any

import pytest
from support.counts import count, seed

from alive5._json.codec import canonical
from alive5.export.dataset.flatten import flatten
from alive5.export.rows.json_lines import line_of, read_line


def there_and_back(row: dict[str, Any], synthetic: str | None = None) -> tuple[str, str, dict[str, Any]]:
    line = line_of("sms", row, synthetic)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    return read_line(line)


@pytest.mark.parametrize(
    "value",
    ["\ud800", "a\udfffb", {"\ud800": 1}, 2**70, -(2**70), 1e308, 1.0, -0.0, 0.1, "\u2028\n\r\x00", {"a": [], "b": 1}],
)
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    row = {"alive5_sessionID": "a", "value": value}
    kind, name, back = there_and_back(row)
    assert ("sms", "a", row) == (kind, name, back)
    assert repr(value) == repr(back["value"])


def test_a_row_nested_deeper_than_the_writers_go_is_kept() -> None:
    value: Any = "bottom"
    for level in range(1_010):  # 1,024 levels are read, and 254 written as UTF-8
        value = [value, {}] if level % 2 else {"a": value, "b": []}
    line = line_of("sms", {"alive5_sessionID": "a", "value": value})
    assert line == line_of("sms", read_line(line)[2])
    assert line.count(b"bottom") == 1
    extra = flatten(*read_line(line), Counter()).conversation[-2]
    assert extra.count("bottom") == 1


def test_names_of_ours_that_were_delivered_are_kept() -> None:
    row = {"alive5_sessionID": "a", "kind": "lead", "delivered_kind": 1, "synthetic_id": None, "delivered_x": 2}
    line = json.loads(line_of("sms", row))
    assert line == {
        "alive5_sessionID": "a", "kind": "sms", "delivered_kind": "lead", "delivered_delivered_kind": 1,
        "delivered_synthetic_id": None, "delivered_x": 2,
    }  # fmt: skip
    assert ("sms", "a", row) == there_and_back(row)


def test_a_row_without_an_id_carries_the_one_it_was_given() -> None:
    row = {"contacts_notes": "who?"}
    assert {**row, "kind": "sms", "synthetic_id": "made"} == json.loads(line_of("sms", row, "made"))
    assert ("sms", "made", row) == there_and_back(row, "made")


def test_the_digest_of_a_row_is_the_same_from_the_store_and_from_its_line() -> None:
    row = {"b": "\ud83d", "a": 2**70, "alive5_sessionID": 7, "kind": "lead"}
    stored = flatten("sms", "7", row, Counter()).conversation[-1]
    read = flatten(*read_line(line_of("sms", row)), Counter()).conversation[-1]
    text = json.dumps(row, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == stored == read


def test_decoding_uses_up_nothing_of_the_row() -> None:
    row = {"threadData": {"thread_id": "a", "tags": ["x"], "crmData": {"first_name": "Bo"}}, "threadConversation": []}
    before = canonical(row)
    flatten("livechat", "a", row, Counter())
    line_of("livechat", row)
    assert before == canonical(row)


def test_the_order_of_keys_makes_no_difference() -> None:
    one = {"alive5_sessionID": "a", "tags": ["x", {"b": 1, "a": [{"d": 1, "c": 2}]}], "z": {"b": 1, "a": 2}}
    two = json.loads(json.dumps(one, sort_keys=True))
    assert flatten("sms", "a", one, Counter()) == flatten("sms", "a", two, Counter())
    assert ["x", '{"a":[{"c":2,"d":1}],"b":1}'] == flatten("sms", "a", one, Counter()).conversation[16]


@pytest.mark.promise("E9")
def test_any_row_comes_back() -> None:
    rng = random.Random(seed())
    for _ in range(count(ci=300, full=20_000)):
        made = {text(rng): anything(rng, 3) for _ in range(rng.randrange(6))}
        # As JSON delivers it: two lone surrogates that make a pair are one character.
        row = json.loads(json.dumps({**made, "alive5_sessionID": "a"}))
        kind, name, back = there_and_back(row)
        assert ("sms", "a", row) == (kind, name, back)
        flat = flatten("sms", "a", row, Counter())
        assert flat == flatten("sms", "a", back, Counter())
        for value in flat.conversation:
            if isinstance(value, str):
                value.encode("utf-8")


def text(rng: random.Random) -> str:
    pieces = ("a", "kind", "tags", "delivered_", "synthetic_id", "\ud800", "\udfff", "\x00", "é", "😀", '"', "\\", "\n")
    return "".join(rng.choice(pieces) for _ in range(rng.randrange(4)))


def anything(rng: random.Random, depth: int) -> Any:
    choice = rng.randrange(9 if depth else 7)
    if choice < 3:
        return text(rng)
    if choice == 3:
        return rng.choice((None, True, False))
    if choice < 6:
        return rng.choice((0, -1, 10**18, 2**63, 2**64, 10**40, 1_767_225_600_000))
    if choice == 6:
        return rng.choice((0.0, -0.5, 1e300, 1.1, 12345678901234567890.0))
    if choice == 7:
        return [anything(rng, depth - 1) for _ in range(rng.randrange(4))]
    return {text(rng): anything(rng, depth - 1) for _ in range(rng.randrange(4))}
