"""Secrets a server puts into its rows, dropped by their names."""

from __future__ import annotations

from collections.abc import Container
from itertools import chain
from typing import Any, Final

from ..models._secret_names import is_secret_name

_PARTS: Final = (b"token", b"password", b"secret", b"alivesecure_key", b"aliveopentoksession")
# Letters of a name may be written as escapes; those of other signs are common and no reason to look.
_ESCAPED_LETTERS: Final = (b"\\u004", b"\\u005", b"\\u006", b"\\u007")
_NESTED: Final[frozenset[type]] = frozenset((dict, list))
# Names seen before, all of them harmless: a row of such names alone needs no closer look. A server may make up others.
_harmless: set[str] = set()
_REMEMBERED: Final = 4096
_WIDEST: Final = 256


def may_hold_secrets(body: bytes) -> bool:
    """
    Whether a name of a secret can stand in a body; nearly always False, and never wrongly so.
    """
    lower = body.lower()
    if any(part in lower for part in _PARTS) or _has_api_key(lower):
        return True
    return b"\\" in lower and b"\\u00" in lower and any(letter in lower for letter in _ESCAPED_LETTERS)


def drop_secrets(value: Any, *, keep: Container[str] = ()) -> Any:
    """
    Drop what stands under a secret's name, at any depth, in place, and return the value.

    Names in *keep* stay at the top, with all that is in them.
    """
    left = [value]
    while left:
        item = left.pop()
        if item.__class__ is dict:
            kept: Container[str] = keep if item is value else ()
            if not item.keys() <= _harmless:
                _drop_from(item, kept)
            if not _NESTED.isdisjoint(map(type, item.values())):
                left += [inner for name, inner in item.items() if inner.__class__ in _NESTED and name not in kept]
        elif item.__class__ is list and not _is_harmless(item):
            left += [inner for inner in item if inner.__class__ in _NESTED]
    return value


def _is_harmless(items: list[Any]) -> bool:
    """Whether a list is of mappings with known names and plain values, as messages are; a walk takes twice the time."""
    try:
        values = chain.from_iterable(map(dict.values, items))
        return _harmless.issuperset(chain.from_iterable(items)) and _NESTED.isdisjoint(map(type, values))
    except TypeError:  # not all of them are mappings
        return False


def _drop_from(item: dict[str, Any], kept: Container[str]) -> None:
    found = [name for name in item if is_secret_name(name)]
    for name in found:
        if name not in kept:
            del item[name]
    if not found and len(item) <= _WIDEST and max(map(len, item)) <= _WIDEST:
        if len(_harmless) > _REMEMBERED:
            _harmless.clear()
        _harmless.update(item)


def _has_api_key(lower: bytes) -> bool:
    # One sign may stand between the two words, as long as two escapes.
    at = lower.find(b"api")
    while at >= 0:
        if b"key" in lower[at + 3 : at + 18]:
            return True
        at = lower.find(b"api", at + 1)
    return False
