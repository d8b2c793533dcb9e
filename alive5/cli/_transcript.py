"""``alive5 conversations show``: one conversation, read as it was spoken."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import typer
from rich.padding import Padding
from rich.text import Text

from .._sansio.visible import clean
from ..export.dataset.replacing import replacing
from ..export.dataset.schema import CONVERSATIONS, MESSAGES
from ..export.insight.transcript import ExportedConversation, Spoken, of_service
from ..export.read.reader import open_export
from ..models import Conversation, FbmConversation, LivechatConversation, Message, SmsConversation
from ..models._base import plain
from ..models._sides import Side
from ..models.conversation import Kind
from ._dates import End, Start
from ._exits import LISTING
from ._looking import look_up
from ._session import Session
from ._shapes import Facts, Shape, extended, one_of, record, rows_of, shape
from ._tables import show_values
from ._values import ids, offering

Id = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="The conversation's id.", show_default=False, autocompletion=offering(ids("conversations"))
    ),
]
Exported = Annotated[
    Path | None,
    typer.Option(
        "--export", metavar="DIR", exists=True, file_okay=False, help="The export it is in. Else the service."
    ),
]
OfKind = Annotated[Kind | None, typer.Option("--kind", help="Where several have the id, or to ask for it alone.")]
Form = Annotated[
    Literal["markdown", "html"] | None, typer.Option("--format", help="Markdown, or a page of HTML to be printed.")
]
Target = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write FILE. Else to stdout.", dir_okay=False)
]


def _shape() -> Shape:
    """Return the shape of a conversation of an export, of each kind of the service's, and of where it was written."""
    exported = extended(rows_of(CONVERSATIONS), messages=_spoken(rows_of(MESSAGES)))
    asked = [_of_service(kind) for kind in (SmsConversation, LivechatConversation, FbmConversation)]
    return one_of(exported, *asked, record(path=str))


def _of_service(kind: type[Conversation]) -> Shape:
    row = {name: of for name, of in shape(kind)["properties"].items() if name not in _APART}
    said = {name: of for name, of in shape(Message)["properties"].items() if name not in _APART}
    own = {"kind": Kind, "session_id": str, "contacts_phone": str | None}
    return record(**{"tags": None, **row, **own}, messages=_spoken(record(**said, seq=int)))


def _spoken(message: Shape) -> Shape:
    return {"type": "array", "items": extended(message, side=Side)}


# What a conversation of the service has under another name, or not at all.
_APART: Final = ("alive5_session_id", "chat_conversation", "extra")
SHOWN: Final = Facts(shape=_shape(), exits=LISTING)
"""What it gives: the conversation, or where it was written."""

# In thirds of the terminal's width, how far a side stands from the left edge.
_INDENT: Final[Mapping[Side, int]] = {"customer": 0, "unknown": 0, "bot": 1, "agent": 1}
_STYLE: Final[Mapping[Side, str]] = {
    "customer": "bold",
    "unknown": "bold yellow",
    "bot": "bold cyan",
    "agent": "bold green",
}


def show(
    session: Session,
    session_id: Id,
    *,
    export: Exported = None,
    kind: OfKind = None,
    start: Start = None,
    end: End = None,
    form: Form = None,
    output: Target = None,
) -> None:
    """
    Show one conversation, of an export or of the service.

    On a terminal agents and bots stand on the right; piped, or with --format, it
    is Markdown or HTML. Times are those of --tz, else of UTC. The service finds
    texts and Messenger conversations by their id in the current edition; any
    other is looked for among those that began from --start to --end.
    """
    if export is None:
        found = of_service(look_up(session, session_id, kind=kind, start=start, end=end))
    else:
        found = open_export(export).conversation(session_id, kind=kind)
    if output is not None:
        _write(session, found, form, output)
    elif session.json:
        session.document("conversations.show", _facts(found))
    elif form == "html":
        sys.stdout.write(found.html(tz=session.zone))
    elif form is None and session.out.console.is_terminal:
        show_values(session.out.console, found.header(tz=session.zone), session.zone)
        for one in found.spoken(tz=session.zone):
            _speak(session, one)
    else:
        session.out.text(found.transcript(tz=session.zone).rstrip("\n"))


def _write(session: Session, found: ExportedConversation, form: str | None, output: Path) -> None:
    is_page = form == "html" or (form is None and output.suffix.lower() in (".html", ".htm"))
    text = found.html(tz=session.zone) if is_page else found.transcript(tz=session.zone)
    with replacing(output) as file:
        file.write(text.encode("utf-8", "replace"))
    if session.json:
        session.document("conversations.show", {"path": str(output)})
    else:
        session.out.say(f"{output}: {len(found.messages):,} messages")


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
