"""Parts of an export: which files there are, and that their names follow the content."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from alive5.export.dataset.formats import FORMATS
from alive5.export.dataset.schema import TABLES
from alive5.export.render.parts import Part, parts_of
from alive5.export.rows.encode import StoredRow

LINES, SQLITE = FORMATS["jsonl"], FORMATS["sqlite"]


class Held:
    """
    Rows by kind and month: each part's content key, and one row named after its place.
    """

    def __init__(self, keys: dict[tuple[str, str], str]) -> None:
        self.keys = keys
        self.read: list[tuple[str, str]] = []

    def months(self, kind: str) -> list[str]:
        return sorted(month for one, month in self.keys if one == kind)

    def rows(self, kind: str, month: str) -> Iterator[StoredRow]:
        self.read.append((kind, month))
        yield StoredRow(kind, f"{kind} {month}", 0, b"{}\n")

    def content_key(self, kind: str, month: str) -> str:
        return self.keys[kind, month]


SOME = {("sms", "2026-02"): "x", ("sms", "2026-01"): "y", ("livechat", "2026-01"): "x"}


def parts(keys: dict[tuple[str, str], str], *formats: Any) -> list[Part]:
    return list(parts_of(Held(keys), formats or (LINES, SQLITE)))


def names(keys: dict[tuple[str, str], str], *formats: Any) -> list[str]:
    return [part.name for part in parts(keys, *formats)]


def test_parts_come_in_the_order_of_formats_kinds_and_months() -> None:
    assert [
        ("jsonl", "livechat", "2026-01"),
        ("jsonl", "sms", "2026-01"),
        ("jsonl", "sms", "2026-02"),
        ("sqlite", None, None),
    ] == [(part.format.name, part.kind, part.month) for part in parts(SOME)]


def test_without_rows_only_whole_formats_have_a_part() -> None:
    assert ["sqlite"] == [part.format.name for part in parts({})]


def test_names_are_the_same_for_the_same_content_and_differ_otherwise() -> None:
    made = names(SOME)
    assert made == names(dict(reversed(SOME.items())))
    assert len(made) == len({*made})
    assert {16} == {len(name) for name in made}


@pytest.mark.parametrize("place", SOME)
def test_only_parts_whose_content_changed_get_another_name(place: tuple[str, str]) -> None:
    changed = [
        (part.kind, part.month)
        for part, name in zip(parts(SOME), names({**SOME, place: "new"}), strict=True)
        if part.name != name
    ]
    assert [place, (None, None)] == changed


def test_a_format_of_another_version_gets_other_names(monkeypatch: pytest.MonkeyPatch) -> None:
    before = names(SOME)
    monkeypatch.setattr(type(LINES), "version", LINES.version + 1)
    assert [False, False, False, True] == [one == two for one, two in zip(before, names(SOME), strict=True)]


def test_homes() -> None:
    lines, _, _, whole = parts(SOME)
    assert {f"conversations/kind=livechat/month=2026-01/part-{lines.name}.{LINES.suffixes['conversations']}"} <= {
        *lines.homes.values()
    }
    assert set(LINES.suffixes) == set(lines.homes)
    assert dict.fromkeys(TABLES, f"export-{whole.name}.{SQLITE.suffixes['conversations']}") == whole.homes


def test_rows_are_read_when_they_are_asked_for_and_as_often() -> None:
    held = Held(SOME)
    first, *_, whole = parts_of(held, (LINES, SQLITE))
    assert not held.read
    assert [["livechat 2026-01"]] * 2 == [[row.id for row in first.rows()] for _ in range(2)]
    assert ["livechat 2026-01", "sms 2026-01", "sms 2026-02"] == [row.id for row in whole.rows()]
