"""Arrow batches and tables of typed rows, with the extra ``parquet``."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from itertools import accumulate, islice
from typing import Any, Final

from ..extras import need
from ..flatten import Values
from ..schema import Table, Type, arrow_schema

# Rows a batch: what Arrow handles at its pace, at some tens of megabytes for long messages.
_ROWS: Final = 20_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND: Final = timedelta(microseconds=1)

_Buffers = tuple[list[Any], list[Any]]


def record_batch(table: Table, rows: list[Values], extra: str = "parquet") -> Any:
    """
    Return a ``pyarrow.RecordBatch`` of typed rows.

    Its buffers are laid out here: ``pyarrow.array`` would import pandas where it
    is installed, which holds 47 MiB ever after.
    """
    pa = need("pyarrow", extra)
    schema = arrow_schema(table)
    columns = zip(*rows, strict=True) if rows else ((),) * len(schema)
    arrays = [
        _array(pa, column.type, values, field.type)
        for column, values, field in zip(table.columns, columns, schema, strict=True)
    ]
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


def _array(pa: Any, kind: Type, values: Sequence[Any], type: Any) -> Any:  # noqa: A002
    buffers, children = _LAYOUTS[kind](pa, values)
    nulls = values.count(None)
    there = _bits(value is not None for value in values) if nulls else None
    whole = [there and pa.py_buffer(there), *map(pa.py_buffer, buffers)]
    return pa.Array.from_buffers(type, len(values), whole, nulls, 0, children)


def _texts(_: Any, values: Sequence[Any]) -> _Buffers:
    encoded = [b"" if value is None else value.encode() for value in values]
    return [_offsets(encoded), b"".join(encoded)], []


def _lists(pa: Any, values: Sequence[Any]) -> _Buffers:
    lists = [value or () for value in values]
    items = [item for one in lists for item in one]
    return [_offsets(lists)], [_array(pa, "text", items, pa.string())]


def _times(_: Any, values: Sequence[Any]) -> _Buffers:
    return [array("q", [0 if value is None else (value - _EPOCH) // _MICROSECOND for value in values])], []


def _ints(_: Any, values: Sequence[Any]) -> _Buffers:
    return [array("i", [value or 0 for value in values])], []


def _reals(_: Any, values: Sequence[Any]) -> _Buffers:
    return [array("d", [value or 0.0 for value in values])], []


def _flags(_: Any, values: Sequence[Any]) -> _Buffers:
    return [_bits(values)], []


def _offsets(values: Iterable[Any]) -> Any:
    return array("i", accumulate(map(len, values), initial=0))


def _bits(values: Iterable[Any]) -> bytes:
    """Return a bit a value, the first one lowest."""
    digits = "".join(["1" if value else "0" for value in values])[::-1]
    return int(digits or "0", 2).to_bytes((len(digits) + 7) // 8, "little")


_LAYOUTS: Final[Mapping[Type, Callable[[Any, Sequence[Any]], _Buffers]]] = {
    "text": _texts, "json": _texts, "texts": _lists, "time": _times, "int": _ints, "real": _reals, "flag": _flags,
}  # fmt: skip
