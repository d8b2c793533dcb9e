"""``alive5 schema``: the tables of an export."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from .._sansio import json
from ..export.dataset.schema import describe
from ._command import command, group
from ._session import Session

Form = Annotated[
    Literal["arrow", "sql", "json"] | None,
    typer.Option("--format", help="Notation. Else arrow, or json with --json."),
]


def register(parent: typer.Typer) -> None:
    """
    Add the group.
    """
    app = group(parent, "schema", "Show the schemas of files.")
    command(app, "export", examples="alive5 schema export --format sql")(export)


def export(session: Session, *, form: Form = None) -> None:
    """
    Show the tables of an export.
    """
    if not session.json:
        session.out.text(describe(form or "arrow"))
    elif form in (None, "json"):
        session.document("schema.export", json.loads(describe("json")))
    else:
        session.document("schema.export", {"format": form, "text": describe(form)})
