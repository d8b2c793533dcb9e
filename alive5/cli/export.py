"""``alive5 export``: all conversations of a period on disk, resumed when it is run again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from .._sansio.events import Event
from ..errors import RateLimitError, ResponseError, ServerError, TransportError
from ..export.dataset.formats import FORMATS
from ..export.preview import Preview, preview
from ..export.report import GRADES, ExportReport
from ..export.rows.pseudonyms import SORTS
from ..models.conversation import KINDS
from ._command import command
from ._dates import FORMS, Start, read_period
from ._exits import LISTING, ExitCode, Terminated
from ._progress import Board, watched
from ._session import Session
from ._shapes import Facts, extended, one_of
from ._stoppable import run_stoppable
from ._summary import show_preview, show_report
from ._values import offering, several


def _required(_: typer.Context, __: str) -> list[tuple[str, str]]:
    return [(grade, meaning) for grade, meaning in GRADES.items() if grade in "AB"]


Directory = Annotated[
    Path,
    typer.Argument(metavar="DIR", file_okay=False, help="Output directory: new, empty, or of an export to resume."),
]
End = Annotated[str | None, typer.Option("--end", metavar="DATE", help=f"Last day: {FORMS}. Else the day of each run.")]
Kinds = Annotated[
    list[str] | None,
    several("--kinds", metavar="KINDS", about=f"Some of {', '.join(KINDS)}. Else all.", offers=KINDS),
]
Formats = Annotated[
    list[str] | None,
    several(
        "--format",
        metavar="FORMATS",
        about=f"Some of {', '.join(FORMATS)}. Else as before, or jsonl.",
        offers=FORMATS,
    ),
]
Single = Annotated[bool, typer.Option("--single", help="With --format csv, one file a table, to be opened by hand.")]
Concurrency = Annotated[int, typer.Option("--concurrency", metavar="N", min=1, help="Most requests in flight.")]
Require = Annotated[
    str,
    typer.Option(
        "--require",
        metavar="GRADE",
        help="Grade for exit code 0: A proven, or B read without anomaly.",
        autocompletion=offering(_required),
    ),
]
AcceptRecent = Annotated[
    bool, typer.Option("--accept-recent", help="Export what a server that ignores dates returns; graded C.")
]
MaxRps = Annotated[
    float | None, typer.Option("--max-rps", metavar="N", help="Most requests a second.", show_default=False)
]
SinceLast = Annotated[bool, typer.Option("--since-last", help="Extend to --end, looking back 72 hours.")]
Sweep = Annotated[
    str | None,
    typer.Option(
        "--sweep",
        metavar="N|all|none",
        autocompletion=offering(("all", "none")),
        help="Requests for reading older days again, the oldest reading first. Else 200 with --since-last.",
        show_default=False,
    ),
]
By = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="started|active",
        help="active: also what began before and has a message.",
        autocompletion=offering(("started", "active")),
    ),
]
MaxAge = Annotated[
    float | None,
    typer.Option("--max-age", metavar="DAYS", help="Exit 4 if anything was read longer ago.", show_default=False),
]
SameAccount = Annotated[
    bool, typer.Option("--same-account", help="Go on though the key is of another user of the account.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Probe the server and show the plan; write nothing.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show neither progress nor a summary.")]

Pseudonymise = Annotated[
    list[str] | None,
    several(
        "--pseudonymise",
        metavar="SORTS",
        about=f"Replace people's {', '.join(SORTS)}: docs/pseudonyms.md",
        offers=SORTS,
    ),
]
KeyFile = Annotated[
    Path | None,
    typer.Option("--pseudonym-key", metavar="FILE", help="The key of the pseudonyms; made once.", dir_okay=False),
]

_EXAMPLES = """
alive5 export out/ --start 2026-01-01 --end 2026-03-31
alive5 export out/ --start 2026-01-01 --format jsonl --format parquet
alive5 export out/ --since-last
"""


# A service that cannot be reached, or that is ill, before the first window: nothing is wrong with the command.
_AWAY = (TransportError, ResponseError, RateLimitError, ServerError)


def register(parent: typer.Typer) -> None:
    """
    Add the command.
    """
    codes = (*LISTING, ExitCode.RESUMABLE, ExitCode.LOCKED)
    facts = Facts(shape=one_of(extended(ExportReport, exit_code=int), Preview), exits=codes)
    command(parent, "export", examples=_EXAMPLES, gives=facts)(export)


def export(
    session: Session,
    directory: Directory,
    *,
    start: Start = None,
    end: End = None,
    kinds: Kinds = None,
    formats: Formats = None,
    single: Single = False,
    concurrency: Concurrency = 8,
    require: Require = "B",
    accept_recent: AcceptRecent = False,
    max_rps: MaxRps = None,
    since_last: SinceLast = False,
    sweep: Sweep = None,
    by: By = None,
    max_age: MaxAge = None,
    same_account: SameAccount = False,
    pseudonymise: Pseudonymise = None,
    pseudonym_key: KeyFile = None,
    dry_run: DryRun = False,
    quiet: Quiet = False,
) -> int:
    """
    Export all conversations of a period.

    Run it again to resume or extend it. Ctrl-C keeps what was fetched. Exit
    codes: 0 done, 3 incomplete (run it again), 4 not proven as required,
    7 the directory is in use or holds another export.
    """
    arguments: dict[str, Any] = {
        "directory": directory,
        "kinds": kinds or KINDS,
        **read_period(start, end, session.zone),
        "formats": formats,
        "single": single,
        "concurrency": concurrency,
        "require": require,
        "accept_recent": accept_recent,
        "max_rps": max_rps,
        "since_last": since_last,
        "sweep": int(sweep) if sweep is not None and sweep.isdecimal() else sweep,
        "by": by,
        "max_age": max_age,
        "same_account": same_account,
        "pseudonymise": pseudonymise or (),
        "pseudonym_key": pseudonym_key,
    }  # fmt: skip
    session.resumable = _AWAY
    if dry_run:
        return _show_plan(session, arguments, concurrency, quiet=quiet)
    with watched(session.out, quiet=quiet) as board:
        report = _export(session, board, arguments, concurrency)
    if session.json:
        session.document("export", report.to_dict())
    elif not quiet:
        show_report(session.out, report, session.zone)
    return _judge(session, report)


def _export(session: Session, board: Board, arguments: dict[str, Any], concurrency: int) -> ExportReport:
    async def main() -> ExportReport:
        async with session.async_client(_both(session.watch, board.hear), connections=concurrency) as client:
            return await client.export(**arguments, progress=board.note)

    try:
        return run_stoppable(session, main)
    except (KeyboardInterrupt, Terminated):
        if not session.json:
            path = arguments["directory"]
            session.out.say(f"stopping: what was fetched is kept in {path}, the same command resumes there")
        raise


def _show_plan(session: Session, arguments: dict[str, Any], concurrency: int, *, quiet: bool) -> int:
    async def main() -> Preview:
        async with session.async_client(session.watch, connections=concurrency) as client:
            return await preview(client._caller, **arguments)

    plan = run_stoppable(session, main)
    if session.json:
        session.document("export", plan.to_dict(), dry_run=True)
    elif not quiet:
        show_preview(session.out, plan, session.zone)
    if plan.ignored and not arguments["accept_recent"]:
        session.out.say(f"the server ignores the dates of {', '.join(plan.ignored)}: no export would be true", "error")
        return ExitCode.INCOMPLETE
    return ExitCode.DONE


def _judge(session: Session, report: ExportReport) -> int:
    code = ExitCode(report.exit_code)
    if session.json:
        return code
    if code is ExitCode.RESUMABLE:
        session.out.say(
            f"{report.missing} windows are missing: run the same command again", "incomplete", "bold yellow"
        )
    elif report.stale:
        said = f"{', '.join(report.stale)} was read longer ago than --max-age: run again with --sweep all"
        session.out.say(said, "too old", "bold yellow")
    elif code is ExitCode.INCOMPLETE:
        said = f"graded {report.grade}, {report.required} is required: see the anomalies"
        session.out.say(said, "not proven", "bold yellow")
    return code


def _both(*listeners: Callable[[Event], object]) -> Callable[[Event], None]:
    def tell(event: Event) -> None:
        for listener in listeners:
            listener(event)

    return tell
