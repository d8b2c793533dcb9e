"""``alive5 conversations show``: one conversation, read as it was spoken."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.padding import Padding
from rich.text import Text

from ..export.insight.transcript import ExportedConversation, Spoken
from ..export.read.reader import open_export
from ..models._base import plain
from ..models._sides import Side
from ._session import Session
from ._tables import show_values
from ._terminal import clean

Id = Annotated[str, typer.Argument(metavar="ID", help="The conversation's id.", show_default=False)]
Exported = Annotated[
    Path,
    typer.Option(
        "--export", metavar="DIR", exists=True, file_okay=False, help="The export it is in.", show_default=False
    ),
]

# In thirds of the terminal's width, how far a side stands from the left edge.
_INDENT: Final[Mapping[Side, int]] = {"customer": 0, "unknown": 0, "bot": 1, "agent": 1}
_STYLE: Final[Mapping[Side, str]] = {
    "customer": "bold",
    "unknown": "bold yellow",
    "bot": "bold cyan",
    "agent": "bold green",
}


def show(session: Session, session_id: Id, *, export: Exported) -> None:
    """
    Show one conversation of an export.

    Piped, it is Markdown. On a terminal agents and bots stand on the right.
    Times are those of --tz, else of UTC.
    """
    found = open_export(export).conversation(session_id)
    if session.json:
        session.document("conversations.show", _facts(found))
    elif session.out.console.is_terminal:
        show_values(session.out.console, found.header(tz=session.zone), session.zone)
        for one in found.spoken(tz=session.zone):
            _speak(session, one)
    else:
        session.out.text(found.transcript(tz=session.zone).rstrip("\n"))


def _speak(session: Session, one: Spoken) -> None:
    console = session.out.console
    third = console.width // 3
    left = _INDENT[one.side] * third
    text = Text.assemble((clean(one.author), _STYLE[one.side]), f"  {one.side}, {one.at}\n")
    text.append("\n".join(map(clean, one.lines)))
    console.print(Padding(text, (1, third - left, 0, left)))


def _facts(found: ExportedConversation) -> dict[str, Any]:
    sides = [one.side for one in found.spoken()]
    messages = [{**message, "side": side} for message, side in zip(found.messages, sides, strict=True)]
    facts: dict[str, Any] = plain({**found.row, "messages": messages})
    return facts
