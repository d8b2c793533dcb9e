"""Files: the same bytes whatever the order, kept while unchanged, removed only when no manifest names them."""

from __future__ import annotations

import errno
import os
import random
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.counts import FULL, seed
from support.render import ALL, MemoryStore, chats, export, nasty, tree

from alive5.errors import ExportError
from alive5.export.dataset.manifest import MANIFEST, load_manifest
from alive5.export.disk.files import Disk
from alive5.export.read.reader import open_export
from alive5.export.render.render import render
from alive5.export.verify import verify

EVERY = 1 if FULL else 5
posix_only = pytest.mark.skipif(os.name == "nt", reason="modes and links are those of POSIX")


@pytest.mark.promise("E4")
@pytest.mark.parametrize("name", [name for name in ALL if name != "duckdb"])
def test_the_same_rows_give_the_same_bytes(tmp_path: Path, name: str) -> None:
    rows = [*chats(12), *nasty()]
    export(tmp_path / "one", rows, name)
    # Synthetic ids follow the order of arrival in the fake, which those rows keep.
    random.Random(seed()).shuffle(first := rows[:36])
    export(tmp_path / "two", [*first, *rows[36:]], name)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_duckdb_files_hold_the_same_rows_under_the_same_name(tmp_path: Path) -> None:
    one, two = (export(tmp_path / name, chats(5), "duckdb") for name in ("one", "two"))
    assert [(entry.path, entry.rows) for entry in one.files] == [(entry.path, entry.rows) for entry in two.files]
    assert list(open_export(tmp_path / "one").messages()) == list(open_export(tmp_path / "two").messages())


@pytest.mark.parametrize("name", ALL)
def test_a_part_whose_content_did_not_change_is_not_written_again(tmp_path: Path, name: str) -> None:
    store = MemoryStore(chats(12))
    render(store, tmp_path, Disk(), formats=[name])
    before = {path: path.stat() for path in tmp_path.rglob("*") if path.is_file()}
    store.read.clear()
    steps: list[str] = []
    second = render(store, tmp_path, Disk(lambda _, step, path: steps.append(f"{step} {path.name}")), formats=[name])
    assert [] == store.read
    assert [f"open {MANIFEST}.new", f"write {MANIFEST}.new", f"fsync {MANIFEST}.new", f"rename {MANIFEST}"] == steps[:4]
    for path, then in before.items():
        if path.name != MANIFEST:
            assert (then.st_ino, then.st_mtime_ns) == (path.stat().st_ino, path.stat().st_mtime_ns)
    assert second == load_manifest(tmp_path)


@pytest.mark.parametrize("name", ["jsonl", "csv", "parquet"])
def test_only_the_months_that_changed_are_written(tmp_path: Path, name: str) -> None:
    store = MemoryStore(chats(12))
    first = render(store, tmp_path, Disk(), formats=[name])
    store.read.clear()
    store.add("sms", {"alive5_sessionID": "new", "start_time": 1_767_225_600_000})
    second = render(store, tmp_path, Disk(), formats=[name])
    assert [("sms", "2026-01")] == store.read
    changed = {entry.path for entry in second.files} - {entry.path for entry in first.files}
    gone = {entry.path for entry in first.files} - {entry.path for entry in second.files}
    assert all("kind=sms/month=2026-01/" in path for path in (*changed, *gone))
    assert len(changed) == len(gone) == (1 if name == "jsonl" else 2)
    assert {entry.path for entry in second.files} | {MANIFEST} == set(tree(tmp_path))


@pytest.mark.parametrize("manifest_too", [False, True])
def test_a_damaged_or_missing_part_is_written_anew(tmp_path: Path, manifest_too: bool) -> None:
    store = MemoryStore(chats(12))
    manifest = render(store, tmp_path, Disk(), formats=["jsonl", "csv"])
    before = tree(tmp_path)
    (tmp_path / manifest.files[0].path).unlink()
    (tmp_path / manifest.files[1].path).write_bytes(b"cut")
    if manifest_too:
        (tmp_path / MANIFEST).write_bytes(b"")
    render(store, tmp_path, Disk(), formats=["jsonl", "csv"])
    assert before == tree(tmp_path)


