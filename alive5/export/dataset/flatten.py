"""
Delivered rows as rows of the two tables; pure.

What a column cannot hold stays in ``extra_json`` under its delivered name.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, Final, NamedTuple

import attrs

from ..._json.codec import canonical, loads
from ..._sansio.decode import shape
from ...models import Model
from ...models._base import at, made_on_access, many, text, texts
from ..rows.json_lines import lifted
from .schema import CONVERSATIONS, MESSAGES, Table

Values = tuple[Any, ...]

_SURROGATES: Final = re.compile("[\ud800-\udfff]")


_FIELDS: Final[Mapping[str, Callable[[str], Any]]] = {"text": text, "time": at, "texts": texts}


def _model(table: Table, **nested: Any) -> type[Any]:
    """Return a model of what a table holds, so that all else a row has is left over."""
    fields = {column.name: _FIELDS[column.type](column.wire) for column in table.columns if column.wire}
    made = attrs.make_class(
        table.name, {**fields, **nested}, bases=(Model,),
        kw_only=True, slots=True, repr=False, eq=False,
    )  # fmt: skip
    return made_on_access(made)


class Flat(NamedTuple):
    """
    One conversation as a row, and the rows of its messages.
    """

    conversation: Values
    messages: list[Values]


def flatten(kind: str, session_id: str, raw: Mapping[str, Any], oddities: Counter[str]) -> Flat:
    """
    Return the table rows of a delivered row, counting what no column could hold.
    """
    digest = hashlib.sha256(canonical(raw)).hexdigest()
    row = lifted(raw)
    tags = row.get("tags")
    if isinstance(tags, list):  # objects among them become texts, whatever the order of their keys
        row["tags"] = [loads(canonical(item)) if isinstance(item, (dict, list)) else item for item in tags]
    if not row.get("contacts_phone") and "contacts_phone_mobile" in row:
        row["contacts_phone"] = row.pop("contacts_phone_mobile")
    model = shape(_Conversation, row)
    key = (kind, _readable(session_id))
    said = [_values(message, _MESSAGE, oddities) for message in model.chat_conversation]
    *values, extra = _values(model, _CONVERSATION, oddities)
    if tags is None:
        values[_TAGS] = None
    return Flat(
        (*key, model.session_id != session_id, *values, len(said), extra, digest),
        [(*key, seq, *message) for seq, message in enumerate(said)],
    )


_Readers = tuple[tuple[str, str, Callable[[Any], Any]], ...]


def _readers(table: Table) -> _Readers:
    return tuple((c.type, c.wire, attrgetter(c.name)) for c in table.columns if c.wire and not c.required)


_Message: Final = _model(MESSAGES)
_Conversation: Final = _model(CONVERSATIONS, chat_conversation=many(_Message))
_CONVERSATION: Final = _readers(CONVERSATIONS)
_MESSAGE: Final = _readers(MESSAGES)
_TAGS: Final = [wire for _, wire, _ in _CONVERSATION].index("tags")


def _values(model: Model, readers: _Readers, oddities: Counter[str]) -> list[Any]:
    """Return the documented values of a model, and last what they could not hold."""
    values: list[Any] = []
    extra = dict(model.extra)
    for kind, wire, read in readers:
        value = read(model)
        if kind == "time":
            if wire in extra:
                oddities["times_unread"] += 1
        elif value is not None and not _is_readable(value):
            oddities["surrogates_replaced"] += 1
            extra[wire] = value
            value = _readable(value) if value.__class__ is str else [_readable(item) for item in value]
        values.append(value)
    values.append(canonical(extra).decode("utf-8") if extra else None)
    return values


def _is_readable(value: Any) -> bool:
    if value.__class__ is list:
        return all(map(_is_readable, value))
    return value.isascii() or _SURROGATES.search(value) is None


def _readable(value: str) -> str:
    return _SURROGATES.sub("\ufffd", value)
