"""A read of Spark without Spark: clients, slices in shares, and the rows of a share as Arrow batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

import attrs

from .._facade import Alive5
from .._key_file import read_key_file
from .._sansio.options import UNSET
from ..errors import Alive5Error, ConfigurationError, ExportError
from ..export.dataset import schema
from ..export.dataset.flatten import Values
from ..export.dataset.formats.arrow import record_batches
from ..export.dataset.schema import Column, Table
from ..export.fetched import FetchedSlice
from ..export.plan.slices import Slice
from ..export.slices import fetch_slice, plan_slices
from .options import Options
from .shares import Wanted, dealt

Piece = tuple[str | None, Slice]
"""A slice, and the account whose key reads it: None without ``accounts``."""

RAW: Final = Table(
    "raw",
    ("kind", "session_id"),
    (
        *schema.CONVERSATIONS.columns[:2],
        Column("row", "json", "the line of the format jsonl, without its end", required=True),
    ),
)
_ACCOUNT: Final = Column("account", "text", "the name of the account's key file", required=True)
# Lines a batch: a conversation is some kilobytes, so a batch is some megabytes, and tens where threads are long.
_LINES: Final = 1_000


def table_of(options: Options) -> Table:
    """
    Return the table that is read; with ``accounts`` each row begins with its account.
    """
    table = RAW if options.table == RAW.name else schema.TABLES[options.table]
    if options.accounts is None:
        return table
    return attrs.evolve(table, key=("account", *table.key), columns=(_ACCOUNT, *table.columns))


def shares(options: Options, period: tuple[datetime, datetime] | None, wanted: Wanted) -> list[list[Piece]]:
    """
    Return the slices of a period in at most ``maxConcurrency`` shares.

    Accounts are probed side by side, with as many requests in flight as may be later.
    """
    kinds = [kind for kind in options.kinds if wanted.kinds is None or kind in wanted.kinds]
    names = [name for name in _accounts(options) if wanted.accounts is None or name in wanted.accounts]
    if period is None or not kinds or not names:
        return []
    most = max(1, options.max_concurrency // len(names))
    plan = partial(_planned, options, most=most, period=period, kinds=kinds)
    with ThreadPoolExecutor(min(len(names), options.max_concurrency)) as pool:
        return dealt(list(pool.map(plan, names)), options.max_concurrency)


def batches(options: Options, pieces: Iterable[Piece], *, finished: bool = False) -> Iterator[Any]:
    """
    Yield the rows of slices as ``pyarrow.RecordBatch``, one request in flight at a time.

    :raises ExportError: with the name of a slice that is not proven as required, or not *finished* where it has to be.
    """
    for account, piece in pieces:
        fetch = partial(fetch_slice, slice=piece, require=options.require, concurrency=1)
        with _connected(options, account, connections=1) as client, fetch(client) as fetched:
            if finished and fetched.report.windows.get("open"):
                raise ExportError(f"{piece}: by the server's clock it has not ended yet; is this one ahead?")
            yield from _batches(table_of(options), _values(fetched, options.table), account)


def _planned(
    options: Options, account: str | None, *, most: int, period: tuple[datetime, datetime], kinds: Sequence[str]
) -> list[Piece]:
    with _connected(options, account, connections=most) as client:
        planned = plan_slices(client, start=period[0], end=period[1], kinds=kinds, tz=options.tz, slices=most)
    return [(account, piece) for piece in planned]


@contextmanager
def _connected(options: Options, account: str | None, *, connections: int) -> Iterator[Alive5]:
    """Yield a client with the key of an account; errors say whose they are."""
    path = options.api_key_file if account is None else str(Path(options.accounts or "", account))
    try:
        with Alive5(
            UNSET if path is None else read_key_file(path, "apiKeyFile" if account is None else "accounts"),
            base_url=options.base_url,
            read_url=options.read_url,
            edition=options.edition,
            max_connections=connections,
        ) as client:
            yield client
    except Alive5Error as error:
        if account is not None:
            error.add_note(f"account {account}")
        raise


def _accounts(options: Options) -> Sequence[str | None]:
    if options.accounts is None:
        return [None]
    try:
        found = sorted(entry.name for entry in Path(options.accounts).iterdir() if entry.is_file())
    except OSError as error:
        raise ConfigurationError(f"the folder of key files cannot be read: {error.strerror}") from None
    # A folder of mounted secrets has hidden entries of its own.
    names = [name for name in found if not name.startswith(".")]
    if not names:
        raise ConfigurationError("the folder of key files is empty")
    return names


def _values(fetched: FetchedSlice, table: str) -> Iterator[Values]:
    if table == RAW.name:
        return ((row.kind, row.id, row.line[:-1].decode()) for row in fetched.stored())
    return fetched.values(table)


def _batches(table: Table, rows: Iterator[Values], account: str | None) -> Iterator[Any]:
    values = rows if account is None else ((account, *row) for row in rows)
    chunks = iter(lambda: list(islice(values, _LINES)), []) if table.name == RAW.name else (values,)
    for chunk in chunks:
        for batch in record_batches(table, chunk, "spark"):
            # Spark refuses batches with metadata in their schema.
            yield batch.replace_schema_metadata(None)
