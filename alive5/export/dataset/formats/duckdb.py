"""DuckDB, with the extra ``duckdb``: both tables in one file, from Arrow batches."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from ...disk.files import Disk
from ..extras import need
from ..flatten import Values
from ..schema import TABLES, Table, Type
from ._base import Format, Stored, Tally, batches
from .arrow import record_batch, values_of

_TYPES: Final[Mapping[Type, str]] = {
    "text": "VARCHAR", "time": "TIMESTAMPTZ", "int": "INTEGER", "flag": "BOOLEAN", "texts": "VARCHAR[]",
    "json": "VARCHAR",
}  # fmt: skip
# Rows fetched at a time, as for Arrow batches.
_ROWS: Final = 20_000
_SETTINGS: Final = {
    "threads": "1",
    "temp_directory": "",
    "preserve_insertion_order": "true",
    "autoinstall_known_extensions": "false",
}


class DuckDb(Format):
    """A DuckDB database of native types; two of the same rows differ in the file's own identifier."""

    name = "duckdb"
    suffixes = {"conversations": "duckdb"}
    whole = True
    needs = ("duckdb", "pyarrow")

    def write(self, rows: Iterable[Stored], paths: Mapping[str, Path], disk: Disk, tally: Tally) -> None:
        """
        Write a new database, a batch at a time.
        """
        duckdb, path = need("duckdb", "duckdb"), paths["conversations"]
        journal = path.with_name(f"{path.name}.wal")
        with disk.create(path) as file:
            file.write(_empty_database(duckdb))
        with _as_disk_error(duckdb), closing(duckdb.connect(str(path), config=_SETTINGS)) as database:
            disk.create(journal).close()  # DuckDB would create it with whatever mode the process gives new files
            for table in TABLES.values():
                database.execute(table.sql(_TYPES, keyed=False))
            for batch in batches(rows, tally):
                disk.step("write", path)
                for name, table in TABLES.items():
                    _insert(database, table, batch.of(name))
            database.execute("CHECKPOINT")
        disk.unlink(journal)

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


def _insert(database: Any, table: Table, rows: list[Values]) -> None:
    if rows:
        database.register("batch", need("pyarrow", "duckdb").Table.from_batches([record_batch(table, rows, "duckdb")]))
        database.execute(f"INSERT INTO {table.name} SELECT * FROM batch")  # noqa: S608
        database.unregister("batch")


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
        duckdb.connect(str(path)).close()
        return path.read_bytes()
