"""``alive5 find``: everything an export holds of one person."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ..export.insight.person import PersonRecord
from ..export.people import write_person
from ..export.read.reader import open_export
from ._command import command
from ._session import Session
from ._tables import Column, show_rows

Directory = Annotated[
    Path,
    typer.Argument(metavar="DIR", exists=True, file_okay=False, help="Directory of the export.", show_default=False),
]
Phone = Annotated[
    str | None,
    typer.Option("--phone", metavar="NUMBER", help="The person's number, with its country.", show_default=False),
]
Email = Annotated[
    str | None, typer.Option("--email", metavar="ADDRESS", help="The person's e-mail address.", show_default=False)
]
Target = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="DIR", help="Write person.json and person.md there.", file_okay=False),
]

_Row = dict[str, Any]
_COLUMNS: tuple[Column[_Row], ...] = (
    Column(title="Started", cell=lambda row: row["start_time"]),
    Column(title="Kind", cell=lambda row: row["kind"]),
    Column(title="Channel", cell=lambda row: row["channel_name"] or row["channel_id"], share=18),
    Column(title="Agent", cell=lambda row: row["assigned_to"] or row["agent_id"], share=18),
    Column(title="Msgs", cell=lambda row: row["n_messages"], right=True),
    Column(title="Id", cell=lambda row: row["session_id"], whole=True),
)
_FIND = """
alive5 find out/ --phone +12025550123
alive5 find out/ --phone "+1 (202) 555-0123" --email ana@example.com -o ana/
"""


def register(parent: typer.Typer) -> None:
    """
    Add the command.
    """
    command(parent, "find", examples=_FIND)(find)


def find(
    session: Session, directory: Directory, *, phone: Phone = None, email: Email = None, output: Target = None
) -> None:
    """
    Show and write everything an export holds of one person.

    Spellings of numbers and addresses do not count. Of both given, either is
    the person. docs/people.md says what is about a person. Nothing is asked of
    the service.
    """
    record = open_export(directory).find(phone=phone, email=email)
    written = [] if output is None else write_person(record, output, export=directory, tz=session.zone)
    if session.json:
        session.document("find", record.to_dict())
        return
    show_rows(session.out.console, _COLUMNS, [found.row for found in record.conversations], session.zone)
    session.out.text(f"\n{_counted(record)}")
    for path in written:
        session.out.say(f"wrote {path}")


def _counted(record: PersonRecord) -> str:
    named = f"; {len(record.named_in):,} of other people name them" if record.named_in else ""
    return f"{len(record.conversations):,} conversations with {record.messages:,} messages{named}"
