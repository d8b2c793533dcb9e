"""Names to keep rows by, where several conversations share an id."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from alive5.export.rows.apart import MARK, are_one_line, id_of, name_apart, names_of, shown_line, shown_name
from alive5.export.rows.json_lines import line_of, read_line


class Row(NamedTuple):
    id: str
    start_us: int | None = 5
    sha: bytes = b"\x01" * 32
    synthetic: int = 0


ONE = f"a{MARK}5"
TWO = f"a{MARK}5{MARK}{'01' * 8}"
OTHER = b"\x02" * 32


def test_names() -> None:
    assert ["a", ONE, TWO] == names_of("a", 5, b"\x01" * 32)
    assert ["a", ONE, TWO] == names_of(ONE, 5, b"\x01" * 32)
    assert ["a", "a", "a", "synthetic-1"] == [id_of(name) for name in ("a", ONE, TWO, "synthetic-1")]
    assert ["a", "a#5", "a#5#0101010101010101"] == [shown_name(name) for name in ("a", ONE, TWO)]


@pytest.mark.parametrize(
    ("row", "known", "one", "expected"),
    [
        (Row("a"), [], False, "a"),
        (Row("a"), [Row("b", sha=OTHER)], False, "a"),
        (Row("a"), [Row("a")], False, "a"),  # the same row
        (Row("a"), [Row("a", sha=OTHER)], True, "a"),
        (Row("a"), [Row("a", sha=OTHER)], False, ONE),
        (Row("a", None), [Row("a", sha=OTHER)], False, f"a{MARK}None"),
        (Row("a"), [Row("a", sha=OTHER), Row(ONE)], False, ONE),
        (Row("a"), [Row("a", sha=OTHER), Row(ONE, sha=OTHER)], False, TWO),
        (Row("a"), [Row("a", sha=OTHER), Row(ONE, sha=OTHER), Row(TWO, sha=OTHER)], False, TWO),
        # What was told apart within a window may come first to the store.
        (Row(ONE), [], False, "a"),
        (Row("a", synthetic=1), [Row("a", sha=OTHER)], False, "a"),
    ],
)
def test_name_apart(row: Row, known: list[Row], one: bool, expected: str) -> None:
    assert expected == name_apart(row, {there.id: there for there in known}, lambda kept, later: one)


def test_lines() -> None:
    raw = {"alive5_sessionID": "a", "start_time": 1_767_323_045_000, "chat_conversation": []}
    line, later = line_of("sms", raw), line_of("sms", {**raw, "start_time": 1_767_323_047_000})
    assert are_one_line(line, line)
    assert not are_one_line(line, later)
    assert line is shown_line("a", line)
    assert ("sms", "a#5", raw) == read_line(shown_line(ONE, line))
