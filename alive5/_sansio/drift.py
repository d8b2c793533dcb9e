"""
Drift: what the service sends that the models do not know, counted by name.

A name counts, never a value, and only when it looks like a field's: a key may
be anything, a number of a person too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, Final, cast

import attrs

from ..models._base import KIND, MODEL, WIRE, Model, as_stored

OTHERS: Final = "(others)"
# More names than all models have fields: beyond it somebody sends names without end.
MOST: Final = 500
# Words of letters, joined by what joins words; four digits in a row may be a part of a telephone number.
_NAME: Final = re.compile(r"(?=.{1,64}\Z)(?!.*\d{4})[A-Za-z][A-Za-z0-9]*(?:[_-][A-Za-z0-9]+)*\Z", re.ASCII)
_NESTED: Final = ("one", "many")


def note(drift: dict[str, int], entities: Iterable[Model]) -> None:
    """
    Count what models just decoded keep in ``extra``: unknown fields, and known ones with a value of another kind.

    Of a nested list that nobody asked for yet, the first and the last row count.
    """
    for entity in entities:
        if entity.extra:
            _count(drift, type(entity), entity.extra)
        for name, model in _nested(cast("Any", type(entity))):
            _note_nested(drift, model, as_stored(entity, name))


def _note_nested(drift: dict[str, int], model: type[Model], value: Any) -> None:
    if isinstance(value, Model):
        note(drift, [value])
    elif value and isinstance(value[0], Model):
        note(drift, value)
    elif value:
        known = _wire_names(cast("Any", model))
        for row in (value[0], value[-1])[: len(value)]:
            if not known.issuperset(row):
                _count(drift, model, [name for name in row if name not in known])


def _count(drift: dict[str, int], model: type[Model], names: Iterable[str]) -> None:
    for name in names:
        field = f"{model.__name__}.{name}"
        # A field that counts already was looked at: each row has the same names again.
        if field not in drift and (len(drift) >= MOST or not _NAME.match(name)):
            field = OTHERS
        drift[field] = drift.get(field, 0) + 1


@cache
def _nested(model: type[Model]) -> tuple[tuple[str, type[Model]], ...]:
    fields = (field for field in attrs.fields(model) if field.metadata.get(KIND) in _NESTED)
    return tuple((field.name, field.metadata[MODEL]) for field in fields)


@cache
def _wire_names(model: type[Model]) -> frozenset[str]:
    return frozenset(field.metadata[WIRE] or field.name for field in attrs.fields(model) if field.metadata)
