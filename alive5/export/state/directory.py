"""The output directory: its checks and lock, and read-only access to its state."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..._sansio.validate import refuse
from ...errors import ExportError
from ..dataset.manifest import MANIFEST, STATE
from ..disk.errors import explained
from ..disk.files import Disk
from ..disk.lock import Lock
from ..plan.job import Job
from .database import ReadOnlyDatabase
from .read_only_store import ReadOnlyStore
from .store import Store


class OutputDirectory:
    """
    An output directory, locked until it is left.

    :raises ExportError: when it cannot be used, which the text explains.
    """

    def __init__(self, directory: str | os.PathLike[str], disk: Disk) -> None:
        self.directory: Path = checked(directory)
        self.disk = disk
        state = self.directory / STATE
        with explained(self.directory):
            disk.make_directories(self.directory)
            if state.is_symlink():
                raise ExportError(f"{state}: it is a symbolic link, which is not followed")
            disk.make_directories(state)
            disk.keep_private(state)
        self._lock = Lock(state / "lock", disk)
        try:
            self.store: Store = Store.open(self.directory, disk)
        except BaseException:
            self._lock.release()
            raise

    def leave(self) -> None:
        """
        Close the state file and release the lock.
        """
        try:
            self.store.close()
        finally:
            self._lock.release()


def is_begun(directory: str | os.PathLike[str]) -> bool:
    """
    Whether a directory holds the state of an export.
    """
    path = checked(directory)
    with explained(path):
        return (path / STATE).is_dir()


def checked(directory: str | os.PathLike[str]) -> Path:
    """
    Return an output directory's path, checked.
    """
    try:
        path = Path(directory)
    except TypeError:
        raise refuse("directory", "must be a path") from None
    if not os.fspath(directory):
        raise refuse("directory", "must not be empty")
    with explained(path):
        if path.exists() and not path.is_dir():
            raise refuse("directory", f"{path} is not a directory")
        is_ours = (path / STATE).is_dir() or (path / MANIFEST).is_file()
        if path.is_dir() and not is_ours and any(path.iterdir()):
            raise refuse("directory", f"{path} is not empty and holds no export: use an empty one")
    return path


@contextmanager
def peek(directory: Path) -> Iterator[tuple[ReadOnlyStore, Job] | None]:
    """
    Return the store of a directory, to be read only, and its job; None when it holds no export.

    :raises ExportError: when the state file is damaged.
    """
    path = directory / STATE / "state.db"
    if not path.is_file():
        yield None
        return
    store = ReadOnlyStore(directory, ReadOnlyDatabase(path))
    try:
        spec = store.bound_job()
        yield None if spec is None else (store, Job.read(spec))
    finally:
        store.close()
