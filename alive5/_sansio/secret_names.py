"""Secrets a server puts into its rows, dropped by their names."""

from __future__ import annotations

from collections.abc import Container
from itertools import chain
from typing import Any, Final

from ..models._secret_names import is_secret_name

_NESTED: Final[frozenset[type]] = frozenset((dict, list))
# Names seen before, all of them harmless: a row of such names alone needs no closer look. A server may make up others.
_harmless: set[str] = set()
_REMEMBERED: Final = 4096
_WIDEST: Final = 256


def drop_secrets(value: Any, *, keep: Container[str] = ()) -> Any:
    """
    Drop what stands under a secret's name, at any depth, in place, and return the value.

    Names in *keep* stay at the top, with all that is in them.
    """
    if value.__class__ is dict:
        if value.keys() <= _harmless and _NESTED.isdisjoint(map(type, value.values())):
            return value
        _drop_from(value, keep)
        level = [inner for name, inner in value.items() if inner.__class__ in _NESTED and name not in keep]
    else:
        level = [value]
    while level:
        level = _below(level)
    return value


def _below(level: list[Any]) -> list[Any]:
    """Drop secrets from all mappings of one depth, and return what is nested in them and in the lists beside."""
    rows = [item for item in level if item.__class__ is dict]
    if not _harmless.issuperset(chain.from_iterable(rows)):
        for row in rows:
            if not row.keys() <= _harmless:
                _drop_from(row, ())
    inner = chain.from_iterable(map(dict.values, rows))
    if len(rows) < len(level):
        inner = chain(inner, *[item for item in level if item.__class__ is list])
    return [item for item in inner if item.__class__ is dict or item.__class__ is list]


def _drop_from(item: dict[str, Any], kept: Container[str]) -> None:
    found = [name for name in item if is_secret_name(name)]
    for name in found:
        if name not in kept:
            del item[name]
    if not found and len(item) <= _WIDEST and max(map(len, item)) <= _WIDEST:
        if len(_harmless) > _REMEMBERED:
            _harmless.clear()
        _harmless.update(item)
