"""A directory opened for writing: what was lost or left half done in it is put right first."""

from __future__ import annotations

import os
from pathlib import Path

from .adopt import adopt, is_half_adopted, is_orphaned, sound_manifest
from .dataset.manifest import Manifest
from .disk.files import Disk
from .forgetting import finish
from .state.directory import OutputDirectory


def orphan_of(directory: str | os.PathLike[str]) -> Manifest | None:
    """
    Return the manifest of a directory that lost its state; None for any other.

    :raises ExportError: when it cannot be adopted.
    """
    path = Path(directory)
    return sound_manifest(path) if is_orphaned(path) else None


def opened(
    directory: str | os.PathLike[str], disk: Disk, orphan: Manifest | None = None
) -> tuple[OutputDirectory, bool]:
    """
    Return a directory with its lock, and whether forgetting somebody had been cut off in it, which was finished.
    """
    output = OutputDirectory(directory, disk)
    try:
        store = output.store
        # Before an adoption: one that took the files of before would begin anew and know nothing of it.
        finished = finish(store, disk) is not None
        if orphan is None and is_half_adopted(store):
            orphan = sound_manifest(store.directory)
        if orphan is not None:
            adopt(store, orphan)
    except BaseException:
        output.leave()
        raise
    return output, finished
