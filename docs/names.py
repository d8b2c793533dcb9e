"""
Write ``docs/reference/models.md`` and ``docs/reference/names.md``: the values of every model, and all their names.

The name on the wire, the attribute, the friendly names, and the column of an export. Nothing here knows a name: each
is found by what a value changes. ``python docs/names.py`` writes both pages, ``--check`` says whether they are current.
"""

from __future__ import annotations

import inspect
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import attrs

from alive5 import MissingValueError, models
from alive5.export.dataset.flatten import flatten
from alive5.export.dataset.schema import CONVERSATIONS, MESSAGES, Table
from alive5.models._base import KIND, MODEL, WIRE

REFERENCE = Path(__file__).parent / "reference"
MODELS_HEAD = """# Models

Values that come from the service. Any value may be None: what the service leaves out, or sends in a form that cannot be
read, is no error. `extra` keeps what has no attribute, and the raw value of what could not be read. `to_dict()` gives
values for JSON. Times have a zone.

Where a program cannot go on without a value, `contact.require_id` is the id as text and `contact.require("email")` any
value of text. Without it they raise `MissingValueError`, which names the value, and is never safe to repeat: the value
may be missing from the answer of a write that was accepted.

A row has the attribute, the name on the wire where it is another one, what it holds, its friendly names, and the column
of an [export](../export.md#what-is-in-the-directory). [Names](names.md) has all of them by their names on the wire.
"""
NAMES_HEAD = """# Names

Every value of every model, by its name on the wire: its attribute, the properties that make something friendlier of it,
and the column of an [export](../export.md#what-is-in-the-directory) it stands in. `extra_json` keeps what has no column
of its own, under the name on the wire. [Models](models.md) has the same by model.

| on the wire | attribute | of | friendly | column |
|---|---|---|---|---|
"""
OWN_HEAD = """
## Columns of an export that are on no wire

| column | holds |
|---|---|
"""
HOLDS = {
    "text": "text",
    "defined": "text",
    "time": "time",
    "flag": "true or false",
    "number": "whole number",
    "free": "JSON",
    "texts": "texts",
}
# Values that what is made of them shows: the author of a message, and a status with its time.
SAMPLES = {
    "text": ("bot", "open||1767225600000"),
    "defined": ("+12025550100",),
    "time": (datetime(2026, 1, 1, tzinfo=timezone.utc),),
    "flag": (True,),
    "number": (7,),
    "free": ({"a": 1},),
    "texts": (["a"],),
}
# Of a row that a value changes, what is changed by each.
OF_THE_ROW = {"raw_sha256", "synthetic"}
MODELS = sorted(
    (getattr(models, name) for name in models.__all__),
    key=lambda model: (model is not models.Model, model is not models.Conversation),
)


def own_fields(model: type) -> Iterator[attrs.Attribute[Any]]:
    """Yield the fields of a model itself."""
    inherited = {field.name for base in model.__mro__[1:] if attrs.has(base) for field in attrs.fields(base)}
    for field in attrs.fields(model) if attrs.has(model) else ():
        if field.name not in inherited and not field.name.startswith("_") and field.name != "extra":
            yield field


def own_parts(model: type) -> Iterator[tuple[str, Any]]:
    """Yield what a model has beside fields, by itself or of bases that have no section of their own."""
    known = {part for base in model.__mro__[1:] if base in MODELS for part in base.__mro__}
    for base in model.__mro__:
        if base not in known:
            yield from vars(base).items()


def wire_of(field: attrs.Attribute[Any]) -> str:
    """Return a field's name on the wire."""
    return field.metadata.get(WIRE) or field.name


def samples(field: attrs.Attribute[Any]) -> tuple[Any, ...]:
    """Return values a field may hold; none where it is no value of the wire."""
    kind, model = field.metadata.get(KIND), field.metadata.get(MODEL)
    if model is not None:
        return ([model()],) if kind == "many" else (model(),)
    return SAMPLES.get(str(kind), ())


def shown(entity: Any) -> dict[str, Any]:
    """Return what the properties of a model say, and the parts of what they give."""
    found = {}
    for name, _ in inspect.getmembers(type(entity), lambda value: isinstance(value, property)):
        try:
            value = getattr(entity, name)
        except MissingValueError:
            value = None
        is_made = attrs.has(type(value)) and not isinstance(value, models.Model)
        found.update({f"{name}.{part}": one for part, one in attrs.asdict(value).items()} if is_made else {name: value})
    return found


def friendly(model: type, name: str) -> list[str]:
    """Return the properties that a field changes."""
    field, empty = attrs.fields_dict(model)[name], shown(model())
    full = [shown(model(**{name: value})) for value in samples(field)]
    return [made for made in empty if any(one[made] != empty[made] for one in full)]


def flat(row: dict[str, Any]) -> dict[str, Any]:
    """Return a delivered row as the columns of both tables."""
    made = flatten("sms", row.get("alive5_sessionID", "-"), row, Counter())
    said = made.messages[0] if made.messages else [None] * len(MESSAGES.columns)
    tables: list[tuple[Table, Any]] = [(CONVERSATIONS, made.conversation), (MESSAGES, said)]
    return {f"{table.name}.{name}": one for table, row in tables for name, one in zip(table.names, row, strict=True)}


