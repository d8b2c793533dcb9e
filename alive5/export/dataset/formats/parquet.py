"""Parquet, with the extra ``parquet``: two typed files a partition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, ClassVar, Final

from ...disk.files import Disk
from ..extras import need
from ..flatten import Values
from ..schema import TABLES, Table, arrow_schema
from ._base import Format, Stored, Tally, batches, create
from .arrow import record_batch, record_batches, values_of

# Rows read at a time: as Python's values each takes some kilobytes, and the 65,536 of pyarrow took 150 MiB a table.
_ROWS_READ: Final = 2_000


class Parquet(Format):
    """Parquet in the schema of the version, compressed with zstd; a row group a batch."""

    name = "parquet"
    suffixes: ClassVar[Mapping[str, str]] = {"conversations": "parquet", "messages": "parquet"}
    needs: ClassVar[tuple[str, ...]] = ("pyarrow",)

    def write(self, rows: Iterable[Stored], paths: Mapping[str, Path], disk: Disk, tally: Tally) -> None:
        """
        Write both files, a batch at a time.
        """
        pq = need("pyarrow.parquet", "parquet")
        with ExitStack() as stack:
            writers = {}
            for name, path in paths.items():
                file = stack.enter_context(create(disk, path))
                writers[name] = stack.enter_context(_writer(pq, file, TABLES[name]))
            for batch in batches(rows, tally):
                for name, writer in writers.items():
                    if batch.of(name):
                        writer.write_batch(record_batch(TABLES[name], batch.of(name)))

    def read(self, path: Path, table: Table) -> Iterator[Values]:
        """
        Yield the rows, read batch by batch.
        """
        pq = need("pyarrow.parquet", "parquet")
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_ROWS_READ, columns=list(table.names)):
                yield from values_of(batch)


def write_table(file: IO[bytes], table: Table, rows: Iterable[Values]) -> None:
    """
    Write rows of any table, a row group a batch.
    """
    pq = need("pyarrow.parquet", "parquet")
    with _writer(pq, file, table) as writer:
        for batch in record_batches(table, rows):
            writer.write_batch(batch)


def _writer(pq: Any, file: IO[bytes], table: Table) -> Any:
    return pq.ParquetWriter(file, arrow_schema(table), compression="zstd", version="2.6")


def arrow_table(path: Path, table: Table) -> Any:
    """
    Return a file as ``pyarrow.Table``.
    """
    pq = need("pyarrow.parquet", "parquet")
    with pq.ParquetFile(path) as file:
        return file.read(columns=list(table.names)).cast(arrow_schema(table))  # a list of its has another item name


def arrow_dataset(paths: Sequence[Path], table: Table) -> Any:
    """
    Return files as ``pyarrow.dataset.Dataset``, which reads what a query asks for.

    Its columns are those in the files: what the folders' names say is there already.
    """
    dataset = need("pyarrow.dataset", "parquet").dataset
    return dataset([str(path) for path in paths], arrow_schema(table), "parquet", partitioning=None)
