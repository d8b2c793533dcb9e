"""``alive5 report``: a page about an export on disk."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ..export.read.reader import open_export
from ..export.report_page.page import ReportPage
from ._command import command
from ._exits import DISK
from ._session import Session
from ._shapes import Facts, one_of, record
from .metrics import Agents, Bots, Directory, Hours

Target = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write FILE. Else to stdout.", dir_okay=False)
]
Transcripts = Annotated[
    int, typer.Option("--transcripts", metavar="N", min=0, help="Put the newest N conversations on it, to be searched.")
]

_EXAMPLES = """
alive5 report out/ -o report.html --tz America/New_York --hours "mon-fri 9-17"
alive5 report out/ -o report.html --bot "Front desk" --transcripts 200
"""


def register(parent: typer.Typer) -> None:
    """
    Add the command.
    """
    size = {"bytes": int, "transcripts": int}
    facts = Facts(shape=one_of(record(path=str, **size), record(path=None, html=str, **size)), exits=DISK)
    command(parent, "report", examples=_EXAMPLES, gives=facts)(report)


def report(
    session: Session,
    directory: Directory,
    *,
    output: Target = None,
    hours: Hours = None,
    agents: Agents = None,
    bots: Bots = None,
    transcripts: Transcripts = 0,
) -> None:
    """
    Write a page about an export: volumes, response times, who waits.

    It is one file that loads nothing. Each figure shows its formula, and
    docs/insight.md explains them. Days and hours are those of --tz, else of
    UTC. With --transcripts it holds names and texts of people. Nothing is
    asked of the service.
    """
    page = open_export(directory).report(
        tz=session.zone, hours=hours, agents=agents or (), bots=bots or (), transcripts=transcripts
    )
    if output is not None:
        page.write(output)
    _show(session, page, output)
    if page.transcripts:
        count = f"{page.transcripts:,} transcripts" if page.transcripts > 1 else "a transcript"
        session.out.say(f"the page holds {count}: names and texts of people", "warning", "bold yellow")


def _show(session: Session, page: ReportPage, output: Path | None) -> None:
    size = len(page.html.encode())
    if session.json:
        where = {"path": None, "html": page.html} if output is None else {"path": str(output)}
        session.document("report", {**where, "bytes": size, "transcripts": page.transcripts})
    elif output is None:
        sys.stdout.write(page.html)
    else:
        session.out.text(f"{output}: {size / 1000:,.0f} kB")
