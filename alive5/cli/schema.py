"""``alive5 schema``: the command line as one document or a man page, and the tables of an export."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from .._json import codec as json
from ..export.dataset.schema import describe as describe_tables
from ._command import command, command_tree, standing
from ._describe import describe
from ._man import man_page
from ._session import Session
from ._shapes import ANY, Facts

Man = Annotated[bool, typer.Option("--man", help="Write a man page instead.")]
Form = Annotated[
    Literal["arrow", "sql", "json"] | None,
    typer.Option("--format", help="Notation. Else arrow, or json with --json."),
]

_EXAMPLES = """
alive5 schema > alive5.json
alive5 schema --man > alive5.1
"""


def register(parent: typer.Typer) -> None:
    """
    Add the group, which is a command as well.
    """

    def schema(session: Session, *, man: Man = False) -> None:
        """
        Describe every command for programs.

        It is JSON, with --json or without: options, arguments, exit codes and the
        shape of each result, as JSON Schema has it. --man writes a page for man.
        """
        _show(session, describe(command_tree(parent)), man=man)

    app = standing(parent, "schema", examples=_EXAMPLES, gives=Facts(shape=ANY))(schema)
    command(app, "export", examples="alive5 schema export --format sql", gives=Facts(shape=ANY))(export)


def _show(session: Session, document: dict[str, Any], *, man: bool) -> None:
    if not man:
        session.document("schema", document)
    elif session.json:
        session.document("schema", {"man": man_page(document)})
    else:
        session.out.plain(man_page(document))


def export(session: Session, *, form: Form = None) -> None:
    """
    Show the tables of an export.
    """
    if not session.json:
        session.out.text(describe_tables(form or "arrow"))
    elif form in (None, "json"):
        session.document("schema.export", json.loads(describe_tables("json")))
    else:
        session.document("schema.export", {"format": form, "text": describe_tables(form)})
