"""What is kept of when windows were read, and what is read again to stay true."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support.exporting import FIRST_MS, digests, export, found, ids, tried

from alive5 import InvalidArgumentError
from alive5.export.plan.span import DAY
from alive5.export.state.directory import peek
from alive5.sandbox import Sandbox

NOW = FIRST_MS / 1000 + 90 * DAY


def readings(directory: Path) -> set[int]:
    with peek(directory) as held:
        assert held is not None
        return {window.read_us for kind in ("livechat", "sms", "fbm") for window in held[0].windows(kind)}


def test_a_window_is_kept_with_the_time_its_reading_began(tmp_path: Path) -> None:
    clock = iter(range(10**6))
    export(Sandbox(livechat=200, sms=60, fbm=40), tmp_path, clock=lambda: NOW + next(clock))
    assert all(NOW * 1e6 <= reading < (NOW + 10**6) * 1e6 for reading in readings(tmp_path))


def test_a_state_file_of_before_goes_on_and_does_not_say_when_it_was_read(tmp_path: Path) -> None:
    sandbox = Sandbox(livechat=200, sms=60, fbm=40)
    export(sandbox, tmp_path, clock=lambda: NOW)
    before = digests(tmp_path)
    with closing(sqlite3.connect(tmp_path / ".alive5" / "state.db")) as database:
        database.execute("DROP INDEX win_values")
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql != ''").fetchall():
            database.execute(f"DROP INDEX {name}")
        database.execute("DROP TABLE active")
        database.execute("DROP TABLE forgotten")
        database.execute("ALTER TABLE win DROP COLUMN read_us")
        database.execute("PRAGMA user_version = 3")
    assert readings(tmp_path) == {0}
    export(sandbox, tmp_path, clock=lambda: NOW)
    assert digests(tmp_path) == before
    assert readings(tmp_path) == {0}


def test_what_did_not_change_is_read_again_without_a_write(tmp_path: Path) -> None:
    sandbox = Sandbox(livechat=200, sms=60, fbm=40)
    options: dict[str, Any] = {"start": None, "since_last": True, "sweep": "all"}
    export(sandbox, tmp_path, clock=lambda: NOW)
    before, blocks = digests(tmp_path), packed(tmp_path)
    report = export(sandbox, tmp_path, clock=lambda: NOW + DAY, **options)
    assert report.as_of["sms"] == report.as_of["fbm"] == "2026-04-02T00:00:00Z"
    assert blocks == packed(tmp_path)
    assert before == digests(tmp_path)


def test_of_a_window_read_again_only_what_changed_is_written(tmp_path: Path) -> None:
    sandbox = Sandbox(livechat=200, sms=60, fbm=40)
    options: dict[str, Any] = {"start": None, "since_last": True, "sweep": "all"}
    export(sandbox, tmp_path, clock=lambda: NOW)
    named = sandbox.conversations("sms")[-30]["alive5_sessionID"]
    assert named in ids(tmp_path)["sms"]
    before = digests(tmp_path)
    sandbox.change("sms", named, tags=["later"])
    export(sandbox, tmp_path, clock=lambda: NOW + DAY, **options)
    assert found(tmp_path)["sms"][named]["tags"] == ["later"]
    changed = set(digests(tmp_path)) - set(before)
    assert len(changed) == 1, "one month of one kind"
    export(sandbox, tmp_path.with_name("whole"), clock=lambda: NOW + DAY)
    assert digests(tmp_path.with_name("whole")) == digests(tmp_path)


def packed(directory: Path) -> list[tuple[int, bytes]]:
    with closing(sqlite3.connect(directory / ".alive5" / "state.db")) as database:
        return database.execute("SELECT id, packed FROM block ORDER BY id").fetchall()


def test_a_sweep_that_fails_leaves_what_was_proven(tmp_path: Path) -> None:
    sandbox = Sandbox(livechat=200, sms=60, fbm=40)
    first = export(sandbox, tmp_path, clock=lambda: NOW)
    seen = 0

    def away(asked: Any) -> None:
        nonlocal seen
        seen += asked.operation == "conversations.fbm"
        if seen == 10:
            sandbox.fail("server_error_before", times=None, on="conversations.fbm")

    sandbox.on_request = away
    options: dict[str, Any] = {"start": None, "end": None, "since_last": True, "sweep": "all", "kinds": ("fbm",)}
    report = tried(sandbox, tmp_path, clock=lambda: NOW + DAY, **options).report
    assert report is None or report.windows["failed"] + report.windows["todo"] == 0
    assert first.windows["C"] == 0


def history(sandbox: Sandbox, start_ms: int, *written_ms: int) -> str:
    chat = [{"created_at": at, "created_by": "Visitor", "message_content": f"at {at}"} for at in written_ms]
    row = sandbox.add("sms", start_time=start_ms, end_time=None, chat_conversation=chat)
    return str(row["alive5_sessionID"])


def test_by_activity_what_began_before_is_there_with_all_its_messages(tmp_path: Path) -> None:
    sandbox = Sandbox(livechat=0, sms=0, fbm=0, edition="current")
    day_ms = DAY * 1000
    old = history(sandbox, FIRST_MS - 200 * day_ms, FIRST_MS - 200 * day_ms, FIRST_MS + 5 * day_ms)
    new = history(sandbox, FIRST_MS + day_ms, FIRST_MS + day_ms)
    history(sandbox, FIRST_MS - 200 * day_ms, FIRST_MS - 200 * day_ms, FIRST_MS + 40 * day_ms)
    options: dict[str, Any] = {"kinds": ("sms",), "edition": "current", "clock": lambda: NOW}
    export(sandbox, tmp_path / "started", **options)
    report = export(sandbox, tmp_path / "active", by="active", **options)
    assert ids(tmp_path / "started")["sms"] == {new}
    assert ids(tmp_path / "active")["sms"] == {new, old}
    assert len(found(tmp_path / "active")["sms"][old]["chat_conversation"]) == 2
    assert (report.exit_code, report.counts["sms"]["conversations"]) == (0, 2)


def test_activity_without_a_feed_is_graded_and_said(tmp_path: Path) -> None:
    report = export(Sandbox(livechat=20, sms=0, fbm=0), tmp_path, by="active", kinds=("livechat",), clock=lambda: NOW)
    assert (report.grade, report.exit_code, report.complete) == ("C", 4, False)
    assert any("no feed of messages" in sentence for sentence in report.anomalies)


@pytest.mark.parametrize(
    ("options", "what"),
    [({"sweep": -1}, "sweep"), ({"sweep": "some"}, "sweep"), ({"sweep": True}, "sweep"), ({"by": "ended"}, "by"),
     ({"max_age": 0}, "max_age"), ({"max_age": "3"}, "max_age")],
)  # fmt: skip
def test_impossible_arguments_are_refused(options: dict[str, Any], what: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidArgumentError, match=what):
        export(Sandbox(livechat=1, sms=0, fbm=0), tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()


def test_what_is_older_than_allowed_ends_with_4(tmp_path: Path) -> None:
    sandbox = Sandbox(livechat=30, sms=10, fbm=10)
    options: dict[str, Any] = {"kinds": ("livechat",), "max_age": 7}
    assert export(sandbox, tmp_path, clock=lambda: NOW, **options).exit_code == 0
    late = export(sandbox, tmp_path, clock=lambda: NOW + 8 * DAY, **options)
    assert (late.stale, late.exit_code) == (("livechat",), 4)
    assert export(sandbox, tmp_path, clock=lambda: NOW + 8 * DAY, sweep="all", **options).exit_code == 0
