"""A directory in which a person is to be forgotten, and a look at every byte of it."""

from __future__ import annotations

import gzip
import random
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from alive5 import open_export
from alive5.export.rows.json_lines import read_line
from alive5.export.state.directory import peek
from alive5.sandbox import Sandbox

from .exporting import DAY_MS, export
from .people import FIRST_MS, Planted, Rows, chat, planted

SIZES: Final[dict[str, int]] = {"livechat": 20, "sms": 20, "fbm": 10}
PERIOD: Final = {"start": "2026-01-01", "end": "2026-01-31"}
FORMS: Final[dict[str, dict[str, Any]]] = {
    "jsonl": {"formats": ("jsonl",)},
    "csv": {"formats": ("csv",)},
    "single": {"formats": ("csv",), "single": True},
    "sqlite": {"formats": ("sqlite",)},
    "parquet": {"formats": ("parquet",)},
    "duckdb": {"formats": ("duckdb",)},
    "several": {"formats": ("jsonl", "csv", "sqlite")},
}
# The present of the sandbox, as the exports of one test have to have it.
NOW: Final = 1_775_000_000.0
NIGHT: Final = 86_400.0
# Where a stream of zlib or deflate may begin, and how much of it is looked at.
_ZLIB: Final = b"\x78"
_LOOKED_AT: Final = 1 << 16
_STEP: Final = 64


def world(rng: random.Random, people: Iterable[Planted], **quirks: Any) -> Sandbox:
    """
    Return a sandbox in which each person has twelve conversations, beside those of others.
    """
    sandbox = Sandbox(seed=rng.randrange(1000), **{**SIZES, **quirks})
    add(sandbox, planted(rng, people, flat=True)[0])  # it makes the other shapes itself
    return sandbox


def add(sandbox: Sandbox, rows: Rows) -> None:
    """
    Add conversations as they are.
    """
    for kind, row in rows:
        blank = dict.fromkeys(("contacts_phone", "contacts_email", "contacts_first_name", "contacts_last_name"))
        sandbox.add(kind, **{**blank, **row})


def night(sandbox: Sandbox, directory: Path, number: int, **options: Any) -> Any:
    """
    Export what is new, a number of nights later, and read all else again.
    """
    later = {"start": None, "end": None, "since_last": True, "sweep": "all", **options}
    return export(sandbox, directory, clock=lambda: NOW + number * NIGHT, **later)


def write_again(sandbox: Sandbox, person: Planted, at: float = FIRST_MS / 1000) -> None:
    """
    Let a person write into all of their conversations at a time, in epoch seconds, and begin two more, one long ago.
    """
    moment = int(at * 1000)
    for kind in ("livechat", "sms", "fbm"):
        for row in sandbox.conversations(kind):
            if person.mark in str(row):
                more = {"created_at": moment, "message_content": f"more of {person.mark}", "created_by": "Visitor"}
                said = [*row["chat_conversation"], more]
                sandbox.change(kind, row["alive5_sessionID"], chat_conversation=said)
    number = sum(person.phone in str(row) for row in sandbox.conversations("sms"))
    for name, start in (("new", moment), ("old", FIRST_MS - 60 * DAY_MS)):
        kind, new = chat("sms", f"phone-{person.number}-{name}-{number}", start=start, said=[person.mark])
        new["chat_conversation"][-1]["created_at"] = moment
        add(sandbox, [(kind, {**new, "contacts_phone": person.phone})])


@contextmanager
def remnants(directory: Path, person: Planted) -> Iterator[None]:
    """
    Leave a person in free pages and in the journal of a state, as a program does that is still reading.
    """
    with closing(sqlite3.connect(directory / ".alive5" / "state.db", isolation_level=None)) as database:
        database.execute("PRAGMA secure_delete = OFF")
        database.execute("CREATE TABLE junk(x)")
        database.executemany("INSERT INTO junk VALUES(?)", [(person.mark * 300,)] * 5)
        database.execute("DROP TABLE junk")
        assert database.execute("PRAGMA freelist_count").fetchone()[0]
        yield


def traces(directory: Path, person: Planted) -> list[str]:
    """
    Return the files in whose bytes a person is found: as they are, decompressed, or read as rows.
    """
    words = [word.lower().encode() for word in (person.mark, person.phone[2:], person.email, *_ids(person))]
    texts = {
        path.relative_to(directory).as_posix(): _all_of(path.read_bytes())
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }
    return [
        f"{name}: {word!r}"
        for name, text in {**texts, "rows": _rows(directory)}.items()
        for lower in [text.lower()]
        for word in words
        if word in lower
    ]


def left(directory: Path, person: Planted) -> dict[str, bytes]:
    """
    Return the lines of all others in a state, by kind and id.
    """
    with peek(directory) as held:
        assert held is not None
        rows = {f"{name[0]} {name[1]}": line for name, line in held[0].all_rows()}
    return {name: line for name, line in rows.items() if person.mark.encode() not in line}


def others_read(directory: Path, person: Planted) -> list[Any]:
    """
    Return what all formats say of others: rows of both tables, as they are read.
    """
    reader = open_export(directory)
    rows = [*reader.conversations(), *reader.messages()]
    return [row for row in rows if not row["session_id"].startswith(_ids(person))]


def _ids(person: Planted) -> tuple[str, ...]:
    return tuple(f"{by}-{person.number}-" for by in ("phone", "email"))


def _rows(directory: Path) -> bytes:
    if not (directory / "MANIFEST.json").exists():
        return b""
    reader, parts = open_export(directory), []
    for name in reader.manifest.formats:
        for table in ("conversations", "messages"):
            parts += [repr(row) for _, rows in reader.values(table, name) for row in rows]
    return "\n".join(parts).encode("utf-8", "replace")


def _all_of(data: bytes) -> bytes:
    """Return bytes with all that is compressed in them, wherever it begins."""
    parts, at = [data], data.find(_ZLIB)
    if data.startswith(b"\x1f\x8b"):
        parts.append(gzip.decompress(data))
    while at >= 0:
        parts.append(_inflated(data[at : at + _LOOKED_AT]))
        at = data.find(_ZLIB, at + 1)
    return b"\n".join(parts)


def _inflated(data: bytes) -> bytes:
    """Return what can be decompressed before it ends, or a page of a database does."""
    stream, parts = zlib.decompressobj(), list[bytes]()
    try:
        for low in range(0, len(data), _STEP):
            parts.append(stream.decompress(data[low : low + _STEP]))
    except zlib.error:
        pass
    return b"".join(parts)


def names_in(directory: Path) -> set[str]:
    """
    Return the ids of the rows a state has.
    """
    with peek(directory) as held:
        assert held is not None
        return {str(read_line(line)[1]) for _, line in held[0].all_rows()}
