"""
The index as a file: always a whole one, made aside and renamed, and dropped when it is not what was written.

Its user version is a checksum of all behind its header. Where no file can be
written, or SQLite lacks what it needs, the parts are read for each search.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import attrs

from ..._version import __version__
from ...errors import ExportError
from ..dataset.manifest import STATE
from ..disk.errors import explained
from ..disk.files import Disk
from ..disk.read_only import connect_read_only
from ..insight.found import Needle, SearchHit
from .index import Part, collect, create, has_grams, hits, is_index, keys_of, update

NAME: Final = "search.db"
WHAT: Final = "search index"
# What sides and folded texts depend on: of another one the file is made again.
_MADE_BY: Final = f"alive5 {__version__}, Unicode {unicodedata.unidata_version}"
# SQLite's header, and the user version in it (https://sqlite.org/fileformat.html#the_database_header).
_HEADER: Final = 100
_VERSION_AT: Final = slice(60, 64)
_CHUNK: Final = 1 << 20
# Seconds without a write after which an unfinished file is one that a killed search left: no part takes that long.
_ABANDONED: Final = 3600.0
_SETTINGS: Final = (
    # The file is new and thrown away when writing fails: a journal would only be a second file to protect.
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -32768",
    # What is taken out is not left in free pages.
    "PRAGMA secure_delete = ON",
)


@attrs.frozen
class SearchIndex:
    """
    The index of an export's directory.

    ``is_current`` says whether its parts are still those of the export: a file
    that others will read is published only then.
    """

    root: Path
    parts: Sequence[Part]
    is_current: Callable[[], bool]
    disk: Disk = attrs.field(factory=Disk)

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self.root / STATE / NAME

    def find(self, needle: Needle, limit: int | None) -> Iterator[SearchHit]:
        """
        Yield the messages that hold what is looked for, the latest first.
        """
        kept = self._kept() if has_grams() else None
        with explained(self.path, what=WHAT), closing(self._scanned(needle) if kept is None else kept) as connection:
            yield from hits(connection, needle, limit, grams=kept is not None)

    def _kept(self) -> sqlite3.Connection | None:
        """Return the file of these parts, made or renewed; None where none can be."""
        wanted = {part.key for part in self.parts}
        there = self._open()
        if there is not None:
            if keys_of(there).keys() == wanted:
                return there
            there.close()
        return self._open() if self._renewed(self.path if there is not None else None) else None

    def _open(self) -> sqlite3.Connection | None:
        """Return the file that is there, None when it is not one that this version wrote whole."""
        try:
            if not (self.disk.is_file(self.path) and _checksum(self.path, self.disk)[1]):
                return None
            connection = connect_read_only(self.path)
        except (OSError, sqlite3.Error):
            return None
        try:
            if is_index(connection, _MADE_BY):
                return connection
        except sqlite3.Error:
            pass
        connection.close()
        return None

    def _renewed(self, old: Path | None) -> bool:
        """Whether a new file was written aside, from an *old* one where there is one, and published."""
        try:
            new = self._work_directory() / f"search-{secrets.token_hex(4)}.new"
        except (OSError, ExportError):
            return False
        try:
            self._write(new, old)
            if self.is_current():
                self.disk.sync(new)
                self.disk.replace(new, self.path)
                self.disk.sync_directory(self.path.parent)
                return True
        except (OSError, sqlite3.Error):
            pass
        finally:
            with suppress(OSError):
                self.disk.unlink(new)
        return False

    def _work_directory(self) -> Path:
        """Return the directory for unfinished files, which the next run of the export empties."""
        place = self.root
        for name in (STATE, "tmp"):
            place /= name
            self.disk.make_directories(place)
            self.disk.keep_private(place)
        for left in place.glob("search-*.new"):
            if time.time() - left.lstat().st_mtime > _ABANDONED:
                self.disk.unlink(left)
        return place

    def _write(self, new: Path, old: Path | None) -> None:
        with self.disk.create(new) as file:
            if old is not None:
                with self.disk.open(old) as source:
                    while chunk := source.read(_CHUNK):
                        file.write(chunk)
        with closing(sqlite3.connect(new, isolation_level=None)) as connection:
            for setting in _SETTINGS:
                connection.execute(setting)
            connection.execute("BEGIN")
            if old is None:
                create(connection, made_by=_MADE_BY)
            update(connection, self.parts)
            self.disk.step("write", new)
            connection.execute("COMMIT")
        checksum = _checksum(new, self.disk)[0]
        with closing(sqlite3.connect(new, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute(f"PRAGMA user_version = {int.from_bytes(checksum, 'big', signed=True)}")

    def _scanned(self, needle: Needle) -> sqlite3.Connection:
        """Return an index of the hits alone, in memory, and beyond some megabytes in a file without a name."""
        connection = sqlite3.connect("", isolation_level=None)
        try:
            create(connection, grams=False)
            connection.execute("BEGIN")
            collect(connection, self.parts, needle)
        except BaseException:
            connection.close()
            raise
        return connection


def _checksum(path: Path, disk: Disk) -> tuple[bytes, bool]:
    """Return the checksum of a file behind its header, and whether the header says it."""
    with disk.open(path) as file:
        said, sum_ = file.read(_HEADER)[_VERSION_AT], 0
        while chunk := file.read(_CHUNK):
            sum_ = zlib.crc32(chunk, sum_)
    found = sum_.to_bytes(4, "big")
    return found, found == said
