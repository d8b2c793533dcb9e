"""Sentences for errors of the disk and of SQLite, which say what to do."""

from __future__ import annotations

import errno
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...errors import Alive5Error, ExportError

_FULL = "no space is left: make room and run it again, what is done is kept"
STATE_FILE = "state file"
_DAMAGED = "the {what} is damaged: keep a copy and restore it, or use another one"
_DISK = {
    errno.ENOSPC: _FULL,
    getattr(errno, "EDQUOT", errno.ENOSPC): _FULL,
    errno.EROFS: "it cannot be written to: the file system is read-only",
    errno.EACCES: "it cannot be written to: permission denied",
    errno.EPERM: "it cannot be written to: permission denied",
    errno.EIO: "the disk failed (input/output error): what is done is kept, run it again",
    errno.ELOOP: "it is a symbolic link, which is not followed",
    errno.ENOTDIR: "a part of it is not a directory",
    errno.EMFILE: "too many files are open: raise the limit (ulimit -n) and run it again",
    errno.ENFILE: "too many files are open on this machine: run it again later",
}
# sqlite_errorcode came with Python 3.11; the texts are SQLite's own and the same everywhere.
_SQLITE = {
    "full": _FULL,
    "disk i/o error": "the disk failed (input/output error): what is done is kept, run it again",
    "malformed": _DAMAGED,
    "not a database": _DAMAGED,
    "could not decode": _DAMAGED,  # what SQLite says goes on with the text itself
    "readonly": "it cannot be written to: the {what} is read-only",
    "unable to open": "the {what} cannot be opened",
    "locked": "another program keeps the {what} locked",
}


@contextmanager
def explained(path: Path, kind: type[Alive5Error] = ExportError, what: str = STATE_FILE) -> Iterator[None]:
    """
    Raise errors of a file as an error of *kind* that names it; *what* it is stands in the sentence.
    """
    try:
        yield
    except InterruptedError:
        raise
    except OSError as error:
        why = _DISK.get(error.errno or 0) or (error.strerror or "the disk failed")
        raise kind(f"{path}: {why}") from None
    except (zlib.error, UnicodeDecodeError):  # the latter where SQLite's own sentence quotes the damage
        raise kind(f"{path}: {_DAMAGED.format(what=what)}") from None
    except sqlite3.Error as error:
        text = str(error).lower()
        why = next((sentence.format(what=what) for part, sentence in _SQLITE.items() if part in text), text)
        raise kind(f"{path}: {why}") from None


def damaged(path: Path) -> ExportError:
    """
    Return the error of a state file that is not what was written.
    """
    return ExportError(f"{path}: {_DAMAGED.format(what=STATE_FILE)}")
