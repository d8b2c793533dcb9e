"""The file of a search: private, whole or not there, and of this export or made again."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from support.render import export, tree
from support.searching import plainly, searched

from alive5 import ExportError, open_export
from alive5.export.disk.files import Disk
from alive5.export.insight.found import Needle
from alive5.export.read import searched as reading
from alive5.export.search import file
from alive5.export.search.file import SearchIndex
from alive5.export.search.index import Part
from alive5.export.verify import verify

AT = 1_767_225_600_000
MONTH_MS = 31 * 86_400_000


def rows(*texts: str) -> list[tuple[str, dict[str, object]]]:
    """A conversation a month, each with one of the texts."""
    return [
        ("sms", {"alive5_sessionID": f"s{n}", "start_time": AT + n * MONTH_MS,
                 "chat_conversation": [{"created_at": AT, "message_content": said}]})
        for n, said in enumerate(texts)
    ]  # fmt: skip


@pytest.fixture
def out(tmp_path: Path) -> Path:
    export(tmp_path / "out", rows("a refund", "no order", "another Refund"), "jsonl")
    return tmp_path / "out"


def db(out: Path) -> Path:
    return out / ".alive5" / "search.db"


def find(out: Path, wanted: str = "refund") -> list[str]:
    reader = open_export(out)
    assert plainly(reader, wanted) == searched(reader, wanted)
    return sorted(hit.text for hit in reader.search(wanted))


@pytest.fixture
def read() -> Iterator[list[str]]:
    """The parts that are read."""
    seen: list[str] = []
    plain = reading._rows

    def noted(reader: object, *entries: object) -> object:
        seen.append(entries[0].month)  # type: ignore[attr-defined]
        return plain(reader, *entries)  # type: ignore[arg-type]

    with patch.object(reading, "_rows", noted):
        yield seen


def test_it_is_private_and_alone(out: Path) -> None:
    before = tree(out)
    find(out)
    assert 0o600 == stat.S_IMODE(db(out).stat().st_mode)
    for place in (db(out).parent, db(out).parent / "tmp"):
        assert 0o700 == stat.S_IMODE(place.stat().st_mode)
    assert ["search.db", "tmp"] == sorted(path.name for path in db(out).parent.iterdir())
    assert [] == list((db(out).parent / "tmp").iterdir())
    assert before == tree(out)
    assert verify(out).ok


def test_only_what_changed_is_read_again(out: Path, read: list[str]) -> None:
    find(out)
    assert ["2026-01", "2026-02", "2026-03"] == sorted(read)
    read.clear()
    find(out)
    assert [] == read
    export(out, rows("a refund", "no order", "another Refund", "refunded"), "jsonl")
    assert ["a refund", "another Refund", "refunded"] == find(out)
    assert ["2026-04"] == read
    read.clear()
    export(out, rows("an order", "no order", "another Refund"), "jsonl")
    assert ["another Refund"] == find(out)
    assert ["2026-01"] == read


def test_what_went_is_in_no_byte_of_it(out: Path) -> None:
    find(out)
    assert b"a refund" in db(out).read_bytes()
    export(out, rows("nothing", "no order", "another Refund"), "jsonl")
    find(out)
    assert b"a refund" not in db(out).read_bytes()


@pytest.mark.parametrize("kind", ["flipped", "cut", "empty", "text", "other", "older", "nonsense"])
def test_one_that_is_not_ours_whole_is_made_again(out: Path, kind: str, read: list[str]) -> None:
    find(out)
    content = bytearray(db(out).read_bytes())
    if kind == "flipped":
        at = content.index(b"another Refund")
        content[at] ^= 1
    if kind == "older":
        with patch.object(file, "_MADE_BY", "alive5 0.0.0, Unicode 1"):
            find(out)
    elif kind == "other":
        db(out).unlink()
        with sqlite3.connect(db(out)) as connection:
            connection.execute("CREATE TABLE said(text)")
        connection.close()
        checksum = int.from_bytes(file._checksum(db(out), Disk())[0], "big", signed=True)
        with sqlite3.connect(db(out)) as connection:
            connection.execute(f"PRAGMA user_version = {checksum}")
        connection.close()
    elif kind == "nonsense":  # with the checksum of what it is
        sum_ = zlib.crc32(bytes(900)).to_bytes(4, "big")
        db(out).write_bytes(bytes(60) + sum_ + bytes(36) + bytes(900))
    else:
        db(out).write_bytes({"cut": content[:-100], "empty": b"", "text": b"hello" * 99}.get(kind, bytes(content)))
    read.clear()
    assert ["a refund", "another Refund"] == find(out)
    assert 3 == len(read)


def test_every_flipped_byte_is_noticed_or_changes_nothing(out: Path) -> None:
    find(out)
    content = db(out).read_bytes()
    for at in [*range(120), *range(120, len(content), 1999)]:
        changed = bytearray(content)
        changed[at] ^= 1 << at % 8
        db(out).write_bytes(changed)
        assert ["a refund", "another Refund"] == find(out), at


def test_a_copy_without_the_hidden_directory(out: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(out, copy, ignore=shutil.ignore_patterns(".alive5"))
    assert ["a refund", "another Refund"] == find(copy)
    assert db(copy).is_file()


@pytest.mark.parametrize("place", [".alive5", ".alive5/search.db", ".alive5/tmp"])
def test_no_link_is_followed(out: Path, tmp_path: Path, place: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.rmtree(out / ".alive5")
    if place.endswith(".db"):
        elsewhere.write_bytes(b"theirs")
        (out / ".alive5").mkdir(mode=0o700)
    else:
        elsewhere.mkdir()
        (out / place).parent.mkdir(exist_ok=True, mode=0o700)
    (out / place).symlink_to(elsewhere)
    assert ["a refund", "another Refund"] == find(out)
    assert b"theirs" == elsewhere.read_bytes() if elsewhere.is_file() else [] == list(elsewhere.iterdir())


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_disk_that_refuses_at_any_operation_costs_the_file_only(out: Path, code: int) -> None:
    """The answer is the same, and nothing unfinished is left, but where removing it is what is refused."""
    reader, refused = open_export(out), []
    parts = [*reading._parts(reader)]

    def before(at: int, name: str, path: Path) -> None:
        if at == number:
            refused.append(name)
            raise OSError(code, os.strerror(code))

    for number in range(1, 100):
        shutil.rmtree(out / ".alive5", ignore_errors=True)
        found = SearchIndex(out, parts, lambda: True, Disk(before)).find(Needle("refund"), None)
        assert ["a refund", "another Refund"] == sorted(hit.text for hit in found), number
        if len(refused) < number:
            break
        assert refused[-1] == "unlink" or [] == list(out.glob(".alive5/tmp/*"))
    assert {"mkdir", "open", "write", "fsync", "rename"} <= set(refused)
    assert db(out).is_file()


def test_a_run_that_ends_meanwhile_keeps_its_say(out: Path) -> None:
    """What was read before is no index of what is there now; the answer is that of what was opened."""
    reader = open_export(out)
    parts = [*reading._parts(reader)]
    with patch.object(reading, "load_manifest", lambda path: export(out, rows("later"), "jsonl")):
        assert not reading._is_current(reader)
    export(out, rows("a refund", "no order", "another Refund"), "jsonl")
    assert 2 == len([*SearchIndex(out, parts, lambda: False).find(Needle("refund"), None)])
    assert not db(out).exists()
    assert [] == list((out / ".alive5" / "tmp").iterdir())


def test_a_directory_that_lost_its_manifest_meanwhile(out: Path) -> None:
    reader = open_export(out)
    (out / "MANIFEST.json").unlink()
    assert 2 == len([*reader.search("refund")])
    assert not db(out).exists()


def test_a_damaged_part_is_refused_not_left_out(out: Path) -> None:
    (part,) = [path for path in open_export(out).files("messages") if "2026-03" in str(path)]
    os.truncate(part, part.stat().st_size - 5)
    with pytest.raises(ExportError, match="is not what was written"):
        list(open_export(out).search("refund"))
    assert not db(out).exists()


def test_tables_that_do_not_belong_together(tmp_path: Path) -> None:
    export(tmp_path, rows("a refund"), "csv")
    reader = open_export(tmp_path)
    few = [entry for entry in reader.manifest.files if entry.table == "messages"]
    alone = patch.object(type(reader), "entries_for_rows", lambda self, table: few if table == "messages" else [])
    with alone, pytest.raises(ExportError, match="do not belong together"):
        reader.search("refund")


def test_what_a_killed_search_left_goes_once_it_is_old(out: Path) -> None:
    work = out / ".alive5" / "tmp"
    work.mkdir(parents=True, mode=0o700, exist_ok=True)
    for name in ("search-old.new", "search-new.new", "other.new"):
        (work / name).write_bytes(b"a refund")
        if name != "search-new.new":
            os.utime(work / name, (0, 0))
    find(out)
    assert ["other.new", "search-new.new"] == sorted(path.name for path in work.iterdir())


def test_a_search_that_ends_early_lets_go_of_the_file(out: Path) -> None:
    found = open_export(out).search("e")
    next(found)
    found.close()  # type: ignore[attr-defined]
    assert 3 == len([*open_export(out).search("e")])


def test_an_error_while_reading_parts_is_the_reader_s(out: Path) -> None:
    def broken() -> list[object]:
        raise ExportError("a part is damaged")

    for grams in (True, False):
        with patch.object(file, "has_grams", lambda grams=grams: grams), pytest.raises(ExportError, match="a part is"):
            list(SearchIndex(out, [Part("key", broken)], lambda: True).find(Needle("x"), None))  # type: ignore[arg-type]
    assert [] == list(out.glob(".alive5/tmp/*"))