def columns(model: type, name: str) -> list[str]:
    """Return the columns of an export that a field changes."""
    field = attrs.fields_dict(model)[name]
    is_list, is_time = (field.metadata.get(KIND) == kind for kind in ("many", "time"))
    row = {wire_of(field): [{}] if is_list else 1767225600000 if is_time else (samples(field) or ("",))[0]}
    if issubclass(model, models.Conversation):
        said: dict[str, Any] = {} if is_list else {"chat_conversation": [{}]}
        before, after = flat(dict(said)), flat({**said, **row})
    elif model is models.Message:
        before, after = flat({"chat_conversation": [{}]}), flat({"chat_conversation": [row]})
    else:
        return []
    return [column for column in after if after[column] != before[column] and column.split(".")[1] not in OF_THE_ROW]


def holds(field: attrs.Attribute[Any]) -> str:
    """Return what a field holds."""
    kind, model = field.metadata.get(KIND), field.metadata.get(MODEL)
    if model is None:
        return HOLDS[kind] if kind in HOLDS else str(field.type).replace(" | None", "")
    return f"[`{model.__name__}`](#alive5.models.{model.__name__})" + ("s" if kind == "many" else "")


def quoted(names: list[str]) -> str:
    """Return names as a cell of a table."""
    return ", ".join(f"`{name}`" for name in names)


def line(*cells: str) -> str:
    """Return a row of a table."""
    return f"| {' | '.join(cells)} |"


def values_of(model: type) -> Iterator[str]:
    """Yield the table of a model's own fields; without the columns that are empty in all of its rows."""
    rows = []
    for field in own_fields(model):
        wire, made = wire_of(field), friendly(model, field.name) if issubclass(model, models.Model) else []
        column = [name.split(".")[1] for name in columns(model, field.name)[:1]]
        other = [wire] if wire != field.name else []
        rows.append([f"`{field.name}`", quoted(other), holds(field), quoted(made), quoted(column)])
    heads = ["attribute", "on the wire", "holds", "friendly", "column"]
    kept = [at for at in range(len(heads)) if at in (0, 1, 2) or any(row[at] for row in rows)]
    if rows:
        yield "\n" + line(*(heads[at] for at in kept)) + "\n|" + "---|" * len(kept)
        yield from (line(*(row[at] for at in kept)) for row in rows)


def made_of(model: type) -> Iterator[str]:
    """Yield the rows of what follows from the values: properties and methods."""
    for name, value in own_parts(model):
        if name.startswith("_") or not (isinstance(value, property) or inspect.isfunction(value)):
            continue
        about = inspect.getdoc(value) or ""
        call = "" if isinstance(value, property) else "()"
        if about:
            yield line(f"`{name}{call}`", " ".join(about.split("\n\n")[0].split()))


def section(model: type) -> Iterator[str]:
    """Yield the lines of a model."""
    yield f"\n::: alive5.models.{model.__name__}\n    options:"
    yield from (f"      {option}: false" for option in ("members", "inherited_members", "show_signature"))
    bases = [base for base in model.__mro__[1:] if base in (models.Conversation, models.Thread)]
    if bases:
        yield f"\nIt has all of [`{bases[0].__name__}`](#alive5.models.{bases[0].__name__})."
    yield from values_of(model)
    made = list(made_of(model))
    if made:
        yield "\n| made of them | |\n|---|---|"
        yield from made


def names() -> Iterator[str]:
    """Yield the rows of all names: one a value, with the models that have it under the same names."""
    found = defaultdict(list)
    for model in MODELS:
        for field in attrs.fields(model) if issubclass(model, models.Model) else ():
            known = [base for base in model.__mro__ if base in MODELS]
            owner = next(base for base in reversed(known) if field.name in attrs.fields_dict(base))
            cells, theirs = (
                (wire_of(field), field.name, quoted(friendly(one, field.name)), quoted(columns(one, field.name)))
                for one in (model, owner)
            )
            if field.metadata and (model is owner or cells != theirs):
                found[cells].append(model.__name__)
    for (wire, name, made, column), owners in sorted(found.items(), key=lambda item: (item[0][0].casefold(), item[0])):
        links = ", ".join(f"[{owner}](models.md#alive5.models.{owner})" for owner in owners)
        yield line(f"`{wire}`", f"`{name}`", links, made, column)


def own_columns() -> Iterator[str]:
    """Yield the columns that are made here."""
    for table in (CONVERSATIONS, MESSAGES):
        yield from (line(f"`{table.name}.{one.name}`", one.about) for one in table.columns if one.wire is None)


def pages() -> dict[Path, str]:
    """Return the pages."""
    return {
        REFERENCE / "models.md": MODELS_HEAD + "\n".join(one for model in MODELS for one in section(model)) + "\n",
        REFERENCE / "names.md": NAMES_HEAD + "\n".join(names()) + "\n" + OWN_HEAD + "\n".join(own_columns()) + "\n",
    }


def main() -> int:
    """Write the pages, or return 1 when one is not current."""
    if "--check" in sys.argv:
        return any(not page.exists() or page.read_text(encoding="utf-8") != text for page, text in pages().items())
    for page, text in pages().items():
        page.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
