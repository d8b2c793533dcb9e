"""A database library's failure at a file, as the disk's error it is."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def as_disk_error(library: str, *errors: type[Exception]) -> Iterator[None]:
    """
    Raise a library's errors as ``OSError``; their texts, which may quote rows, are left out.
    """
    try:
        yield
    except errors as error:
        text = str(error).lower()
        number = errno.ENOSPC if "full" in text or "no space" in text else errno.EIO
        raise OSError(number, f"{library} failed at the file ({type(error).__name__})") from None
