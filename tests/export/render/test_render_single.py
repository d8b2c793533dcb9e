"""One CSV file a table, for people who open it by hand."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from support.exporting import JANUARY
from support.render import MemoryStore, chats, export, nasty, tree

from alive5.errors import ExportError, InvalidArgumentError
from alive5.export.dataset.manifest import MANIFEST
from alive5.export.disk.files import Disk
from alive5.export.read.reader import open_export
from alive5.export.render.render import render
from alive5.export.verify import verify
from alive5.sandbox import Sandbox

NAMES = r"conversations-[0-9a-f]{16}\.csv messages-[0-9a-f]{16}\.csv"


def files(directory: Path) -> str:
    return " ".join(sorted(set(tree(directory)) - {MANIFEST}))


@pytest.mark.parametrize("rows", [[], nasty()], ids=["none", "nasty"])
def test_each_table_is_one_file_with_the_rows_of_all(tmp_path: Path, rows: list) -> None:
    export(tmp_path / "parts", rows, "csv")
    manifest = export(tmp_path / "single", rows, "csv", single=True)
    assert re.fullmatch(NAMES, files(tmp_path / "single"))
    parts, single = open_export(tmp_path / "parts"), open_export(tmp_path / "single")
    assert list(parts.conversations()) == list(single.conversations())
    assert list(parts.messages()) == list(single.messages())
    assert (parts.manifest.counts, parts.manifest.oddities) == (manifest.counts, manifest.oddities)
    assert verify(tmp_path / "single").problems == ()


def test_going_over_to_one_file_a_table_and_back_leaves_no_row_twice(tmp_path: Path) -> None:
    store = MemoryStore(chats(4))
    render(store, tmp_path, Disk(), formats=["csv", "jsonl"])
    before = tree(tmp_path)
    render(store, tmp_path, Disk(), formats=["csv", "jsonl"], single=True)
    now = tree(tmp_path)
    assert {name for name in before if name.endswith(".gz")} == {name for name in now if name.endswith(".gz")}
    assert re.fullmatch(NAMES, " ".join(sorted(name for name in now if name.endswith(".csv"))))
    store.read.clear()
    render(store, tmp_path, Disk(), formats=["csv", "jsonl"], single=True)
    assert ([], now) == (store.read, tree(tmp_path))
    render(store, tmp_path, Disk(), formats=["csv", "jsonl"])
    assert before == tree(tmp_path)


def test_it_is_for_csv(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgumentError, match="formats must name csv"):
        export(tmp_path, [], "jsonl", single=True)


@pytest.mark.parametrize(("name", "value"), [("table", "messages"), ("kind", "sms"), ("format", "jsonl")])
def test_an_entry_that_says_otherwise_than_its_name_is_refused(tmp_path: Path, name: str, value: str) -> None:
    export(tmp_path, chats(2), "csv", single=True)
    facts = json.loads((tmp_path / MANIFEST).read_bytes())
    facts["files"][0][name] = value
    facts.pop("manifest_sha256", None)
    (tmp_path / MANIFEST).write_text(json.dumps(facts))
    with pytest.raises(ExportError, match="damaged"):
        open_export(tmp_path)


def test_both_fronts_take_it(tmp_path: Path) -> None:
    with Sandbox(livechat=20).client() as client:
        report = client.export(tmp_path / "out", **JANUARY, formats=("csv",), single=True)
        assert re.fullmatch(NAMES, " ".join(sorted(report.files)))
        kept = client.export(tmp_path / "out", since_last=True)
        assert re.fullmatch(NAMES, " ".join(sorted(kept.files)))
        assert not re.fullmatch(NAMES, " ".join(client.export(tmp_path / "out", since_last=True, formats="csv").files))
