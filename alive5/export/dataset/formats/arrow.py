"""Arrow batches and tables of typed rows, with the extra ``parquet``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from ..extras import need
from ..flatten import Values
from ..schema import Table, arrow_schema

# Rows a batch: what Arrow handles at its pace, at some tens of megabytes for long messages.
_ROWS: Final = 20_000


def record_batch(table: Table, rows: list[Values], extra: str = "parquet") -> Any:
    """
    Return a ``pyarrow.RecordBatch`` of typed rows.
    """
    pa = need("pyarrow", extra)
    schema = arrow_schema(table)
    columns = zip(*rows, strict=True) if rows else ((),) * len(schema)
    arrays = [pa.array(list(values), field.type) for values, field in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def record_batches(table: Table, rows: Iterable[Values], extra: str = "parquet") -> Iterator[Any]:
    """
    Yield batches of any number of rows.
    """
    source = iter(rows)
    while chunk := list(islice(source, _ROWS)):
        yield record_batch(table, chunk, extra)


def values_of(batch: Any) -> Iterator[Values]:
    """
    Yield the rows of a batch, or of a table, as tuples.
    """
    return zip(*(column.to_pylist() for column in batch.columns), strict=True)
