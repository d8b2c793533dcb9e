"""``alive5 sms send --from-csv``: many texts from a file, and what of them is unknown."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, cast

import attrs
import typer
from typer.core import TyperGroup

from ..errors import ConfigurationError, OutcomeUnknownError
from ._command import command
from ._exits import ExitCode, Terminated
from ._people import Results, Row, read_people, results_to
from ._session import Session
from ._stoppable import run_stoppable
from ._writes import Yes, confirm

if TYPE_CHECKING:
    from .. import AsyncAlive5, Ledger, SendingProgress, TextResult
    from ..sending.sender import Line

FromCsv = Annotated[Path, typer.Option("--from-csv", metavar="FILE", help="People: phone_number and more columns.")]
TemplateText = Annotated[str, typer.Option("--template", metavar="TEXT", help="The text, as 'Hi {first_name}'.")]
LineName = Annotated[
    str | None, typer.Option("--line", metavar="LINE", help="Who writes: a number, channel's id or label.")
]
AgentName = Annotated[str | None, typer.Option("--agent", metavar="AGENT", help="Which agent of the line writes.")]
From = Annotated[
    str | None,
    typer.Option("--from", "--phone-number-from", metavar="NUMBER", help="Instead of --line, with ids."),
]
ChannelId = Annotated[str | None, typer.Option("--channel-id", metavar="ID", help="Channel of --from.")]
UserId = Annotated[str | None, typer.Option("--user-id", metavar="ID", help="Agent who writes from --from.")]
LedgerFile = Annotated[
    Path | None, typer.Option("--ledger", metavar="FILE", help="What left already. Else beside the CSV file.")
]
ResultFile = Annotated[
    Path | None, typer.Option("--results", metavar="FILE", help="What became of each. Else beside the CSV file.")
]
Pace = Annotated[float, typer.Option("--pace", metavar="N", help="Parts a minute.")]
Quiet = Annotated[str, typer.Option("--quiet-hours", metavar="HH:MM-HH:MM", help="When nobody is texted, or none.")]
Zone = Annotated[str | None, typer.Option("--zone", metavar="ZONE", help="Zone of numbers without a known one.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check, count and send nothing; above 100 without --yes.")]
KeyOf = Annotated[str | None, typer.Option("--key", metavar="KEY", help="The key to resolve; else all are listed.")]
As = Annotated[str | None, typer.Option("--as", metavar="OUTCOME", help="What became of it: sent or not_sent.")]

# Seconds between two lines of progress: often enough to see that it goes on.
_EVERY: Final = 5.0
_MANY = "--from-csv people.csv --template 'Hi {first_name}, see you on Friday' --line Support"
_EXAMPLES = f"alive5 sms send {_MANY} --dry-run\nalive5 sms send {_MANY} --ledger friday.ledger --yes"


class Texts(TyperGroup):
    """The group of texts: ``send`` with a file of people is ``send-many``."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """
        Return the command that the arguments name.
        """
        if args[0] == "send" and any(arg.partition("=")[0] == "--from-csv" for arg in args):
            args = ["send-many", *args[1:]]
        return super().resolve_command(ctx, args)


def register(app: typer.Typer) -> None:
    """
    Add the commands to the group of texts.
    """
    command(app, "send-many", examples=_EXAMPLES)(send_many)
    command(app, "unknown", examples="alive5 sms unknown friday.ledger --key order-4711 --as sent")(unknown)


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
        ids=_ids(line, phone_number_from, channel_id, user_id),
        options={
            "template": template,
            "pace": pace,
            "quiet_hours": None if quiet_hours == "none" else tuple(quiet_hours.split("-")),
            "zone": zone,
        },
    )
    return run.go(dry_run=dry_run, yes=yes)


def unknown(session: Session, ledger: Path, *, key: KeyOf = None, outcome: As = None) -> int:
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
        listed = [{"key": entry.key, "changed_at": entry.changed_at.isoformat()} for entry in entries]
        session.document("sms.unknown", listed)
    else:
        for entry in entries:
            session.out.text(f"{entry.changed_at:%Y-%m-%d %H:%M:%S} UTC  {entry.key}")
        session.out.say(f"{len(entries)} unknown")
    return ExitCode.UNKNOWN if entries else ExitCode.DONE


@attrs.frozen
class Ids:
    """The ids of a line, as they were given."""

    phone_number_from: str
    channel_id: str
    user_id: str


def _ids(line: str | None, *given: str | None) -> Ids | None:
    """Return the ids of the line to write from; None when it is named, and has to be looked up."""
    ids = [one for one in given if one is not None]
    if (line is None) == (not ids) or (ids and len(ids) < len(given)):
        raise ConfigurationError("who writes? pass --line, or --from, --channel-id and --user-id")
    return Ids(*ids) if ids else None


@attrs.define
class Run:
    """One run of the command: a count that sends nothing, then the texts."""

    session: Session
    rows: list[Row]
    ledger: Ledger = attrs.field(kw_only=True)
    results: Path = attrs.field(kw_only=True)
    line: dict[str, Any] = attrs.field(kw_only=True)
    ids: Ids | None = attrs.field(kw_only=True)
    options: dict[str, Any] = attrs.field(kw_only=True)
    counts: Counter[str] = attrs.field(factory=Counter, init=False)
    _said: float = attrs.field(default=0.0, init=False)

    def go(self, *, dry_run: bool, yes: bool) -> int:
        """
        Count, ask where nobody said yes, send, and return the exit code.
        """
        sender, planned = run_stoppable(self.session, self._count)
        self._show_bill(planned)
        wanted = sum(result.outcome == "planned" for result in planned)
        if dry_run or (wanted > _dry_above() and not yes):
            self._conclude(dry_run=True)
            self.session.out.say("dry run: nothing was sent; --yes sends them")
            return ExitCode.DONE
        if not yes and not self.session.sandbox:
            confirm(self.session, f"Send these {wanted:,} texts?")
        stopped = [result.phone_number_to for result in planned if result.outcome == "skipped"]
        self.counts.clear()
        with results_to(self.results) as file:
            self._send(sender, stopped, file)
        self._conclude(dry_run=False)
        return self._code()

    def _send(self, sender: Line, stopped: Collection[str], file: Results) -> None:
        async def main() -> None:
            async with self.session.async_client(self.session.note, connections=1) as client:
                async for result in self._texts(client, sender, dry_run=False, stopped=stopped, progress=self._tell):
                    self.counts[result.outcome] += 1
                    file.add(result)

        try:
            run_stoppable(self.session, main)
        except (KeyboardInterrupt, Terminated):
            self.session.out.say("stopping: the same command goes on from here")
            if self.ledger.unknown():
                raise OutcomeUnknownError(
                    "interrupted after a text left; it may have been sent, look before resolving it",
                    operation="sms.send_many",
                ) from None
            raise

    async def _count(self) -> tuple[Line, list[TextResult]]:
        async with self.session.async_client(self.session.note, connections=1) as client:
            sender = self.ids or await client.sms.sender(**self.line)
            planned = [result async for result in self._texts(client, sender, dry_run=True)]
        self.counts.update(result.outcome for result in planned)
        return sender, planned

    def _texts(self, client: AsyncAlive5, sender: Line, **more: Any) -> Any:
        return client.sms.send_many(self.rows, sender=sender, ledger=self.ledger, **self.options, **more)

    def _show_bill(self, planned: list[TextResult]) -> None:
        parts = sum(result.parts for result in planned if result.outcome == "planned")
        texts = sum(result.outcome == "planned" for result in planned)
        self.session.out.say(f"{texts:,} texts, {parts:,} parts, {parts:,} credits")
        skipped = [str(result.line) for result in planned if result.outcome == "skipped"]
        if skipped:
            self.session.out.say(f"skipped, since their last word was STOP: lines {', '.join(skipped)}")

    def _tell(self, progress: SendingProgress) -> None:
        now = time.monotonic()
        if now - self._said < _EVERY and progress.done < progress.total:
            return
        self._said = now
        hours, minutes = divmod(round(progress.eta_seconds / 60), 60)
        text = f"{progress.done:,} of {progress.total:,}, {hours} h {minutes:02} min left"
        if progress.waiting_until is not None:
            until = datetime.fromtimestamp(progress.waiting_until, self.session.zone or timezone.utc)
            text += f", quiet hours until {until:%H:%M %Z}"
        self.session.out.say(text)

    def _conclude(self, *, dry_run: bool) -> None:
        results = None if dry_run else str(self.results)
        if self.session.json:
            data = {"outcomes": dict(self.counts), "results": results}
            self.session.document("sms.send_many", data, dry_run=dry_run)
        elif not dry_run:
            self.session.out.text(", ".join(f"{count:,} {outcome}" for outcome, count in self.counts.items()))
            self.session.out.text(f"results: {results}")

    def _code(self) -> ExitCode:
        order = (("unknown", ExitCode.UNKNOWN), ("not_sent", ExitCode.RESUMABLE), ("rejected", ExitCode.FAILED))
        return next((code for outcome, code in order if self.counts[outcome]), ExitCode.DONE)


def _dry_above() -> int:
    from ..sending.prepare import DRY_ABOVE

    return DRY_ABOVE
