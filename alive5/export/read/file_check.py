"""Files held against their entries in the manifest."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...errors import Alive5Error, ExportError
from ..dataset.manifest import FileEntry
from ..disk.files import Disk

_Stamp = tuple[int, int, int]


class FileCheck:
    """
    Sizes and digests of an export's files; one that stays as it is is digested once.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._digests: dict[Path, tuple[_Stamp, str]] = {}

    def problem(self, entry: FileEntry) -> str | None:
        """
        Return how a file differs from its entry; None when it does not.
        """
        path = self._root / entry.path
        if path.is_symlink():
            return f"{entry.path}: is a symbolic link, which is not followed"
        try:
            is_sound = self._is_sound(path, entry)
        except FileNotFoundError:
            return f"{entry.path}: is missing; run the export again to write it"
        except OSError as error:
            return f"{entry.path}: cannot be read ({error.strerror})"
        return None if is_sound else f"{entry.path}: is not what was written; delete it and run the export again"

    def _is_sound(self, path: Path, entry: FileEntry) -> bool:
        state = path.stat()
        return state.st_size == entry.bytes and self._digest(path, state) == entry.sha256

    def _digest(self, path: Path, state: os.stat_result) -> str:
        stamp = (state.st_ino, state.st_size, state.st_mtime_ns)
        known, digest = self._digests.get(path, ((0, 0, 0), ""))
        if known != stamp:
            digest = Disk().digest(path)[1]
            self._digests[path] = (stamp, digest)
        return digest


@contextmanager
def readable(path: str) -> Iterator[None]:
    """
    Raise an ``ExportError`` for a damaged file, without its content.
    """
    try:
        yield
    except Alive5Error:
        raise
    except Exception as error:  # noqa: BLE001 - what a library raises over bytes it did not write is not foreseeable
        raise ExportError(
            f"{path}: cannot be read ({type(error).__name__}); delete it and run the export again"
        ) from None
