"""A file that is there only when it is whole, for what is made of an export."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..disk.files import Disk
from .formats._base import create


@contextmanager
def replacing(path: Path) -> Iterator[io.BufferedWriter]:
    """
    Return a new file that takes a path's place at the end; an older one stays when anything is raised.
    """
    disk, temporary = Disk(), path.with_name(f".{path.name}.tmp")
    disk.unlink(temporary)
    try:
        with create(disk, temporary) as file:
            yield file
        disk.sync(temporary)
        disk.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            disk.unlink(temporary)
        raise
