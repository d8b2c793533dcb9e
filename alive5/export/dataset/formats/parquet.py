"""Parquet, with the extra ``parquet``: two typed files a partition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from ...disk.files import Disk
from ..extras import need
from ..flatten import Values
from ..schema import TABLES, Table, arrow_schema
from ._base import Format, Stored, Tally, batches, create
from .arrow import record_batch, values_of


class Parquet(Format):
    """Parquet in the schema of the version, compressed with zstd; a row group a batch."""

    name = "parquet"
    suffixes = {"conversations": "parquet", "messages": "parquet"}
    needs = ("pyarrow",)

    def write(self, rows: Iterable[Stored], paths: Mapping[str, Path], disk: Disk, tally: Tally) -> None:
        """
        Write both files, a batch at a time.
        """
        pq = need("pyarrow.parquet", "parquet")
        with ExitStack() as stack:
            writers = {}
            for name, path in paths.items():
                file = stack.enter_context(create(disk, path))
                writer = pq.ParquetWriter(file, arrow_schema(TABLES[name]), compression="zstd", version="2.6")
                writers[name] = stack.enter_context(writer)
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
            for batch in file.iter_batches(columns=list(table.names)):
                yield from values_of(batch)


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
