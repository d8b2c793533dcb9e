"""``alive5 find`` and ``alive5 forget``: everything an export holds of one person, listed or removed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from ..export.dataset.schema import CONVERSATIONS, MESSAGES
from ..export.forget import forget as forget_person
from ..export.insight.person import PersonRecord
from ..export.people import write_person
from ..export.read.reader import open_export
from ..export.report import ForgetReport
from ._command import command
from ._exits import DISK
from ._ids import forget as forget_ids
from ._session import Session
from ._shapes import Facts, extended, record, rows_of, shape
from ._tables import Column, show_rows
from ._writes import Yes, confirm

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

DryRun = Annotated[bool, typer.Option("--dry-run", help="Count what would be removed, and change nothing.")]

_Row = dict[str, Any]
_COLUMNS: tuple[Column[_Row], ...] = (
    Column(title="Started", cell=lambda row: row["start_time"]),
    Column(title="Kind", cell=lambda row: row["kind"]),
    Column(title="Channel", cell=lambda row: row["channel_name"] or row["channel_id"], spare=2, cut=True),
    Column(title="Agent", cell=lambda row: row["assigned_to"] or row["agent_id"], spare=3, cut=True),
    Column(title="Msgs", cell=lambda row: row["n_messages"], spare=1, right=True),
    Column(title="Id", cell=lambda row: row["session_id"], whole=True),
)
_FIND = """
alive5 find out/ --phone +12025550123
alive5 find out/ --phone "+1 (202) 555-0123" --email ana@example.com -o ana/
"""
_FORGET = """
alive5 forget out/ --phone +12025550123 --dry-run
alive5 forget out/ --phone +12025550123 --email ana@example.com --yes
"""


def register(parent: typer.Typer) -> None:
    """
    Add the commands.
    """
    one = extended(rows_of(CONVERSATIONS), messages={"type": "array", "items": rows_of(MESSAGES)})
    named = {"type": "array", "items": record(kind=str, session_id=str)}
    found = record(conversations={"type": "array", "items": one}, named_in=named)
    command(parent, "find", examples=_FIND, gives=Facts(shape=found, exits=DISK))(find)
    command(parent, "forget", examples=_FORGET, gives=Facts(shape=shape(ForgetReport), exits=DISK))(forget)


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
    rows = [found.row for found in record.conversations]
    show_rows(session.out.console, _COLUMNS, rows, session.zone)
    session.remember(conversations=[(row["session_id"], None) for row in rows])
    session.out.text(f"\n{_counted(record)}")
    for path in written:
        session.out.say(f"wrote {path}")


def _counted(record: PersonRecord) -> str:
    named = f"; {len(record.named_in):,} of other people name them" if record.named_in else ""
    return f"{len(record.conversations):,} conversations with {record.messages:,} messages{named}"


def forget(
    session: Session,
    directory: Directory,
    *,
    phone: Phone = None,
    email: Email = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """
    Remove one person from an export, for good.

    Their conversations go out of every file of the directory, and later runs
    do not bring them back. What other people wrote stays. Copies, backups and
    the service are not reached. --dry-run counts and changes nothing.
    """
    if not (dry_run or yes):
        found = forget_person(directory, phone=phone, email=email, dry_run=True)
        confirm(session, f"Remove {_found(found)} from {directory} for good?", "removed")
    report = forget_person(directory, phone=phone, email=email, dry_run=dry_run)
    if not dry_run:
        forget_ids(os.environ)  # those of this person's conversations may be among them
    if session.json:
        session.document("forget", report.to_dict(), dry_run=dry_run)
        return
    if report.resumed:
        session.out.say("an earlier forgetting had been cut off, and was finished first")
    session.out.text(f"{'found' if dry_run else 'removed'} {_found(report)}")
    if report.named_in:
        session.out.text(f"{report.named_in:,} conversations of other people name them, and stay as they are")
    if report.others:
        session.out.text(f"not of the export and not looked into: {', '.join(report.others)}")
    if report.receipt is not None:
        session.out.say(f"receipt {report.receipt}")


def _found(report: ForgetReport) -> str:
    return f"{report.conversations:,} conversations with {report.messages:,} messages"
