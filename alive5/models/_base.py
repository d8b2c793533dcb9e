"""
The base of all models: how fields are declared, stored and shown.

A field is declared with a helper that names its kind; ``_sansio.decode``
generates one decoder a class from these. Times and messages are stored as
delivered and decoded on first access, which keeps a page of 100 rows cheap.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, TypeVar, cast

import attrs

from .._json.deep import deep_json
from . import _times
from ._required import Required
from ._secret_names import is_secret_name

C = TypeVar("C", bound="type[Model]")

KIND, WIRE, MODEL = "alive5.kind", "alive5.wire", "alive5.model"
MASK = "***"
# Levels ``to_dict`` descends itself: far below Python's limit of 1,000 frames, far above what a service nests.
DEEPEST = 50


class _Nothing(dict[str, Any]):
    """The one empty mapping all models without surprises share; it cannot be changed."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("this extra is empty and shared; it cannot be changed")

    __setitem__ = update = setdefault = pop = popitem = clear = __ior__ = cast("Any", _refuse)

    def __reduce__(self) -> str:
        return "NOTHING"

    def __copy__(self) -> _Nothing:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> _Nothing:
        return self


NOTHING: Mapping[str, Any] = _Nothing()


def _field(kind: str, wire: str | None, model: type | None = None, **options: Any) -> Any:
    return attrs.field(metadata={KIND: kind, WIRE: wire, MODEL: model}, **(options or {"default": None}))


def text(wire: str | None = None) -> Any:
    """
    Return a field of text.
    """
    return _field("text", wire)


def defined(wire: str | None = None) -> Any:
    """
    Return a field of text that is none when it says "undefined".
    """
    return _field("defined", wire)


def at(wire: str | None = None) -> Any:
    """
    Return a field of a time.
    """
    return _field("time", wire)


def flag(wire: str | None = None) -> Any:
    """
    Return a field of a boolean.
    """
    return _field("flag", wire)


def number(wire: str | None = None) -> Any:
    """
    Return a field of an integer.
    """
    return _field("number", wire)


def free(wire: str | None = None) -> Any:
    """
    Return a field of free JSON.
    """
    return _field("free", wire)


def texts(wire: str | None = None) -> Any:
    """
    Return a field of a list of texts.
    """
    return _field("texts", wire, factory=list)


def one(model: type, wire: str | None = None) -> Any:
    """
    Return a field of a nested model.
    """
    return _field("one", wire, model)


def many(model: type, wire: str | None = None) -> Any:
    """
    Return a field of a list of nested models.
    """
    return _field("many", wire, model, factory=list)


class Pending:
    """Rows of a nested list, not decoded yet."""

    __slots__ = ("make", "rows")

    def __init__(self, rows: list[dict[str, Any]], make: Callable[[dict[str, Any]], Any]) -> None:
        self.rows = rows
        self.make = make


class _Made:
    """A field stored as delivered and decoded on access; assigning replaces it."""

    __slots__ = ("read", "write")

    def __init__(self, slot: Any) -> None:
        self.read = slot.__get__
        self.write = slot.__set__

    def __get__(self, holder: Any, owner: type | None = None) -> Any:
        if holder is None:
            return self
        value = self.read(holder)
        if value is None or value.__class__ is datetime or value.__class__ is list:
            return value
        made = self._make(value)
        self.write(holder, made)
        if value.__class__ is Pending:
            holder._adopt(made)
        return made

    def __set__(self, holder: Any, value: Any) -> None:
        self.write(holder, value)

    def _make(self, value: Any) -> Any:
        if value.__class__ is Pending:
            return [value.make(dict(row)) for row in value.rows]
        if isinstance(value, (int, float)):
            return _times.read_epoch(value)
        return value


def as_stored(holder: object, name: str) -> Any:
    """
    Return a field as it is stored: a time or a nested list that nobody asked for yet as it was delivered.
    """
    field = _declared(cast("Any", type(holder)), name)
    value = field.read(holder) if field.__class__ is _Made else field.__get__(holder)
    return value.rows if value.__class__ is Pending else value


_declared = cache(lambda kind, name: next(vars(each)[name] for each in kind.__mro__ if name in vars(each)))


def count_of(holder: object, name: str) -> int:
    """
    Return the length of a nested list without decoding it.
    """
    return len(as_stored(holder, name) or ())


def made_on_access(model: C) -> C:
    """
    Replace a model's times and nested lists by fields that are decoded on access.
    """
    for field in attrs.fields(model):
        slot = model.__dict__.get(field.name)
        if field.metadata.get(KIND) in ("time", "many") and slot is not None:
            setattr(model, field.name, _Made(slot))
    return model


@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class Model(Required):
    """
    Base of every entity; values the contract does not name are kept in ``extra``.
    """

    extra: Mapping[str, Any] = NOTHING

    _secret: ClassVar[frozenset[str]] = frozenset()
    _shown: ClassVar[tuple[str, ...]] = ()
    _lifted: ClassVar[tuple[str, ...]] = ()  # objects of the wire whose values stand on the row, too

    # attrs would compile a comparison a class, a quarter of the time these take to import.
    if TYPE_CHECKING:
        __hash__: ClassVar[None]  # type: ignore[assignment]
    else:
        __hash__ = None  # not annotated: it would be among the hints of a model

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return all(getattr(self, field.name) == getattr(other, field.name) for field in attrs.fields(type(self)))

    def _adopt(self, rows: list[Any]) -> None:
        """Nested rows were decoded just now."""

    def __repr__(self) -> str:
        shown = "".join(f" {name}={getattr(self, name)!r}" for name in self._shown)
        return f"<{type(self).__name__}{shown}>"

    def to_dict(self, *, secrets: bool = False) -> dict[str, Any]:
        """
        Return the entity as JSON-ready values.

        Unless asked for, the account's key is masked, and what stands under other
        names of secrets left out.
        """
        hidden = self._secret if not secrets else frozenset()
        out: dict[str, Any] = {}
        for field in attrs.fields(type(self)):
            if field.metadata:
                value = getattr(self, field.name)
                masked = field.name in hidden and value is not None
                out[field.name] = MASK if masked else plain(value, secrets=secrets)
        shown = {name: value for name, value in self.extra.items() if name not in hidden}
        out["extra"] = {**plain(shown, secrets=secrets), **dict.fromkeys(hidden & self.extra.keys(), MASK)}
        return out


def plain(value: Any, *, secrets: bool = False, depth: int = 0) -> Any:
    """
    Return *value* with models and times as JSON-ready values, and what is nested deeper than 50 levels as JSON text.

    What stands under a secret's name is left out unless asked for.
    """
    if isinstance(value, Model):
        return value.to_dict(secrets=secrets)
    if isinstance(value, datetime):
        return _times.show(value)
    if not isinstance(value, (list, Mapping)):
        return value
    if depth == DEEPEST:
        return deep_json(value, without=None if secrets else is_secret_name)
    if isinstance(value, list):
        return [plain(item, secrets=secrets, depth=depth + 1) for item in value]
    return {
        name: plain(item, secrets=secrets, depth=depth + 1)
        for name, item in value.items()
        if secrets or not is_secret_name(name)
    }
