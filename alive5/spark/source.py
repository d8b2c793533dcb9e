"""The data source as Spark knows it: schema, readers and partitions."""

# pyright: reportMissingImports=false
# pyspark is the cluster's own, and no package of the checkers.

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, MutableMapping
from datetime import datetime, timezone
from typing import Any, Final

from pyspark.sql.datasource import DataSource, DataSourceReader, DataSourceStreamReader, InputPartition
from pyspark.sql.types import (
    ArrayType,
    BooleanType,
    DataType,
    DoubleType,
    IntegerType,
    StringType,
    StructField,
    StructType,
    TimestampType,
)

from .._sansio.validate import refuse
from .options import Options, read_options
from .reading import Piece, batches, shares, table_of
from .shares import Wanted, batch, latest

_TYPES: Final[dict[str, DataType]] = {
    "text": StringType(), "json": StringType(), "texts": ArrayType(StringType()), "time": TimestampType(),
    "int": IntegerType(), "real": DoubleType(), "flag": BooleanType(),
}  # fmt: skip
_OFFSET: Final = "complete_through"


class Share(InputPartition):
    """Some slices, read one after the other by a task; none where nothing is to be read."""

    def __init__(self, pieces: Iterable[Piece] = ()) -> None:
        self.pieces: tuple[Piece, ...] = tuple(pieces)

    def __repr__(self) -> str:
        return ", ".join(str(piece) for _, piece in self.pieces) or "nothing"


class Alive5DataSource(DataSource):
    """
    ``spark.read.format("alive5")`` and ``spark.readStream.format("alive5")``; docs/engines/spark.md has the options.
    """

    def __init__(self, options: MutableMapping[str, str]) -> None:
        super().__init__(options)
        self._read = read_options(options)
        # Each action plans its read again: the period must not move between two of them.
        self._loaded = datetime.now(timezone.utc)

    @classmethod
    def name(cls) -> str:
        """
        Return the name of the format.
        """
        return "alive5"

    def schema(self) -> StructType:
        """
        Return the columns of the table that is read.
        """
        columns = table_of(self._read).columns
        return StructType([StructField(c.name, _TYPES[c.type], nullable=not c.required) for c in columns])

    def reader(self, schema: StructType) -> DataSourceReader:
        """
        Return the reader of a batch; one that takes conditions over where ``pushFilters`` says so.
        """
        self._check(schema)
        # With its default settings Spark refuses a reader that defines pushFilters, whatever is asked.
        return (PushingReader if self._read.push_filters else Alive5Reader)(self._read, self._loaded)

    def streamReader(self, schema: StructType) -> DataSourceStreamReader:  # noqa: N802 - Spark's name
        """
        Return the reader of a stream.
        """
        self._check(schema)
        return Alive5StreamReader(self._read)

    def _check(self, schema: StructType) -> None:
        if schema.simpleString() != self.schema().simpleString():
            raise refuse("schema", "is that of the table: select columns afterwards")


class Alive5Reader(DataSourceReader):
    """Reads a period once, for each action."""

    def __init__(self, options: Options, loaded: datetime) -> None:
        self._options, self._loaded, self._wanted = options, loaded, Wanted()

    def partitions(self) -> list[InputPartition]:
        """
        Return at most ``maxConcurrency`` partitions, and one at least.
        """
        return _partitions(self._options, self._wanted.period(self._options.window(self._loaded)), self._wanted)

    def read(self, partition: InputPartition) -> Iterator[Any]:
        """
        Yield the rows of a partition as Arrow batches.
        """
        return batches(self._options, getattr(partition, "pieces", ()))


class PushingReader(Alive5Reader):
    """One that reads no more than conditions on account, kind and start ask for."""

    def pushFilters(self, filters: list[Any]) -> Iterator[Any]:  # noqa: N802 - Spark's name
        """
        Yield every condition back: Spark still looks at every row.
        """
        for one in filters:
            column, value = getattr(one, "attribute", ()), getattr(one, "value", None)
            self._wanted = self._wanted.narrowed(type(one).__name__, tuple(column), value)
            yield one


class Alive5StreamReader(DataSourceStreamReader):
    """Reads a period as it becomes complete; an offset is the time before which all is there."""

    def __init__(self, options: Options) -> None:
        self._options, self._window = options, options.window()

    def initialOffset(self) -> dict[str, str]:  # noqa: N802 - Spark's name
        """
        Return the start.
        """
        return {_OFFSET: self._window.lower.isoformat()}

    def latestOffset(self, start: dict[str, str] | None = None, limit: Any = None) -> dict[str, str]:  # noqa: N802
        """
        Return up to when everything has ended and settled; before Spark 4.2 no *start* is given.
        """
        before = _moment(self.initialOffset() if start is None else start)
        end = None if self._options.end is None else self._window.upper
        return {_OFFSET: latest(before, time.time(), end).isoformat()}

    def partitions(self, start: dict[str, str], end: dict[str, str]) -> list[InputPartition]:
        """
        Return the partitions of a batch, which reads the last days before it again.
        """
        options = self._options
        period = batch(_moment(start), _moment(end), self._window.lower, options.lookback_days)
        return _partitions(options, period, Wanted())

    def read(self, partition: InputPartition) -> Iterator[Any]:
        """
        Yield the rows of a partition as Arrow batches; all of it has ended by the server's clock, too.
        """
        return batches(self._options, getattr(partition, "pieces", ()), finished=True)


def _partitions(options: Options, period: tuple[datetime, datetime] | None, wanted: Wanted) -> list[InputPartition]:
    # Without a partition Spark makes up one that holds nothing known, and a stream fails.
    return [Share(pieces) for pieces in shares(options, period, wanted)] or [Share()]


def _moment(offset: dict[str, str]) -> datetime:
    return datetime.fromisoformat(offset[_OFFSET])
