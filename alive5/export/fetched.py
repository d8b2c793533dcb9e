"""A fetched slice: the engine of an export with its state in a temporary file, and the rows it brought."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final

import attrs

from .._sansio.validate import refuse
from ..errors import ExportError
from .dataset.flatten import Values, flatten
from .dataset.formats.arrow import record_batches
from .dataset.manifest import Manifest
from .dataset.schema import TABLES, Table
from .plan.slices import Slice
from .report import ExportReport
from .rows.encode import StoredRow
from .run import Run
from .state.database import TemporaryDatabase
from .state.store import Store

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MOST_ANOMALIES: Final = 3  # of a slice in the text of its error, which is a line


@attrs.frozen(kw_only=True)
class FetchedSlice:
    """
    A slice's rows, in the order of an export, and the report of how they were fetched.
    """

    slice: Slice
    report: ExportReport
    store: Store = attrs.field(repr=False)

    @property
    def complete_through(self) -> datetime | None:
        """The end of what is finished, from the slice's start on; None when that is nothing."""
        lower, upper = self.slice.job.bounds
        through = int(self.store.facts(self.slice.kind).get("complete_through", 0)) * 1_000_000
        return None if through <= lower else _EPOCH + timedelta(microseconds=min(through, upper))

    def lines(self) -> Iterator[bytes]:
        """
        Yield the lines of JSON, each with its end, as the format jsonl holds them.
        """
        return (row.line for row in self.stored())

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """
        Yield the rows of a table as dictionaries by column name.
        """
        wanted = _table(table)
        return (dict(zip(wanted.names, row, strict=True)) for row in self._flat(wanted))

    def batches(self, table: str) -> Iterator[Any]:
        """
        Yield a table as ``pyarrow.RecordBatch``; needs the extra ``parquet``.
        """
        wanted = _table(table)
        return record_batches(wanted, self._flat(wanted))

    def stored(self) -> Iterator[StoredRow]:
        """
        Yield the rows as they are kept: kind, id and line.
        """
        for month in self.store.months(self.slice.kind):
            yield from self.store.rows(self.slice.kind, month)

    def values(self, table: str) -> Iterator[Values]:
        """
        Yield the rows of a table as tuples, in the order of its columns.
        """
        return self._flat(_table(table))

    def _flat(self, table: Table) -> Iterator[Values]:
        oddities: Counter[str] = Counter()
        for row in self.stored():
            flat = flatten(row.kind, row.id, row.raw, oddities)
            yield from [flat.conversation] if table.name == "conversations" else flat.messages


@attrs.define(eq=False, kw_only=True)
class SliceRun(Run):
    """A run that keeps its state to itself, and renders nothing."""

    slice: Slice

    async def fetched(self) -> FetchedSlice:
        """
        Fetch the slice, or raise with its name.
        """
        try:
            report = attrs.evolve(await self.run(), path=str(self.slice))
            if report.exit_code:
                said = "; ".join(report.anomalies[:_MOST_ANOMALIES]) or "windows were not read"
                grade = f"grade {report.grade}, {self.request.require} is required"
                raise ExportError(f"{self.slice}: {'not complete' if report.missing else grade}: {said}")
        except BaseException:
            if hasattr(self, "_store"):
                self._store.close()
            raise
        return FetchedSlice(slice=self.slice, report=report, store=self._store)

    def _open(self) -> Any:
        self._store = Store(Path(), TemporaryDatabase())
        return self

    async def _bind(self) -> None:
        self._job = self.slice.job
        self._store.bounds = self._job.bounds_by(self.clock())
        self._run = self._store.begin(self._job.spec())
        self._store.remember(self.slice.kind, dict(self.slice.facts))

    def leave(self) -> None:
        """
        Leave the state open: the rows are still to be read.
        """

    async def _render(self, **_: Any) -> Manifest:
        return Manifest()


def _table(name: str) -> Table:
    if name not in TABLES:
        raise refuse("table", f"must be of: {', '.join(TABLES)}")
    return TABLES[name]
