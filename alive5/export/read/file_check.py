"""Files held against their entries in the manifest."""

from __future__ import annotations

import os
from pathlib import Path

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
