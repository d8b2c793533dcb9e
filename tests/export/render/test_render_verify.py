"""Verifying: every way the files can be wrong is found and named."""

from __future__ import annotations

import gzip
import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.render import ALL, chats, export, nasty, reseal, sealed

from alive5.export.dataset.manifest import MANIFEST
from alive5.export.disk.files import Disk
from alive5.export.plan.job import Job
from alive5.export.plan.span import Span
from alive5.export.plan.window import FetchedWindow
from alive5.export.read.reader import open_export
from alive5.export.rows.encode import encode
from alive5.export.state.store import Store
from alive5.export.verify import verify


def problems(path: Path) -> str:
    report = verify(path)
    assert report.ok == (not report.problems)
    return "\n".join(report.problems)


def test_a_good_export_is_good(tmp_path: Path) -> None:
    export(tmp_path, [*chats(3), *nasty()], *ALL)
    report = verify(tmp_path)
    assert () == report.problems
    assert report.ok
    assert set(ALL) == set(report.rows)
    assert len({tuple(found.values()) for found in report.rows.values()}) == 1
    assert report.to_dict()["ok"] is True
    json.dumps(report.to_dict())


def test_no_export_is_a_problem(tmp_path: Path) -> None:
    assert "manifest: no MANIFEST.json" in problems(tmp_path)


@pytest.mark.parametrize("harm", ["missing", "cut", "changed", "link"])
def test_a_file_that_differs_is_named(tmp_path: Path, harm: str) -> None:
    export(tmp_path, chats(3))
    path = open_export(tmp_path).files("conversations")[0]
    content = path.read_bytes()
    path.unlink()
    if harm == "cut":
        path.write_bytes(content[:-1])
    elif harm == "changed":
        path.write_bytes(bytes([*content[:-1], content[-1] ^ 1]))
    elif harm == "link":
        (tmp_path / "copy").write_bytes(content)
        path.symlink_to(tmp_path / "copy")
    assert path.name in problems(tmp_path)


def test_fewer_rows_than_the_manifest_says(tmp_path: Path) -> None:
    export(tmp_path, chats(3, ["sms"]), "csv")
    reseal(tmp_path, messages=1)
    assert "rows of messages, the manifest says" in problems(tmp_path)


def test_a_conversation_twice(tmp_path: Path) -> None:
    export(tmp_path, [("sms", {"alive5_sessionID": "a"})])
    (path,) = open_export(tmp_path).files("conversations")
    line = gzip.decompress(path.read_bytes())
    path.write_bytes(gzip.compress(line * 2))
    reseal(tmp_path, conversations=1)
    assert "jsonl keys: 1 rows share a key" == problems(tmp_path)


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("DELETE FROM conversations WHERE session_id = :first", "have no conversation"),
        ("DELETE FROM messages WHERE session_id = :first AND seq = 0", "share a key"),
        ("DELETE FROM messages WHERE session_id = :first", "messages, there are"),
        ("UPDATE messages SET session_id = 'other' WHERE session_id = :first", "have no conversation"),
    ],
)
def test_messages_and_conversations_must_belong_together(tmp_path: Path, statement: str, problem: str) -> None:
    export(tmp_path, chats(3, ["sms"]), "sqlite")
    (path,) = open_export(tmp_path).files("messages")
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        (first,) = database.execute("SELECT session_id FROM conversations").fetchone()
        database.execute(statement, {"first": first})
    reseal(tmp_path)
    found = problems(tmp_path)
    assert problem in found
    assert first not in found


def test_formats_that_disagree(tmp_path: Path) -> None:
    export(tmp_path / "a", chats(3, ["sms"]), "sqlite")
    export(tmp_path / "b", chats(2, ["sms"]), "jsonl")
    a, b = (json.loads((tmp_path / name / MANIFEST).read_bytes()) for name in "ab")
    for entry in a["files"]:
        (tmp_path / "b" / entry["path"]).write_bytes((tmp_path / "a" / entry["path"]).read_bytes())
    (tmp_path / "b" / MANIFEST).write_text(sealed({**b, "files": [*b["files"], *a["files"]]}))
    assert "formats agree: they hold different numbers of rows" in problems(tmp_path / "b")


def test_a_part_no_manifest_names(tmp_path: Path) -> None:
    manifest = export(tmp_path, chats(1, ["sms"]))
    stray = (tmp_path / manifest.files[0].path).with_name("part-0123456789abcdef.jsonl.gz")
    stray.write_bytes(b"old")
    assert "nothing else" in problems(tmp_path)
    export(tmp_path, chats(1, ["sms"]))
    assert () == verify(tmp_path).problems


def stored(directory: Path) -> Store:
    """The state beside an export, of two rows."""
    store = Store.open(directory, Disk())
    store.begin(Job(account="sandbox", kinds=("sms",), first=date(2026, 1, 1)).spec())
    rows = encode("sms", [{"alive5_sessionID": "one"}, {"start_time": 1_767_225_600_000}], 0, {})
    store.remember("sms", {"origin": "here"}, FetchedWindow(kind="sms", span=Span(0, 1), rows=rows, observed_us=0))
    return store


