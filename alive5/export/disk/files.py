"""
Every file operation of an export, in one place.

Files are 0600 in 0700 directories from their first byte and no symbolic link
is followed. ``before`` is called ahead of each operation that changes the
disk, with its number, name and path; what it raises replaces
the operation, which is how tests fill a disk.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from ...errors import ExportError

Before = Callable[[int, str, Path], object]

# Large reads, since each releases the interpreter's lock once.
_CHUNK = 1 << 20
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_DIRECTORY = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_OTHERS = 0o077


class Disk:
    """The disk as an export sees it; errors are those of the operating system."""

    def __init__(self, before: Before | None = None) -> None:
        self.before = before
        self.operations: int = 0

    def step(self, name: str, path: Path) -> None:
        """
        Count an operation about to happen; also for those a library does itself.
        """
        self.operations += 1
        if self.before is not None:
            self.before(self.operations, name, path)

    def make_directories(self, path: Path) -> None:
        """
        Create a directory and the missing ones above it, for the owner alone.
        """
        missing = []
        while not path.exists():
            missing.append(path)
            path = path.parent
        for directory in reversed(missing):
            self.step("mkdir", directory)
            directory.mkdir(mode=0o700, exist_ok=True)
            self.sync_directory(directory.parent)

    def keep_private(self, path: Path) -> None:
        """
        Withdraw a directory from all but its owner; one that others may use and that is another's is refused.
        """
        if os.name == "nt":
            return
        descriptor = os.open(path, _DIRECTORY | _NO_FOLLOW)
        try:
            state = os.fstat(descriptor)
            if not state.st_mode & _OTHERS:
                return
            if state.st_uid != os.geteuid():
                raise ExportError(f"{path}: it is another user's, who could change what is in it: move it away")
            self.step("chmod", path)
            # A file system without modes refuses it, and lets nobody else in by its own rules.
            with suppress(PermissionError):
                os.fchmod(descriptor, 0o700)
        finally:
            os.close(descriptor)

    def is_own_file(self, path: Path) -> bool:
        """
        Whether a file is there; what is none, or is another file as well, is refused.
        """
        try:
            state = path.lstat()
        except FileNotFoundError:
            return False
        refuse_shared(path, state)
        return True

    def create(self, path: Path) -> DiskFile:
        """
        Create a file and return it open for writing; one that exists is an error.
        """
        self.step("open", path)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW | _BINARY
        return DiskFile(self, path, os.open(path, flags, 0o600))

    def read(self, path: Path) -> bytes:
        """
        Return the content of a file; a symbolic link is an error.
        """
        with self.open(path) as file:
            return file.read()

    def open(self, path: Path) -> io.BufferedReader:
        """
        Return a file open for reading; a symbolic link is an error.
        """
        return os.fdopen(os.open(path, os.O_RDONLY | _NO_FOLLOW | _BINARY), "rb")

    def digest(self, path: Path) -> tuple[int, str]:
        """
        Return a file's size and SHA-256; a symbolic link is an error.
        """
        digest, size = hashlib.sha256(), 0
        with self.open(path) as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
        return size, digest.hexdigest()

    def sync(self, path: Path) -> None:
        """
        Flush a file another library wrote to the disk.
        """
        self.step("fsync", path)
        descriptor = os.open(path, os.O_RDWR | _NO_FOLLOW | _BINARY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def sync_directory(self, path: Path) -> None:
        """
        Flush a directory's entries to the disk, where the system can.
        """
        self.step("fsync", path)
        if os.name == "nt":
            return
        descriptor = os.open(path, _DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def replace(self, source: Path, target: Path) -> None:
        """
        Rename a file to its final name, replacing an older one.
        """
        self.step("rename", target)
        source.replace(target)

    def unlink(self, path: Path) -> None:
        """
        Remove a file; one that is not there is no error.
        """
        self.step("unlink", path)
        path.unlink(missing_ok=True)

    def files(self, path: Path) -> list[Path]:
        """
        Return the plain files below a directory, sorted; links are not followed.
        """
        found: list[Path] = []
        for directory, _, names in os.walk(path, followlinks=False):
            found += [Path(directory, name) for name in names]
        return sorted(file for file in found if self.is_file(file))

    def is_file(self, path: Path) -> bool:
        """
        Whether a plain file, and no link, is there.
        """
        try:
            return stat.S_ISREG(path.lstat().st_mode)
        except OSError:
            return False


def refuse_shared(path: Path, state: os.stat_result) -> None:
    """
    Refuse to write to a link, and to a file that has another name: another file would change.

    :raises ExportError: which says what it is.
    """
    if stat.S_ISLNK(state.st_mode):
        raise ExportError(f"{path}: it is a symbolic link, which is not followed")
    if not stat.S_ISREG(state.st_mode):
        raise ExportError(f"{path}: it is not a file: move it away")
    if state.st_nlink > 1:
        raise ExportError(f"{path}: it has another name elsewhere (a hard link): put a copy in its place")


class DiskFile(io.RawIOBase):
    """A new file open for writing; a partial write is an error."""

    def __init__(self, disk: Disk, path: Path, descriptor: int) -> None:
        super().__init__()
        self._disk = disk
        self._descriptor = descriptor
        self.path = path
        self.written: int = 0

    def writable(self) -> bool:
        """
        Return True: it can be written.
        """
        return True

    def fileno(self) -> int:
        """
        Return the descriptor.
        """
        return self._descriptor

    def tell(self) -> int:
        """
        Return the number of bytes written.
        """
        return self.written

    def write(self, data: bytes | bytearray | memoryview) -> int:  # type: ignore[override]
        """
        Write all of *data*.
        """
        self._disk.step("write", self.path)
        view = memoryview(data).cast("B")
        size, start = len(view), 0
        while start < size:
            start += os.write(self._descriptor, view[start:])
        self.written += size
        return size

    def sync(self) -> None:
        """
        Flush the content to the disk.
        """
        self._disk.step("fsync", self.path)
        os.fsync(self._descriptor)

    def close(self) -> None:
        """
        Close the file.
        """
        if not self.closed:
            super().close()
            os.close(self._descriptor)
