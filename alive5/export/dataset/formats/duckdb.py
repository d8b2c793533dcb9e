"""DuckDB, with the extra ``duckdb``: both tables in one file, from Arrow batches."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, ClassVar, Final

from ...disk.files import Disk
from ..extras import need
from ..flatten import Values
from ..schema import TABLES, Table, Type
from ._base import Batch, Format, Stored, Tally, batches
from .arrow import record_batch, values_of

_TYPES: Final[Mapping[Type, str]] = {
    "text": "VARCHAR", "time": "TIMESTAMPTZ", "int": "INTEGER", "flag": "BOOLEAN", "texts": "VARCHAR[]",
    "json": "VARCHAR",
}  # fmt: skip
# Rows fetched at a time, as for Arrow batches.
_ROWS: Final = 20_000
# Rows a row group, three vectors of DuckDB's: it holds a group uncompressed until it is full, 30 MiB at its own size.
_GROUP: Final = 6_144
# DuckDB needs more memory of its own than other libraries, so the batches that fill groups are a tenth of others.
_SHARE: Final = 10
# The smallest there are: a checkpoint leaves a column's last block half empty, and there is one every few groups.
_BLOCK: Final = 16_384
# Row groups until the database is opened again, since only that gives back what it allocated: 1 MiB each.
_GROUPS_AN_OPENING: Final = 8
_SETTINGS: Final = {
    "threads": "1",
    "temp_directory": "",
    "preserve_insertion_order": "true",
    "autoinstall_known_extensions": "false",
}


class DuckDb(Format):
    """A DuckDB database of native types; two of the same rows differ in the file's own identifier."""

    name = "duckdb"
    version = 2
    suffixes: ClassVar[Mapping[str, str]] = {"conversations": "duckdb"}
    whole = True
    needs: ClassVar[tuple[str, ...]] = ("duckdb", "pyarrow")

    def write(self, rows: Iterable[Stored], paths: Mapping[str, Path], disk: Disk, tally: Tally) -> None:
        """
        Write a new database, whole row groups at a time.
        """
        duckdb, path = need("duckdb", "duckdb"), paths["conversations"]
        with disk.create(path) as file:
            file.write(_empty_database(duckdb))
        with _as_disk_error(duckdb), closing(_Writer(duckdb, path, disk)) as writer:
            for table in TABLES.values():
                writer.execute(table.sql(_TYPES, keyed=False))
            for name, group in _groups(batches(rows, tally, _SHARE)):
                writer.insert(TABLES[name], group)

    def read(self, path: Path, table: Table) -> Iterator[Values]:
        """
        Yield the rows, read batch by batch.
        """
        duckdb = need("duckdb", "duckdb")
        with (
            _as_disk_error(duckdb),
            closing(duckdb.connect(str(path), read_only=True, config=_SETTINGS)) as database,
        ):
            database.execute("SET TimeZone = 'UTC'")
            rows = database.sql(f"SELECT {', '.join(table.names)} FROM {table.name}")  # noqa: S608
            reader = getattr(rows, "to_arrow_reader", None) or rows.fetch_arrow_reader  # its name before DuckDB 1.4
            for batch in reader(_ROWS):
                yield from values_of(batch)


class _Writer:
    """A database open for writing, and opened again now and then."""

    def __init__(self, duckdb: Any, path: Path, disk: Disk) -> None:
        self._duckdb = duckdb
        self._path = path
        self._journal = path.with_name(f"{path.name}.wal")
        self._disk = disk
        self._groups = 0
        self._open()

    def execute(self, statement: str) -> None:
        """
        Execute a statement.
        """
        self._database.execute(statement)

    def insert(self, table: Table, rows: list[Values]) -> None:
        """
        Append rows to a table.
        """
        if self._groups >= _GROUPS_AN_OPENING:
            self.close()
            self._open()
        self._groups += 1
        self._disk.step("write", self._path)
        batch = record_batch(table, rows, "duckdb")
        self._database.register("batch", need("pyarrow", "duckdb").Table.from_batches([batch]))
        self.execute(f"INSERT INTO {table.name} SELECT * FROM batch")  # noqa: S608
        self._database.unregister("batch")

    def close(self) -> None:
        """
        Close the database, whose file is whole then.
        """
        with closing(self._database):
            self.execute("CHECKPOINT")
        self._disk.unlink(self._journal)

    def _open(self) -> None:
        self._groups = 0
        self._database = _attached(self._duckdb, self._path)
        # DuckDB would create it with whatever mode the process gives new files.
        self._disk.create(self._journal).close()


def _groups(source: Iterable[Batch]) -> Iterator[tuple[str, list[Values]]]:
    """Yield a table's name and rows for exactly one row group; the last ones are smaller."""
    waiting: dict[str, list[Values]] = {name: [] for name in TABLES}
    for batch in source:
        for name, rows in waiting.items():
            rows.extend(batch.of(name))
            batch.of(name).clear()
            while len(rows) >= _GROUP:
                yield name, rows[:_GROUP]
                del rows[:_GROUP]
    yield from ((name, rows) for name, rows in waiting.items() if rows)


def _attached(duckdb: Any, path: Path) -> Any:
    """Return a connection whose current database is a file, in blocks and row groups of our size."""
    database = duckdb.connect(config=_SETTINGS)
    attach = "ATTACH '{}' AS export".format(str(path).replace("'", "''"))
    try:
        try:
            database.execute(f"{attach} (BLOCK_SIZE {_BLOCK}, ROW_GROUP_SIZE {_GROUP})")
        except duckdb.Error:  # a version before these options, which needs more memory
            database.execute(attach)
        database.execute("USE export")
    except BaseException:
        database.close()
        raise
    return database


@contextmanager
def _as_disk_error(duckdb: Any) -> Iterator[None]:
    """Raise a failure at the file as the disk's error it is; its text, which may quote rows, is left out."""
    try:
        yield
    except duckdb.Error as error:
        number = errno.ENOSPC if "no space" in str(error).lower() else errno.EIO
        raise OSError(number, f"duckdb failed at the file ({type(error).__name__})") from None


def _empty_database(duckdb: Any) -> bytes:
    """Return an empty database, made elsewhere: DuckDB refuses a file that is there and empty."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "empty.duckdb")
        _attached(duckdb, path).close()
        return path.read_bytes()