def test_the_state_is_checked_when_it_is_there(tmp_path: Path) -> None:
    export(tmp_path, chats(1, ["sms"]))
    stored(tmp_path).close()
    assert "state" in [check.name for check in verify(tmp_path).checks if check.ok]
    with closing(sqlite3.connect(tmp_path / ".alive5" / "state.db")) as database, database:
        database.execute("UPDATE conv SET at = at + 1 WHERE id = 'one'")
    assert "state.db: the state file is damaged" in problems(tmp_path)


def test_a_page_of_the_state_that_is_gone_is_found(tmp_path: Path) -> None:
    export(tmp_path, chats(1, ["sms"]))
    stored(tmp_path).close()
    state = tmp_path / ".alive5" / "state.db"
    content = bytearray(state.read_bytes())
    content[8192:12_288] = bytes(4096)
    state.write_bytes(content)
    assert "the state file is damaged" in problems(tmp_path)


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("PRAGMA user_version = 99", "newer alive5"),
        ("PRAGMA user_version = 1", "older alive5"),
        ("PRAGMA application_id = 7", "not a state file of alive5"),
    ],
)
def test_a_state_that_the_next_run_refuses_is_a_problem(tmp_path: Path, statement: str, problem: str) -> None:
    export(tmp_path, chats(1, ["sms"]))
    stored(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / ".alive5" / "state.db")) as database:
        database.execute(statement)
    assert problem in problems(tmp_path)


@pytest.mark.parametrize("writing", [False, True])
def test_verifying_changes_nothing_and_waits_for_no_writer(tmp_path: Path, writing: bool) -> None:
    export(tmp_path, chats(1, ["sms"]), "jsonl", "sqlite", "duckdb")
    with closing(stored(tmp_path)) as store:
        if not writing:
            store.close()
        before = sorted(path for path in tmp_path.rglob("*"))
        assert verify(tmp_path).ok
        assert before == sorted(path for path in tmp_path.rglob("*"))


def test_a_manifest_without_a_digest_is_read_and_said(tmp_path: Path) -> None:
    export(tmp_path, chats(2))
    facts = json.loads((tmp_path / MANIFEST).read_bytes())
    digest = facts.pop("manifest_sha256")
    assert 64 == len(digest)
    (tmp_path / MANIFEST).write_text(json.dumps(facts))
    report = verify(tmp_path)
    assert () == report.problems
    assert ["manifest digest"] == [check.name for check in report.checks if check.ok is None]


@pytest.mark.parametrize("sealing", [json.dumps, sealed])
@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"counts": {"sms": {"conversations": 3, "messages": 1}}}, "its counts are not those of its files"),
        ({"oddities": {"times_unread": 4}}, "its counts are not those of its files"),
        ({"complete": True}, "complete and grades disagree"),
    ],
)
def test_what_the_manifest_says_is_held_against_itself(
    tmp_path: Path, sealing: Any, change: dict[str, Any], problem: str
) -> None:
    export(tmp_path, chats(3, ["sms"]), grades={"complete": False})
    facts = json.loads((tmp_path / MANIFEST).read_bytes())
    del facts["manifest_sha256"]
    (tmp_path / MANIFEST).write_text(sealing({**facts, **change}))
    assert problem in problems(tmp_path)


def test_rows_are_counted_by_kind(tmp_path: Path) -> None:
    export(tmp_path, chats(3, ["sms", "fbm"]), "sqlite")
    facts = json.loads((tmp_path / MANIFEST).read_bytes())
    for entry in facts["files"]:
        entry["kinds"] = {"fbm": entry["kinds"]["sms"], "sms": entry["kinds"]["fbm"] + 1, "livechat": -1}
    (tmp_path / MANIFEST).write_text(sealed(facts))
    found = problems(tmp_path)
    assert "rows of other kinds than the manifest says" in found


def test_counts_are_those_of_the_rows_themselves(tmp_path: Path) -> None:
    export(tmp_path, chats(3, ["sms"]))
    facts = json.loads((tmp_path / MANIFEST).read_bytes())
    facts["files"][0]["messages"] += 2
    facts["counts"]["sms"]["messages"] += 2
    (tmp_path / MANIFEST).write_text(sealed(facts))
    assert "rows of messages are of sms, the manifest counts" in problems(tmp_path)


def test_a_format_whose_package_is_missing_is_not_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export(tmp_path, chats(1, ["sms"]), "jsonl", "parquet")
    import sys

    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    report = verify(tmp_path)
    assert () == report.problems
    unread: list[Any] = [check for check in report.checks if check.ok is None]
    assert ["parquet rows"] == [check.name for check in unread]
    assert "alive5[parquet]" in unread[0].detail
