"""``alive5 search``: what was said, found in an export on disk."""

from __future__ import annotations

from datetime import timezone
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from .._sansio.visible import clean
from .._zones import show_at
from ..export.insight.found import SearchHit
from ..export.read.reader import open_export
from ._command import command
from ._exits import DISK
from ._session import Session
from ._shapes import Facts, extended, record

Directory = Annotated[
    Path,
    typer.Argument(metavar="DIR", exists=True, file_okay=False, help="Directory of the export.", show_default=False),
]
Wanted = Annotated[str, typer.Argument(metavar="TEXT", help="What to look for, as it is.", show_default=False)]
Limit = Annotated[int, typer.Option("--limit", metavar="N", min=1, help="Show the latest N messages.")]

_EXAMPLES = """
alive5 search out/ "refund" --tz America/New_York
alive5 search out/ "order 4711" --limit 1000 --json > found.jsonl
"""
# How the hit stands out, in colours of the terminal itself.
_STYLE = "bold reverse"


def register(parent: typer.Typer) -> None:
    """
    Add the command.
    """
    facts = Facts(shape=extended(SearchHit, snippet=record(before=str, hit=str, after=str)), lines=True, exits=DISK)
    command(parent, "search", examples=_EXAMPLES, gives=facts)(search)


def search(session: Session, directory: Directory, text: Wanted, *, limit: Limit = 100) -> None:
    """
    Search the messages of an export.

    The latest come first, with the time in --tz, else UTC, who wrote, and the
    conversation's id. The text is looked for as it is, whatever the case of its
    letters. The first search makes an index: docs/searching.md. With --json a
    line each.
    """
    found = open_export(directory).search(text, limit=limit + 1)
    shown = 0
    for hit in islice(found, limit):
        shown += 1
        if session.json:
            session.out.line(hit.to_dict())
        else:
            _show(session, hit)
    if not session.json:
        more = f"; there are more: --limit {limit * 10}" if next(found, None) is not None else ""
        session.out.say(f"{shown:,} messages{more}")


def _show(session: Session, hit: SearchHit) -> None:
    console = session.out.console
    at = show_at(hit.created_at, session.zone or timezone.utc) or "no time"
    before, found, after = map(clean, hit.snippet)
    if console.color_system is None:  # nothing would show which part it is
        found = f"[{found}]"
    who = Text.assemble(
        f"{at}  ", (clean(hit.author or "-"), "bold"), f" ({hit.side})  {hit.kind} ", clean(hit.session_id)
    )
    console.print(who, soft_wrap=True)
    console.print(Text.assemble("    ", before, (found, _STYLE), after), soft_wrap=True)
