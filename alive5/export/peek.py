"""Looking at an export's state without changing anything beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .job import Job
from .read_only_store import STATE, ReadOnlyStore
from .tables import ReadOnlyDatabase


@contextmanager
def peek(directory: Path) -> Iterator[tuple[ReadOnlyStore, Job] | None]:
    """
    Give the store of a directory, to be read only, and its job; None when it holds no export.

    :raises ExportError: when the state file is damaged.
    """
    path = directory / STATE / "state.db"
    if not path.is_file():
        yield None
        return
    store = ReadOnlyStore(directory, ReadOnlyDatabase(path))
    try:
        spec = store.job()
        yield None if spec is None else (store, Job.read(spec))
    finally:
        store.close()
