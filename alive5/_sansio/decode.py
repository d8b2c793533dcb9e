"""
Decoders from JSON to models: one tolerant decoder a class, generated from its fields.

Decoding never raises and loses nothing but secrets: what a field cannot hold
stays in ``extra`` under its wire name. The hot path assigns slots and pops the row's
keys, so what is left over is the ``extra``; plain cattrs hooks took three
times as long and stopped at half of the surprises tried.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from .._json.codec import text_of
from .._lazy import importing
from ..models import _times as times
from ..models._base import KIND, MODEL, NOTHING, WIRE, Model, Pending
from .reshape import lift_nested, lift_thread
from .secret_names import drop_secrets

if TYPE_CHECKING:
    from cattrs import Converter

M = TypeVar("M", bound=Model)
Row = dict[str, Any]
Decoder = Callable[[Row], Any]

_INTEGER = re.compile(r"\s*-?\d{1,19}\s*", re.ASCII)
_EXACT_BELOW = 2.0**63
_decoders: dict[type[Model], Decoder] = {}


@cache
def converter() -> Converter:
    """
    Return the converter of all models, built on first use: cattrs takes 10 ms to import.
    """
    with importing():
        from cattrs import Converter

    made = Converter(detailed_validation=False)
    made.register_structure_hook_factory(_is_model, lambda model: lambda row, _: _shape(model, row))
    made.register_unstructure_hook_factory(_is_model, lambda _: lambda entity: entity.to_dict())
    return made


def shape(model: type[M], row: Any) -> M:
    """
    Return a model of one delivered value of any type; a dict is emptied.
    """
    return converter().structure(row, model)


def shape_all(model: type[M], rows: list[Any]) -> list[M]:
    """
    Return models of delivered rows; the rows are emptied.
    """
    return converter().structure(rows, list[model])  # type: ignore[valid-type]


def decoder(model: type[Model]) -> Decoder:
    """
    Return the decoder of a class, generated and compiled on first use.
    """
    known = _decoders.get(model)
    if known is None:
        known = _decoders[model] = _write(model)
    return known


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Model)


def _shape(model: type[Model], row: Any) -> Model:
    if row.__class__ is dict:
        return decoder(model)(row)  # type: ignore[no-any-return]
    return model() if row is None else model(extra={"value": drop_secrets(row)})


def _left_over(row: Row, secret: frozenset[str]) -> Mapping[str, Any]:
    # Only here and in free values can a secret be kept: what nobody knows is all that has to be looked through.
    return drop_secrets(dict(row), keep=secret) or NOTHING


def _write(model: type[Model]) -> Decoder:
    lines = ["def decode(row):", *_lifts(model), "    pop = row.pop", "    it = new(model)"]
    scope: dict[str, Any] = {"new": model.__new__, "model": model, "NOTHING": NOTHING}
    scope.update(MS_FROM=times.SECONDS_BELOW, MS_TO=times.LAST_MS)
    scope.update(lift_nested=lift_nested, lift_thread=lift_thread, left_over=_left_over, secret=model._secret)
    for field in attrs.fields(model):
        if field.metadata:
            scope[f"read_{field.name}"] = _reader(field)
            lines += _assign(model, field, scope)
    lines += ["    it.extra = left_over(row, secret) if row else NOTHING", "    return it"]
    exec(compile("\n".join(lines), f"<decoder of {model.__name__}>", "exec"), scope)  # noqa: S102 - our own text
    decode: Decoder = scope["decode"]
    return decode


def _assign(model: type[Model], field: attrs.Attribute[Any], scope: Row) -> list[str]:
    name, kind = field.name, field.metadata[KIND]
    wire = field.metadata[WIRE] or name
    fetch = f"    value = pop({wire!r}, None)"
    slow = f"read_{name}(value, row, {wire!r})"
    if kind in ("time", "many"):
        # The slot's own setter: going through the descriptor would cost a Python call a field.
        scope[f"set_{name}"] = next(vars(c)[name] for c in model.__mro__ if name in vars(c)).write
        quick = "value if value is None or value.__class__ is int and MS_FROM <= value < MS_TO else "
        return [fetch, f"    set_{name}(it, {quick * (kind == 'time')}{slow})"]
    if kind == "text":
        return [fetch, f"    it.{name} = value if value is None or value.__class__ is str else {slow}"]
    return [fetch, f"    it.{name} = {slow}"]


def _reader(field: attrs.Attribute[Any]) -> Callable[[Any, Row, str], Any]:
    model = field.metadata[MODEL]
    kind = field.metadata[KIND]
    if kind == "one":
        return lambda value, row, wire: _one(model, value, row, wire)
    if kind == "many":
        return lambda value, row, wire: _many(model, value, row, wire)
    return _READERS[kind]


def _text(value: Any, row: Row, wire: str) -> str | None:
    # A float of that size was an integer whose last digits are lost: two ids may have become one.
    if (value.__class__ is float and abs(value) < _EXACT_BELOW) or value.__class__ is int:
        try:
            return str(value)
        except ValueError:  # an integer of more digits than Python writes
            pass
    row[wire] = value
    return None


def _defined(value: Any, row: Row, wire: str) -> str | None:
    if value is None or value == "undefined":
        return None
    return value if value.__class__ is str else _text(value, row, wire)


def _time(value: Any, row: Row, wire: str) -> Any:
    if value.__class__ is int or value.__class__ is float:
        if value == 0:
            return None
        if times.read_epoch(value) is not None:
            return value
    elif value.__class__ is str:
        moment = times.read_text(value)
        if moment is not None or not value.strip(" 0"):
            return moment
    row[wire] = value
    return None


def _number(value: Any, row: Row, wire: str) -> int | None:
    if value is None or value.__class__ is int:
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value)
    row[wire] = value
    return None


def _flag(value: Any, row: Row, wire: str) -> bool | None:
    if value is None or value.__class__ is bool:
        return value
    if value.__class__ is int and value in (0, 1):
        return bool(value)
    if isinstance(value, str) and value.strip().lower() in ("true", "false", "1", "0"):
        return value.strip().lower() in ("true", "1")
    row[wire] = value
    return None


def _texts(value: Any, row: Row, wire: str) -> list[str]:
    if value is None:
        return []
    if value.__class__ is not list:
        row[wire] = value
        return []
    try:
        return [item if item.__class__ is str else text_of(drop_secrets(item)) for item in value if item is not None]
    except (RecursionError, ValueError):
        row[wire] = value
        return []


def _free(value: Any, row: Row, wire: str) -> Any:
    return drop_secrets(value)


def _one(model: type[Model], value: Any, row: Row, wire: str) -> Model | None:
    if value is None:
        return None
    if value.__class__ is dict:
        return _shape(model, value)
    row[wire] = value
    return None


def _many(model: type[Model], value: Any, row: Row, wire: str) -> Any:
    if value.__class__ is list:
        for item in value:
            if item.__class__ is not dict:
                break
        else:
            return Pending(value, decoder(model)) if value else []
        row[wire] = value
        return Pending([item for item in value if item.__class__ is dict], decoder(model))
    if value is not None:
        row[wire] = value
    return []


_READERS: Mapping[str, Callable[[Any, Row, str], Any]] = {
    "text": _text,
    "defined": _defined,
    "time": _time,
    "number": _number,
    "flag": _flag,
    "texts": _texts,
    "free": _free,
}


def _lifts(model: type[Model]) -> list[str]:
    if "threadData" in model._lifted:  # the newer shape of a chat, which few rows have
        there = " or ".join(f"{name!r} in row" for name in model._lifted)
        return [f"    if {there}: lift_thread(row)"]
    return [f"    lift_nested(row, {name!r})" for name in model._lifted]
