"""
Write ``docs/reference/models.md``: every model with the names of its values.

The name on the wire, the attribute, what it holds, and the column of an export. ``python docs/names.py`` writes it,
``--check`` says whether it is current.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs

from alive5 import models
from alive5.export.dataset.schema import CONVERSATIONS, MESSAGES
from alive5.models._base import KIND, MODEL, WIRE

PAGE = Path(__file__).parent / "reference" / "models.md"
HEAD = """# Models

Values that come from the service. Any value may be None: what the service leaves out, or sends in a form that cannot be
read, is no error. `extra` keeps what has no attribute, and the raw value of what could not be read. `to_dict()` gives
values for JSON. Times have a zone.

A row has the attribute, the name on the wire where it is another one, what it holds and, of conversations and messages,
the column of an [export](../export.md#what-is-in-the-directory).
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
TABLES = {models.Conversation: CONVERSATIONS, models.Message: MESSAGES}


def holds(field: attrs.Attribute[Any]) -> str:
    """Return what a field holds."""
    kind, model = field.metadata.get(KIND), field.metadata.get(MODEL)
    if model is None:
        return HOLDS[kind] if kind in HOLDS else str(field.type).replace(" | None", "")
    return f"[`{model.__name__}`](#alive5.models.{model.__name__})" + ("s" if kind == "many" else "")


def fields_of(model: type) -> Iterator[str]:
    """Yield the rows of a model's own fields."""
    inherited = {field.name for base in model.__mro__[1:] if attrs.has(base) for field in attrs.fields(base)}
    table = next((TABLES[base] for base in model.__mro__ if base in TABLES), None)
    columns = {column.wire: column.name for column in table.columns if column.wire} if table else {}
    for field in attrs.fields(model):
        if field.name in inherited or field.name.startswith("_") or field.name == "extra":
            continue
        wire = field.metadata.get(WIRE) or field.name
        cells = [f"`{field.name}`", f"`{wire}`" if wire != field.name else "", holds(field)]
        yield "| " + " | ".join(cells + ([f"`{columns[wire]}`" if wire in columns else ""] if table else [])) + " |"


def made_of(model: type) -> Iterator[str]:
    """Yield the rows of what follows from the values: properties and methods of the model itself."""
    for name, value in vars(model).items():
        if name.startswith("_") or not (isinstance(value, property) or inspect.isfunction(value)):
            continue
        about = inspect.getdoc(value) or ""
        call = "" if isinstance(value, property) else "()"
        if about:
            yield f"| `{name}{call}` | {' '.join(about.split(chr(10) * 2)[0].split())} |"


def section(model: type) -> Iterator[str]:
    """Yield the lines of a model."""
    yield f"\n::: alive5.models.{model.__name__}\n    options:"
    yield from (f"      {option}: false" for option in ("members", "inherited_members", "show_signature"))
    bases = [base for base in model.__mro__[1:] if base in (models.Conversation, models.Thread)]
    if bases:
        yield f"\nIt has all of [`{bases[0].__name__}`](#alive5.models.{bases[0].__name__})."
    has_columns = any(base in TABLES for base in model.__mro__)
    rows = list(fields_of(model)) if attrs.has(model) else []
    if rows:
        yield "\n| attribute | on the wire | holds |" + (" column |" if has_columns else "")
        yield "|---|---|---|" + ("---|" if has_columns else "")
        yield from rows
    made = list(made_of(model))
    if made:
        yield "\n| made of them | |\n|---|---|"
        yield from made


def page() -> str:
    """Return the page."""
    found = [getattr(models, name) for name in models.__all__]
    found.sort(key=lambda model: (model is not models.Model, model is not models.Conversation))
    return HEAD + "\n".join(line for model in found for line in section(model)) + "\n"


def main() -> int:
    """Write the page, or return 1 when it is not current."""
    if "--check" in sys.argv:
        return PAGE.read_text(encoding="utf-8") != page()
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
