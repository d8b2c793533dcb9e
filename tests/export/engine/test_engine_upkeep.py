"""What is kept of when windows were read, and what is read again to stay true."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from support.exporting import FIRST_MS, digests, export

from alive5.export.plan.span import DAY
from alive5.export.state.database import VERSION
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
        database.execute("ALTER TABLE win DROP COLUMN read_us")
        database.execute(f"PRAGMA user_version = {VERSION - 1}")
    assert readings(tmp_path) == {0}
    export(sandbox, tmp_path, clock=lambda: NOW)
    assert digests(tmp_path) == before
    assert readings(tmp_path) == {0}
