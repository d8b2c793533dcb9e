"""``alive5 sms send --from-csv``: many texts from a file, and what of them is unknown."""

from __future__ import annotations

from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from typer.core import TyperGroup

from ..errors import ConfigurationError
from ._command import UsageError, command
from ._exits import LEDGER, READING, ExitCode
from ._people import read_people
from ._session import Session
from ._shapes import Facts, record
from ._texting import WHO_WRITES, Run, read_ids
from ._values import ids, offering, zones
from ._writes import Yes

FromCsv = Annotated[Path, typer.Option("--from-csv", metavar="FILE", help="People: phone_number and more columns.")]
TemplateText = Annotated[str, typer.Option("--template", metavar="TEXT", help="The text, as 'Hi {first_name}'.")]
_CHANNELS, _AGENTS = offering(ids("channels")), offering(ids("agents"))
_WHO = "Who writes: a number, channel's id or label."
LineName = Annotated[str | None, typer.Option("--line", metavar="LINE", help=_WHO, autocompletion=_CHANNELS)]
AgentName = Annotated[
    str | None,
    typer.Option("--agent", metavar="AGENT", help="Which agent of the line writes.", autocompletion=_AGENTS),
]
From = Annotated[
    str | None,
    typer.Option("--from", "--phone-number-from", metavar="NUMBER", help="Instead of --line, with ids."),
]
ChannelId = Annotated[
    str | None, typer.Option("--channel-id", metavar="ID", help="Channel of --from.", autocompletion=_CHANNELS)
]
UserId = Annotated[
    str | None, typer.Option("--user-id", metavar="ID", help="Agent who writes from --from.", autocompletion=_AGENTS)
]
LedgerFile = Annotated[
    Path | None, typer.Option("--ledger", metavar="FILE", help="What left already. Else beside the CSV file.")
]
ResultFile = Annotated[
    Path | None, typer.Option("--results", metavar="FILE", help="What became of each. Else beside the CSV file.")
]
Pace = Annotated[float, typer.Option("--pace", metavar="N", help="Parts a minute.")]
Quiet = Annotated[str, typer.Option("--quiet-hours", metavar="HH:MM-HH:MM", help="When nobody is texted, or none.")]
Zone = Annotated[
    str | None,
    typer.Option("--zone", metavar="ZONE", help="Zone of numbers without a known one.", autocompletion=offering(zones)),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check, count and send nothing; above 100 without --yes.")]
KnownLedger = Annotated[Path, typer.Argument(metavar="FILE", help="The ledger.", show_default=False)]
KeyOf = Annotated[str | None, typer.Option("--key", metavar="KEY", help="The key to resolve; else all are listed.")]
As = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="OUTCOME",
        help="What became of it: sent or not_sent.",
        autocompletion=offering(("sent", "not_sent")),
    ),
]

_MANY = "--from-csv people.csv --template 'Hi {first_name}, see you on Friday' --line Support"
_EXAMPLES = f"alive5 sms send {_MANY} --dry-run\nalive5 sms send {_MANY} --ledger friday.ledger --yes"


# The command that an option stands for; the first of those given.
_WAYS = {
    "--from-csv": "send-many",
    "--line": "send-from",
    **dict.fromkeys(("--from", "--phone-number-from", "--channel-id", "--user-id"), "send"),
}
_HELP = frozenset(("-h", "--help"))


class Texts(TyperGroup):
    """The group of texts: ``send`` with a file of people is ``send-many``, with the name of a line ``send-from``."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """
        Return the command that the arguments name.
        """
        if args[0] == "send":
            given = self._given(args[1:])
            ways = [way for option, way in _WAYS.items() if option in given]
            if not ways and _HELP.isdisjoint(given):
                raise UsageError(f"{WHO_WRITES}; --from-csv FILE sends many", ctx=ctx)
            args = [*ways, "send"][:1] + args[1:]
        return super().resolve_command(ctx, args)

    def _given(self, args: list[str]) -> set[str]:
        """Return the options that are given; what is the value of one, or stands after "--", is none."""
        ways: Any = [self.commands[name] for name in ("send", "send-from", "send-many")]
        valued = {name for way in ways for one in way.params if not getattr(one, "is_flag", True) for name in one.opts}
        given: set[str] = set()
        words = iter(takewhile(lambda word: word != "--", args))
        for word in words:
            name, equals, _ = word.partition("=")
            if name.startswith("-"):
                given.add(name)
                if name in valued and not equals:
                    next(words, None)
        return given


def register(app: typer.Typer) -> None:
    """
    Add the commands to the group of texts.
    """
    facts = Facts(
        shape=record(outcomes=dict[str, int], results=str | None), exits=(*READING, *LEDGER, ExitCode.INCOMPLETE)
    )
    command(app, "send-many", examples=_EXAMPLES, gives=facts)(send_many)
    facts = Facts(shape=record(key=str, changed_at=datetime), lines=True, exits=LEDGER)
    example = "alive5 sms unknown friday.ledger --key order-4711 --as sent"
    command(app, "unknown", examples=example, gives=facts)(unknown)


def send_many(
    session: Session,
    *,
    from_csv: FromCsv,
    template: TemplateText,
    line: LineName = None,
    agent: AgentName = None,
    phone_number_from: From = None,
    channel_id: ChannelId = None,
    user_id: UserId = None,
    ledger: LedgerFile = None,
    results: ResultFile = None,
    pace: Pace = 25,
    quiet_hours: Quiet = "21:00-08:00",
    zone: Zone = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> int:
    """
    Send many texts from a CSV file, each once; the same as send --from-csv.

    All rows are checked, and those who said STOP skipped, before anything
    leaves. Run it again to go on where it ended. Exit codes: 0 done, 1 some were
    rejected, 3 some were not sent (run it again), 6 of some it is unknown
    whether they were.
    """
    from .. import Ledger

    beside = f"{from_csv}.sandbox" if session.sandbox else str(from_csv)
    rows = read_people(from_csv)
    run = Run(
        session,
        rows,
        ledger=Ledger(ledger or f"{beside}.ledger"),
        results=results or Path(f"{beside}.results.csv"),
        line={"line": line, "agent": agent},
        ids=read_ids(line, phone_number_from, channel_id, user_id),
        options={
            "template": template,
            "pace": pace,
            "quiet_hours": None if quiet_hours == "none" else tuple(quiet_hours.split("-")),
            "zone": zone,
        },
    )
    return run.go(dry_run=dry_run, yes=yes)


def unknown(session: Session, ledger: KnownLedger, *, key: KeyOf = None, outcome: As = None) -> int:
    """
    List the texts of a ledger of which it is unknown whether they were sent, or resolve one.
    """
    from .. import Ledger

    if not ledger.exists():
        raise ConfigurationError(f"{ledger}: there is no ledger")
    if (key is None) != (outcome is None):
        raise ConfigurationError("--key and --as go together")
    known = Ledger(ledger)
    if key is not None:
        known.resolve(key, cast("Any", outcome))
    entries = known.unknown()
    if session.json:
        session.out.lines({"key": entry.key, "changed_at": entry.changed_at.isoformat()} for entry in entries)
    else:
        for entry in entries:
            session.out.text(f"{entry.changed_at:%Y-%m-%d %H:%M:%S} UTC  {entry.key}")
        session.out.say(f"{len(entries)} unknown")
    return ExitCode.UNKNOWN if entries else ExitCode.DONE
