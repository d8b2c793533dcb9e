"""Shapes of results, as JSON Schema made from the classes that are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import attrs

from ..export.dataset.schema import Table
from ..models import Model
from ..models._base import KIND, MODEL
from ._exits import ExitCode

Shape = dict[str, Any]

ANY: Final[Shape] = {}
_PLAIN: Final[Mapping[Any, Shape]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    Path: {"type": "string"},
    None: {"type": "null"},
    NoneType: {"type": "null"},
    Any: ANY,
}
# A value of a model or of a table, by the name of its kind; a free one is any JSON.
_KINDS: Final[Mapping[str, Shape]] = {
    **dict.fromkeys(("text", "defined"), _PLAIN[str]),
    "time": _PLAIN[datetime],
    "flag": _PLAIN[bool],
    **dict.fromkeys(("number", "int"), _PLAIN[int]),
    "real": _PLAIN[float],
    "texts": {"type": "array", "items": _PLAIN[str]},
    **dict.fromkeys(("free", "json"), ANY),
}


@attrs.frozen(kw_only=True)
class Facts:
    """
    What a command comes to: the shape of its JSON, its form, and its exit codes beside those of every command.

    ``lines`` says that it is a line for each row, else ``shape`` is that of the
    data of one document; ``instead`` is that of a document in place of lines.
    """

    shape: Shape
    lines: bool = False
    instead: Shape | None = None
    exits: tuple[ExitCode, ...] = ()


def one_of(*kinds: Any) -> Shape:
    """
    Return the shape of any of several.
    """
    return {"anyOf": [shape(kind) for kind in kinds]}


def record(**values: Any) -> Shape:
    """
    Return the shape of an object that has all of these values, and no other.
    """
    properties = {name: shape(kind) for name, kind in values.items()}
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


def optional(found: Shape, *names: str) -> Shape:
    """
    Return the shape of an object that may lack some of its values.
    """
    return {**found, "required": [name for name in found["required"] if name not in names]}


def extended(kind: Any, /, **more: Any) -> Shape:
    """
    Return the shape of an object with more values than its class.
    """
    own = shape(kind)
    return record(**{**own["properties"], **more})


def rows_of(table: Table) -> Shape:
    """
    Return the shape of a row of an export's table.
    """
    return record(**{each.name: _maybe(_KINDS[each.type], each.required) for each in table.columns})


def shape(kind: Any) -> Shape:
    """
    Return the shape of what is written of a type; a shape is its own.
    """
    if isinstance(kind, dict):
        return kind
    if kind in _PLAIN:
        return _PLAIN[kind]
    if attrs.has(kind):
        return _object(kind)
    return _of_several(get_origin(kind), get_args(kind))


def _of_several(origin: Any, inner: tuple[Any, ...]) -> Shape:
    if origin is Literal:
        return {"enum": [*inner]}
    if origin in (Union, UnionType):
        return _any([shape(each) for each in inner])
    if origin in (list, tuple, Sequence):
        return {"type": "array", "items": shape(inner[0])}
    return {"type": "object", "additionalProperties": shape(inner[1])}


def _object(kind: Any) -> Shape:
    if issubclass(kind, Model):
        values = {field.name: _of_model(field) for field in attrs.fields(kind) if field.metadata}
        return record(**values, extra={"type": "object"})
    hints = get_type_hints(kind)
    return record(**{field.name: hints[field.name] for field in attrs.fields(kind)})


def _of_model(field: attrs.Attribute[Any]) -> Shape:
    kind, model = field.metadata[KIND], field.metadata[MODEL]
    if kind == "many":
        return {"type": "array", "items": shape(model)}
    if kind == "one":
        return _maybe(shape(model), False)
    return _maybe(_KINDS[kind], kind == "texts")


def _maybe(found: Shape, required: bool) -> Shape:
    return found if required or not found else _any([found, _PLAIN[NoneType]])


def _any(shapes: list[Shape]) -> Shape:
    """Return the shape of any of some; types without more are one list."""
    if all(each.keys() == {"type"} for each in shapes):
        return {"type": [each["type"] for each in shapes]}
    return {"anyOf": shapes}
