"""The key from a file or stdin; it never stands among the arguments."""

from __future__ import annotations

import sys
from getpass import getpass
from typing import Any

from ._sansio.options import hide
from .errors import ConfigurationError

_LONGEST = 4096


def read_key_file(name: str, source: str = "--api-key-file") -> Any:
    """
    Return the key of a file, or of stdin for "-", without space around it, wrapped as what a client takes.

    An error of a client says that it came from *source*.
    """
    if name == "-" and sys.stdin is not None and sys.stdin.isatty():
        return _checked(getpass("Alive5 API key (not shown): "), source)
    try:
        if name == "-":
            text = sys.stdin.read(_LONGEST) if sys.stdin is not None else ""
        else:
            with open(name, encoding="utf-8") as file:
                text = file.read(_LONGEST)
    except OSError as error:
        raise ConfigurationError(f"the key file cannot be read: {error.strerror}") from None
    except ValueError:
        raise ConfigurationError("the key file is not text") from None
    return _checked(text, source)


def _checked(text: str, source: str) -> Any:
    key = text.strip()
    if not key:
        raise ConfigurationError("the key file holds no key")
    return hide(key, source)
