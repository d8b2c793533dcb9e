"""Secrets a server puts into its rows, dropped by their names."""

from __future__ import annotations

from collections.abc import Container
from typing import Any, Final

from ..models._secret_names import is_secret_name

_PARTS: Final = (b"token", b"password", b"secret", b"alivesecure_key", b"aliveopentoksession")
# Letters of a name may be written as escapes; those of other signs are common and no reason to look.
_ESCAPED_LETTERS: Final = (b"\\u004", b"\\u005", b"\\u006", b"\\u007")


def may_hold_secrets(body: bytes) -> bool:
    """
    Whether a name of a secret can stand in a body; nearly always False, and never wrongly so.
    """
    lower = body.lower()
    if any(part in lower for part in _PARTS) or (b"api" in lower and _has_api_key(lower)):
        return True
    return b"\\u00" in lower and any(letter in lower for letter in _ESCAPED_LETTERS)


def drop_secrets(value: Any, *, keep: Container[str] = ()) -> Any:
    """
    Drop what stands under a secret's name, at any depth, in place, and return the value.

    Names in *keep* stay at the top, with all that is in them.
    """
    left = [value]
    while left:
        item = left.pop()
        if item.__class__ is list:
            left += [inner for inner in item if inner.__class__ is dict or inner.__class__ is list]
        elif item.__class__ is dict:
            kept = keep if item is value else ()
            for name in [name for name in item if is_secret_name(name) and name not in kept]:
                del item[name]
            left += [
                inner
                for name, inner in item.items()
                if (inner.__class__ is dict or inner.__class__ is list) and name not in kept
            ]
    return value


def _has_api_key(lower: bytes) -> bool:
    # One sign may stand between the two words: one byte, up to four in UTF-8, or an escape of six.
    at = lower.find(b"api")
    while at >= 0:
        if b"key" in lower[at + 3 : at + 12]:
            return True
        at = lower.find(b"api", at + 1)
    return False
