"""
Conversations as a dlt source, with the extra ``dlt``: the tables of an export, merged and incremental.

What is known of each kind is kept in the state of the pipeline, which dlt
commits with the rows it belongs to. One reading serves both tables.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from ._facade import Alive5
from .export.continued import Continued, continued
from .export.dataset.extras import need
from .export.dataset.formats._cells import to_cell
from .export.dataset.schema import TABLES
from .export.plan.job import read_kinds
from .models.conversation import KINDS

dlt: Any = need("dlt", "dlt")
pa: Any = need("pyarrow", "dlt")
pc: Any = need("pyarrow.compute", "dlt")
logger: logging.Logger = logging.getLogger("alive5")

_KEY: Final = list(TABLES["conversations"].key)
# Of a conversation that has no messages any more, dlt would keep those it had: no row of a load names it.
_GONE: Final = "removed"

Batch = tuple[str, Any]


@dlt.source(name="alive5", section="alive5", max_table_nesting=0)
def alive5_source(
    start: str,
    end: str | None = None,
    *,
    kinds: Iterable[str] = KINDS,
    api_key: str = dlt.secrets.value,
    base_url: str | None = None,
    edition: str | None = None,
    require: str = "B",
    read_url: str | None = None,
    sweep: int | str | None = None,
    concurrency: int = 8,
) -> Any:
    """
    Return the source of conversations and messages from *start* on; the key is the secret ``sources.alive5.api_key``.

    Arguments are those of ``client.export``. The first run reads the period, a
    later one what is new and what may have changed, as ``since_last`` does.
    """

    @dlt.resource(name="slices", selected=False)
    def slices() -> Iterator[Batch]:
        options: dict[str, Any] = {"base_url": base_url, "read_url": read_url, "edition": edition}
        with Alive5(api_key, **options) as client:
            for kind in read_kinds(kinds):
                asked = {"start": start, "end": end, "require": require, "sweep": sweep, "concurrency": concurrency}
                yield from _batches(client, kind, asked)

    return slices, _table(slices, "conversations"), _table(slices, "messages", merge_key=_KEY)


def _table(slices: Any, name: str, **hints: Any) -> Any:
    def chosen(batch: Batch) -> Any:
        return batch[1] if batch[0] == name else None

    return dlt.transformer(
        chosen,
        data_from=slices,
        name=name,
        write_disposition="merge",
        primary_key=list(TABLES[name].key),
        **hints,
    )


def _batches(client: Alive5, kind: str, asked: Mapping[str, Any]) -> Iterator[Batch]:
    """Yield what came of a kind, and keep what is known of it once all was taken."""
    state = dlt.current.source_state().setdefault("kinds", {})
    tables = sorted(name for name in dlt.current.source().selected_resources if name in TABLES)
    before = state.get(kind, {})
    # A table that was not loaded before lacks what the others have: all is read once more.
    known = before.get("known", {}) if set(tables) <= set(before.get("tables", ())) else {}
    with continued(client, kind, known, **asked) as read:
        for sentence in read.fetched.report.anomalies:
            logger.warning("%s", sentence)
        yield from _rows(read, known)
        state[kind] = {"tables": tables, "known": dict(read.known)}


def _rows(read: Continued, known: Mapping[str, Any]) -> Iterator[Batch]:
    hints = _file_format()
    for name in TABLES:
        for batch in read.fetched.batches(name):
            yield name, _marked(_loadable(batch), **hints)
            if known and name == "conversations" and (gone := _without_messages(batch)):
                yield "messages", _marked(gone, columns={_GONE: {"hard_delete": True}}, **hints)


def _file_format() -> dict[str, str]:
    """Return a hint where dlt would write CSV, for PostgreSQL, in which an empty text is null."""
    formats = dlt.current.pipeline().destination.capabilities().supported_loader_file_formats
    return {"file_format": "insert_values"} if {"csv", "insert_values"} <= set(formats) else {}


def _marked(batch: Any, **hints: Any) -> Any:
    return dlt.mark.with_hints(batch, dlt.mark.make_hints(**hints)) if hints else batch


def _loadable(batch: Any) -> Any:
    """Return a batch with lists as their JSON text and without NUL: many destinations take neither."""
    columns = [_texts(column) if pa.types.is_list(column.type) else column for column in batch.columns]
    plain = [pc.replace_substring(one, "\0", "") if pa.types.is_string(one.type) else one for one in columns]
    fields = [field.with_type(column.type) for field, column in zip(batch.schema, plain, strict=True)]
    return pa.RecordBatch.from_arrays(plain, schema=pa.schema(fields))


def _texts(column: Any) -> Any:
    return pa.array([to_cell("texts", value) for value in column.to_pylist()], pa.string())


def _without_messages(batch: Any) -> Any:
    """Return a row of messages that removes those of each conversation that has none; None where all have some."""
    empty = batch.filter(pc.equal(batch.column("n_messages"), 0)).select(_KEY)
    if not empty.num_rows:
        return None
    fields = [*empty.schema, pa.field("seq", pa.int32(), nullable=False), pa.field(_GONE, pa.bool_())]
    columns = [*empty.columns, pa.array([0] * empty.num_rows, pa.int32()), pa.array([True] * empty.num_rows)]
    return pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields))
