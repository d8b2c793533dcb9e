"""One writer a directory."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

from ...errors import DirectoryInUseError, ExportError
from .errors import explained
from .files import Disk, refuse_shared

_TAKEN = (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK)


class Lock:
    """
    The lock of the process that writes to a directory; the system releases it when the process ends.

    :raises DirectoryInUseError: when another one holds it.
    """

    def __init__(self, path: Path, disk: Disk) -> None:
        with explained(path):
            if not path.exists():
                try:
                    disk.create(path).close()
                except FileExistsError:
                    pass
            flags = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
            self._descriptor = os.open(path, flags)
        try:
            refuse_shared(path, os.fstat(self._descriptor))
            self._take(path)
        except BaseException:
            os.close(self._descriptor)
            raise

    def _take(self, path: Path) -> None:
        try:
            _lock(self._descriptor)
        except OSError as error:
            if error.errno in _TAKEN:
                owner = os.pread(self._descriptor, 20, 0).decode("ascii", "replace").strip() if _HAS_PREAD else ""
                who = f" (process {owner})" if owner.isdigit() else ""
                raise DirectoryInUseError(f"{path.parent.parent}: another export is writing here{who}") from None
            raise ExportError(f"{path}: this file system offers no locks: use a local directory") from None
        with explained(path):
            os.ftruncate(self._descriptor, 0)
            os.write(self._descriptor, str(os.getpid()).encode())

    def release(self) -> None:
        """
        Release the lock for another writer.
        """
        os.close(self._descriptor)


_HAS_PREAD = hasattr(os, "pread")

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        # Far behind the text, which others may then still read.
        os.lseek(descriptor, 1 << 30, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
