"""``alive5 metrics``: a row of figures a conversation, from an export on disk."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import attrs
import typer

from .._sansio.validate import refuse
from ..export.insight.figures import ConversationMetrics
from ..export.metrics import MetricsFormat, print_metrics, write_metrics
from ..export.read.reader import open_export
from ._command import command
from ._exits import DISK
from ._session import Session
from ._shapes import Facts, record, shape
from ._values import several

Directory = Annotated[
    Path,
    typer.Argument(metavar="DIR", exists=True, file_okay=False, help="Directory of the export.", show_default=False),
]
Form = Annotated[MetricsFormat, typer.Option("--format", help="Parquet needs --output and the extra parquet.")]
Target = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write FILE. Else CSV to stdout.", dir_okay=False)
]
Hours = Annotated[
    str | None,
    typer.Option("--hours", metavar="HOURS", help='Business hours, as "mon-fri 9-17, sat 10-14" or "22-06".'),
]
Agents = Annotated[list[str] | None, several("--agent", metavar="NAME", about="An author who is an agent.")]
Bots = Annotated[list[str] | None, several("--bot", metavar="NAME", about="An author that is a bot.")]

_EXAMPLES = """
alive5 metrics out/ --tz America/New_York --hours "mon-fri 9-17" > metrics.csv
alive5 metrics out/ --format parquet --output metrics.parquet --bot "Front desk"
"""


@attrs.define
class _Counted:
    """Counts of what went through."""

    conversations: int = 0
    messages: Counter[str] = attrs.field(factory=Counter)

    def note(self, figures: Iterable[ConversationMetrics]) -> Iterator[ConversationMetrics]:
        """
        Yield figures on, counting them.
        """
        for row in figures:
            self.conversations += 1
            self.messages.update(all=row.n_messages, unknown=row.from_unknown)
            yield row


def register(parent: typer.Typer) -> None:
    """
    Add the command.
    """
    written = record(path=str, conversations=int, messages=int, of_unknown=int)
    facts = Facts(shape=shape(ConversationMetrics), lines=True, instead=written, exits=DISK)
    command(parent, "metrics", examples=_EXAMPLES, gives=facts)(metrics)


def metrics(
    session: Session,
    directory: Directory,
    *,
    form: Form = "csv",
    output: Target = None,
    hours: Hours = None,
    agents: Agents = None,
    bots: Bots = None,
) -> None:
    """
    Show a row of figures for each conversation of an export.

    Who answered, how fast, and who waits: docs/insight.md explains each column.
    Days and hours are those of --tz, else of UTC. Nothing is asked of the
    service. With --json a line each, or a document about the file written.
    """
    if form == "parquet" and output is None:
        raise refuse("output", "must name a file: Parquet is not for terminals")
    reader = open_export(directory)
    figures = reader.metrics(tz=session.zone, hours=hours, agents=agents or (), bots=bots or ())
    counted = _Counted()
    if output is not None:
        write_metrics(counted.note(figures), output, form)
    elif session.json:
        for row in counted.note(figures):
            session.out.line(row.to_dict())
    else:
        print_metrics(counted.note(figures), sys.stdout)
    if session.json and output is not None:
        counts = {"conversations": counted.conversations, "messages": counted.messages["all"]}
        session.document("metrics", {"path": str(output), **counts, "of_unknown": counted.messages["unknown"]})
    elif not session.json:
        unknown = f"{counted.messages['unknown']:,} of {counted.messages['all']:,} messages"
        session.out.say(f"{counted.conversations:,} conversations; of {unknown} the author is unknown")