def test_parts_go_only_after_the_manifest_that_does_not_name_them(tmp_path: Path) -> None:
    store = MemoryStore(chats(6))
    render(store, tmp_path, Disk(), formats=["jsonl"])
    order: list[str] = []
    render(store, tmp_path, Disk(lambda _, step, path: order.append(f"{step} {path.name}")), formats=["csv"])
    renamed = order.index(f"rename {MANIFEST}")
    unlinked = [place for place, step in enumerate(order) if step.startswith("unlink part-")]
    assert unlinked
    assert f"fsync {tmp_path.name}" == order[renamed + 1]
    assert renamed + 1 < min(unlinked)
    assert {"csv"} == {path.rpartition(".")[2] for path in tree(tmp_path) if path != MANIFEST}


def test_files_of_others_are_left_alone(tmp_path: Path) -> None:
    others = [
        "notes.txt", "export-latest.sqlite", "conversations/kind=sms/month=2026-01/part-mine.csv",
        "conversations/kind=sms/month=2026-01/part-0123456789abcdef.csv.bak", "other/part-0123456789abcdef.csv",
    ]  # fmt: skip
    for name in (*others, "messages/kind=sms/month=2026-01/part-0123456789abcdef.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("mine")
    export(tmp_path, [])
    assert {*others, MANIFEST} == set(tree(tmp_path))


def test_an_empty_export_has_its_manifest_and_its_tables(tmp_path: Path) -> None:
    manifest = export(tmp_path, [], *ALL, job={"kinds": ["sms"]})
    assert ("sms",) == manifest.kinds
    assert {"sqlite", "duckdb", "xlsx"} == set(manifest.formats)
    assert [] == list(open_export(tmp_path).messages())
    assert verify(tmp_path).ok


@posix_only
@pytest.mark.promise("D5")
@pytest.mark.parametrize("mask", [0, 0o022, 0o077])
def test_files_are_for_their_owner_alone_from_the_first_byte(tmp_path: Path, mask: int) -> None:
    seen: dict[str, set[int]] = {}

    def look(_: int, step: str, path: Path) -> None:
        for found in (tmp_path / "out").rglob("*"):
            seen.setdefault("directory" if found.is_dir() else "file", set()).add(stat.S_IMODE(found.stat().st_mode))

    before = os.umask(mask)
    try:
        render(MemoryStore(chats(4)), tmp_path / "out", Disk(look), formats=ALL)
    finally:
        os.umask(before)
    look(0, "", tmp_path)
    assert {"directory": {0o700}, "file": {0o600}} == seen
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700


@posix_only
@pytest.mark.promise("D5")
@pytest.mark.parametrize(
    "place",
    ["conversations", "conversations/kind=sms", "conversations/kind=sms/month=2026-01", ".alive5", ".alive5/tmp"],
)
def test_a_link_in_the_place_of_a_directory_is_refused(tmp_path: Path, place: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").write_text("mine")
    link = tmp_path / "out" / place
    link.parent.mkdir(parents=True)
    link.symlink_to(elsewhere)
    with pytest.raises(ExportError, match="not a directory of the export"):
        export(tmp_path / "out", [("sms", {"alive5_sessionID": "a", "start_time": 1_767_225_600_000})])
    assert ["precious"] == [path.name for path in elsewhere.iterdir()]


@posix_only
@pytest.mark.promise("D5")
def test_a_link_in_the_place_of_a_file_is_replaced_and_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    rows = [("sms", {"alive5_sessionID": "a", "start_time": 1_767_225_600_000})]
    manifest = export(tmp_path / "out", rows)
    for name in (manifest.files[0].path, MANIFEST):
        (tmp_path / "out" / name).unlink()
        (tmp_path / "out" / name).symlink_to(victim)
    with pytest.raises(ExportError, match="cannot be read"):
        open_export(tmp_path / "out")
    (tmp_path / "out/.alive5/tmp/conversations.new").symlink_to(victim)
    export(tmp_path / "out", rows)
    assert victim.read_text() == "mine"
    assert verify(tmp_path / "out").ok


@pytest.mark.promise("D5")
def test_no_text_of_the_server_reaches_a_file_name(tmp_path: Path) -> None:
    evil = "../../evil/\x00 name\n"
    rows = [(kind, {"alive5_sessionID": evil, "start_time": evil, "channel_name": evil}) for kind in ("sms", "fbm")]
    export(tmp_path / "out", rows, *ALL)
    assert ["out"] == [path.name for path in tmp_path.iterdir()]
    assert not [path for path in tree(tmp_path / "out") if "evil" in path or "name" in path]


@pytest.mark.promise("E3")
@pytest.mark.parametrize("name", ALL)
def test_a_failing_disk_leaves_the_manifest_of_before_valid(tmp_path: Path, name: str) -> None:
    store = MemoryStore(chats(1, ["sms", "fbm"]))
    render(store, tmp_path, Disk(), formats=[name])
    for kind in ("sms", "fbm"):
        store.add(kind, {"alive5_sessionID": f"new-{kind}", "start_time": 1_767_225_600_000})
    counting = Disk()
    render(store, tmp_path / "counting", counting, formats=[name])
    assert counting.operations > 10
    for nth in range(1, counting.operations + 4, EVERY):
        held = load_manifest(tmp_path)
        try:
            render(store, tmp_path, Disk(failing(nth)), formats=[name])
        except ExportError as error:
            assert "run it again" in str(error)  # noqa: PT017
        now = load_manifest(tmp_path)
        assert now == held or counts_of(now) == {"fbm": 2, "sms": 2}
        open_export(tmp_path).check()
        store.add("sms", {"alive5_sessionID": f"later-{nth}", "start_time": 1_764_547_200_000 + nth})
        store.parts[("sms", "2025-12")] = store.parts[("sms", "2025-12")][-1:]
        render(store, tmp_path, Disk(), formats=[name])
        assert verify(tmp_path).problems == ()
        store.parts.pop(("sms", "2025-12"))
    render(store, tmp_path, Disk(), formats=[name])
    assert {"fbm": 2, "sms": 2} == counts_of(load_manifest(tmp_path))


def counts_of(manifest: Any) -> dict[str, int]:
    return {kind: counts["conversations"] for kind, counts in manifest.counts.items()}


def failing(nth: int) -> Any:
    number = errno.ENOSPC if nth % 2 else errno.EIO

    def before(count: int, step: str, path: Path) -> None:
        if count == nth:
            raise OSError(number, os.strerror(number))

    return before


@posix_only
@pytest.mark.promise("E3")
def test_a_full_disk_inside_a_library_is_an_error_that_says_so(tmp_path: Path) -> None:
    """Here the system itself refuses to write on, in the middle of every format's file."""
    script = f"""
import resource, sys
sys.path[:0] = {sys.path!r}
from pathlib import Path
from alive5.errors import ExportError
from support.render import ALL, chats, export
import duckdb, pyarrow.parquet, xlsxwriter
for name in ALL:
    out = Path({str(tmp_path)!r}, name)
    export(out, chats(1, ["sms"]), name)
    most = 20_000 if name in ("sqlite", "duckdb") else 4_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
    try:
        export(out, chats(150, ["sms"]), name)
    except ExportError as error:
        print(name, error.__cause__, sorted(path.name for path in (out / ".alive5/tmp").iterdir()))
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert [f"{name} None []" for name in ALL] == ran.stdout.splitlines(), ran.stderr
    for name in ALL:
        assert verify(tmp_path / name).problems == ()
        assert {"sms": 1} == counts_of(load_manifest(tmp_path / name))


@pytest.mark.parametrize("name", ALL)
def test_what_the_store_raises_leaves_nothing_behind(tmp_path: Path, name: str) -> None:
    store = MemoryStore(chats(3, ["sms"]))
    render(store, tmp_path, Disk(), formats=[name])
    before = tree(tmp_path)

    class Stopped(MemoryStore):
        def rows(self, kind: str, month: str) -> Iterator[Any]:
            yield next(super().rows(kind, month))
            raise InterruptedError(errno.EINTR, "stopped")

    stopped = Stopped(chats(4, ["sms"]))
    with pytest.raises(InterruptedError):
        render(stopped, tmp_path, Disk(), formats=[name])
    assert [] == list((tmp_path / ".alive5/tmp").iterdir())
    assert before == tree(tmp_path)
