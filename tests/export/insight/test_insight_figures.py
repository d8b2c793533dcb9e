"""Every figure equals one counted another way, whatever the data and whichever format they are read from."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import attrs
import pytest
from support.counts import count, seed
from support.insight import AGENTS, data_set, expected
from support.render import FORMATS, export

from alive5 import open_export
from alive5.export.insight.figures import FIGURES


@pytest.mark.promise("I1")
def test_every_figure_is_that_of_another_way(tmp_path: Path) -> None:
    first = seed()
    known: set[str] = set()
    for number in range(count(ci=10, full=50)):
        rows, zone, hours = data_set(first + number)
        path = tmp_path / str(number)
        export(path, rows, "jsonl")
        delivered = {(kind, row["alive5_sessionID"]): row for kind, row in rows}
        found = list(open_export(path).metrics(tz=zone, hours=hours, bots=["Robo"], agents=AGENTS))
        assert len(delivered) == len(found)
        for figures in found:
            row = delivered[figures.kind, figures.session_id]
            truth = expected(row, [*delivered.values()], zone, hours)
            told = figures.to_dict()
            assert truth == {name: told[name] for name in truth}, (first + number, zone, hours)
            known |= {name for name, value in truth.items() if value not in (None, 0, False, [])}
            started = figures.started and datetime.timestamp(figures.started) * 1_000
            assert started == (None if row["start_time"] == "soon" else row["start_time"])
        contacts = {
            (figures.contact_key, row["contacts_phone"] or row["contacts_email"])
            for figures in found
            for row in [delivered[figures.kind, figures.session_id]]
        }
        keys, people = zip(*contacts, strict=True)
        assert len(contacts) == len({*keys}) == len({*people})  # a key is one person's, and a person's only one
    assert known == set(truth)  # each figure was something else than nothing at least once
    assert 25 <= len(attrs.fields_dict(type(found[0])))


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_holds_the_same_figures(name: str, tmp_path: Path) -> None:
    rows, zone, hours = data_set(7)
    export(tmp_path / "a", rows, "jsonl")
    export(tmp_path / "b", rows, name)

    def read(folder: str) -> list[dict[str, Any]]:
        reader = open_export(tmp_path / folder)
        return [{**row.to_dict(), "tags": row.tags or None} for row in reader.metrics(tz=zone, hours=hours)]

    assert sorted(read("a"), key=lambda row: row["session_id"]) == sorted(read("b"), key=lambda row: row["session_id"])
    assert len(FIGURES) == len(read("b")[0])
