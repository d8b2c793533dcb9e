"""Looking at an export's state without changing anything beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from .explain import explained
from .job import Job
from .store import STATE, Store
from .tables import Database


class _Unchanged:
    """The questions a store asks its database, and none of its changes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # Where no journal lies about, none is to be made either.
        quiet = "" if path.with_name(f"{path.name}-wal").exists() else "&immutable=1"
        with explained(path):
            self._connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro{quiet}", uri=True)

    def one(self, query: str, values: tuple[Any, ...] = ()) -> Any:
        with explained(self.path):
            return self._connection.execute(query, values).fetchone()

    def all(self, query: str, values: tuple[Any, ...] = ()) -> list[Any]:
        with explained(self.path):
            return self._connection.execute(query, values).fetchall()

    def each(self, query: str, values: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
        with explained(self.path):
            yield from self._connection.execute(query, values)

    def close(self) -> None:
        self._connection.close()


@contextmanager
def peek(directory: Path) -> Iterator[tuple[Store, Job] | None]:
    """
    Give the store of a directory, to be read only, and its job; None when it holds no export.

    :raises ExportError: when the state file is damaged.
    """
    path = directory / STATE / "state.db"
    if not path.is_file():
        yield None
        return
    store = Store(directory, cast("Database", _Unchanged(path)))
    try:
        spec = store.job()
        yield None if spec is None else (store, Job.read(spec))
    finally:
        store.close()
