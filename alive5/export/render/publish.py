"""
Publishing of files: parts first, then the manifest, then the removals.

At any time the manifest on the disk names whole files only.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from ...errors import ExportError
from ..dataset.manifest import MANIFEST, PART, STATE, FileEntry, Manifest, read_manifest
from ..disk.files import Disk

WORK: Final = "tmp"
"""The directory of unfinished files, in that of the state."""


def work_directory(root: Path, disk: Disk) -> Path:
    """
    Return the directory for unfinished files, emptied of what an interrupted run left.
    """
    work = own_directory(root, (STATE, WORK), disk)
    disk.keep_private(work)
    for leftover in sorted(work.iterdir()):
        if leftover.is_symlink() or not leftover.is_dir():
            disk.unlink(leftover)
    return work


def move_into_place(source: Path, root: Path, relative: str, disk: Disk) -> None:
    """
    Rename a finished file to its name, once it is on the disk.
    """
    disk.sync(source)
    target = root / relative
    own_directory(root, target.relative_to(root).parts[:-1], disk)
    disk.replace(source, target)
    disk.sync_directory(target.parent)


def publish(manifest: Manifest, root: Path, work: Path, disk: Disk) -> None:
    """
    Replace the manifest.
    """
    _write_whole(manifest.to_json(), root, MANIFEST, work, disk)


def write_whole(text: bytes, root: Path, relative: str, disk: Disk) -> None:
    """
    Write a file that is there whole or as before.
    """
    _write_whole(text, root, relative, work_directory(root, disk), disk)


def _write_whole(text: bytes, root: Path, relative: str, work: Path, disk: Disk) -> None:
    new = work / f"{Path(relative).name}.new"
    try:
        with disk.create(new) as file:
            file.write(text)
        move_into_place(new, root, relative, disk)
    except BaseException:
        discard(work)
        raise


def prune(manifest: Manifest, root: Path, disk: Disk) -> None:
    """
    Remove the parts that the published manifest does not name.
    """
    named = {entry.path for entry in manifest.files}
    for path in disk.files(root):
        relative = path.relative_to(root).as_posix()
        if relative not in named and PART.fullmatch(relative):
            disk.unlink(path)


def entries_before(root: Path, disk: Disk) -> dict[tuple[str, str], FileEntry]:
    """
    Return the entries of the last manifest, by path and table; none without a readable one.
    """
    try:
        manifest = read_manifest(disk.read(root / MANIFEST))
    except (OSError, ExportError):
        return {}
    return {(entry.path, entry.table): entry for entry in manifest.files}


def own_directory(root: Path, names: Iterable[str], disk: Disk) -> Path:
    """
    Create directories of the export; a link or a file in their place is refused.
    """
    path = root
    if not path.exists():
        disk.make_directories(path)
    for name in names:
        path = path / name
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:
            disk.make_directories(path)
            continue
        if not stat.S_ISDIR(mode):
            raise ExportError(f"{path.relative_to(root).as_posix()} is not a directory of the export: move it away")
    return path


def discard(work: Path) -> None:
    """
    Remove what a failed write left, as far as the disk allows.
    """
    for path in work.iterdir():
        try:
            path.unlink()
        except OSError:
            continue
