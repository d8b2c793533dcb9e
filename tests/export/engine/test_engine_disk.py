"""E3: whichever operation of the disk fails, it is said clearly and a later run completes."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest
from support.counts import FULL, count
from support.exporting import digests, export, found

from alive5 import ExportError, InvalidArgumentError
from alive5.export.disk.files import Disk
from alive5.export.plan.span import Span
from alive5.export.plan.window import FetchedWindow, StoredWindow
from alive5.export.rows.encode import encode
from alive5.export.state.store import Store
from alive5.sandbox import Sandbox

SIZES: dict[str, Any] = {"livechat": 60, "sms": 40, "fbm": 20}
PERIOD = {"start": "2026-01-20", "end": "2026-02-10"}


class Failing(Disk):
    """A disk whose n-th operation, and all later ones, fail."""

    def __init__(self, number: int, code: int) -> None:
        super().__init__(self.fail)
        self.number = number
        self.code = code

    def fail(self, number: int, name: str, path: Path) -> None:
        if number >= self.number:
            raise OSError(self.code, "a failure of the test", str(path))


def failure(sandbox: Sandbox, directory: Path, disk: Disk) -> ExportError | None:
    """
    Export; gives what went wrong.
    """
    try:
        export(sandbox, directory, disk=disk, **PERIOD)
    except ExportError as error:
        return error
    return None


@pytest.mark.promise("E3")
def test_a_failing_disk_is_told_and_a_later_run_completes(tmp_path: Path) -> None:
    disk = Disk()
    export(Sandbox(**SIZES), tmp_path / "whole", disk=disk, **PERIOD)
    expected = digests(tmp_path / "whole")
    step = 1 if FULL else 5
    for number in range(1, disk.operations + 1, step):
        count(ci=1, full=1)
        directory = tmp_path / str(number)
        code = (errno.ENOSPC, errno.EIO)[number // step % 2]
        sandbox = Sandbox(**SIZES)
        failing = Failing(number, code)
        error = failure(sandbox, directory, failing)
        # Windows are committed together as they come in: a run may take fewer operations than the one before.
        assert (error is None) == (failing.operations < number)
        if error is not None:
            assert 3 == error.exit_code
            assert ("no space is left" if code == errno.ENOSPC else "input/output error") in str(error)
        if (directory / "MANIFEST.json").exists():
            found(directory)
        export(sandbox, directory, **PERIOD)
        assert expected == digests(directory)


def test_a_full_state_file_rolls_back_and_goes_on_later(tmp_path: Path) -> None:
    rows = encode("livechat", Sandbox(livechat=300).conversations("livechat"), 0, {})
    store = Store.open(tmp_path / "out", Disk())
    run = store.begin({})
    span = Span(0, 86_400)
    store.replan("livechat", [], [StoredWindow(kind="livechat", span=span)])
    done = FetchedWindow(kind="livechat", span=span, rows=rows, observed_us=0, count=len(rows), pages=3, grade="A")
    connection = store._database._connection
    connection.execute("PRAGMA max_page_count = 30")
    with pytest.raises(ExportError, match="no space is left"):
        store.finish([done], run)
    assert {"conversations": 0, "messages": 0, "without_id": 0} == store.counts("livechat")
    assert ["todo"] == [window.state for window in store.windows("livechat")]
    connection.execute("PRAGMA max_page_count = 100000")
    store.finish([done], run)
    assert 300 == store.counts("livechat")["conversations"]
    assert "ok" == store.check()
    store.close()


def test_a_damaged_state_file_is_told_and_left_alone(tmp_path: Path) -> None:
    directory = tmp_path / "out"
    export(Sandbox(**SIZES), directory, **PERIOD)
    state = directory / ".alive5" / "state.db"
    state.write_bytes(damaged := b"not a database at all" * 500)
    with pytest.raises(ExportError, match="damaged"):
        export(Sandbox(**SIZES), directory, **PERIOD)
    assert damaged == state.read_bytes()
    assert 20 > len(found(directory)["fbm"]) > 0


@pytest.mark.parametrize("name", ["state.db", "lock"])
def test_links_in_the_state_directory_are_not_followed(name: str, tmp_path: Path) -> None:
    directory, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    (directory / ".alive5").mkdir(parents=True)
    elsewhere.write_bytes(b"")
    (directory / ".alive5" / name).symlink_to(elsewhere)
    with pytest.raises(ExportError, match="symbolic link"):
        export(Sandbox(**SIZES), directory, **PERIOD)
    assert b"" == elsewhere.read_bytes()


@pytest.mark.promise("D5")
@pytest.mark.parametrize("name", ["state.db", "lock"])
@pytest.mark.parametrize("content", [b"mine alone", b""])
def test_a_file_with_another_name_is_not_written_to(name: str, content: bytes, tmp_path: Path) -> None:
    directory, victim = tmp_path / "out", tmp_path / "victim"
    (directory / ".alive5").mkdir(parents=True)
    victim.write_bytes(content)
    (directory / ".alive5" / name).hardlink_to(victim)
    with pytest.raises(ExportError, match="hard link"):
        export(Sandbox(**SIZES), directory, **PERIOD)
    assert content == victim.read_bytes()


@pytest.mark.parametrize("name", ["state.db", "lock"])
def test_what_is_no_file_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "out" / ".alive5" / name).mkdir(parents=True)
    with pytest.raises(ExportError, match=r"not a file|Is a directory"):
        export(Sandbox(**SIZES), tmp_path / "out", **PERIOD)


@pytest.mark.promise("D5")
@pytest.mark.parametrize("name", [".alive5", ".alive5/tmp"])
def test_a_directory_others_may_write_to_is_made_private(name: str, tmp_path: Path) -> None:
    state = tmp_path / "out" / name
    state.mkdir(parents=True)
    state.chmod(0o777)
    export(Sandbox(**SIZES), tmp_path / "out", **PERIOD)
    assert 0o700 == state.stat().st_mode & 0o777


def test_a_directory_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = tmp_path / "out" / ".alive5"
    state.mkdir(parents=True)
    state.chmod(0o777)
    monkeypatch.setattr("alive5.export.disk.files.os.geteuid", lambda: state.stat().st_uid + 1)
    with pytest.raises(ExportError, match="another user's"):
        export(Sandbox(**SIZES), tmp_path / "out", **PERIOD)
    assert [] == list(state.iterdir())
    state.chmod(0o700)
    export(Sandbox(**SIZES), tmp_path / "out", **PERIOD)


def test_a_file_system_without_modes_is_used_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = tmp_path / "out" / ".alive5"
    state.mkdir(parents=True)
    state.chmod(0o777)

    def refuse(*_: Any) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr("alive5.export.disk.files.os.fchmod", refuse)
    export(Sandbox(**SIZES), tmp_path / "out", **PERIOD)


def test_places_that_are_no_output_directory_are_refused(tmp_path: Path) -> None:
    file, foreign = tmp_path / "file", tmp_path / "foreign"
    file.write_text("x")
    foreign.mkdir()
    (foreign / "thesis.txt").write_text("x")
    for place, why in ((file, "not a directory"), (foreign, "not empty"), (file / "below", "not a directory")):
        with pytest.raises((ExportError, InvalidArgumentError), match=why):
            export(Sandbox(**SIZES), place, **PERIOD)
    assert ["thesis.txt"] == [path.name for path in foreign.iterdir()]


def test_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    directory = tmp_path / "deep" / "out"
    export(Sandbox(**SIZES), directory, **PERIOD)
    modes = {path.stat().st_mode & 0o777 for path in directory.rglob("*") if path.is_file()}
    assert {0o600} == modes
    assert {0o700} == {path.stat().st_mode & 0o777 for path in (directory, *directory.rglob("*")) if path.is_dir()}
