"""``alive5 reports``: performance, and what bots gathered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..models import AgentPerformance, BotExchange, ChannelPerformance, FaqExchange, PerformanceReport
from ._command import command, group
from ._dates import FirstDay, LastDay, read_period
from ._exits import READING
from ._session import Session
from ._shapes import Facts, shape
from ._tables import Column, show_rows

if TYPE_CHECKING:
    from .. import Alive5

Offset = Annotated[str | None, typer.Option("--timezone-offset", metavar="HHMM", help="Whose days, as in -500.")]
Botflow = Annotated[str, typer.Option("--botflow", metavar="NAME", help="One botflow alone.")]

_CHANNELS: tuple[Column[ChannelPerformance], ...] = (
    Column(title="Channel", cell=lambda row: row.channel_name),
    Column(title="All", cell=lambda row: row.total, right=True),
    Column(title="Completed", cell=lambda row: row.total_completed, right=True),
    Column(title="Missed", cell=lambda row: row.total_missed, right=True),
)
_AGENTS: tuple[Column[AgentPerformance], ...] = (
    Column(title="Agent", cell=lambda row: row.screen_name),
    Column(title="Completed", cell=lambda row: row.total_completed, right=True),
)
_EXCHANGES: tuple[Column[BotExchange], ...] = (
    Column(title="Time", cell=lambda row: row.bot_timestamp),
    Column(title="Bot", cell=lambda row: row.orgbot_name or row.botchain_name, spare=1, cut=True),
    Column(title="Question", cell=lambda row: row.bot_message, cut=True),
    Column(title="Reply", cell=lambda row: row.user_reply, cut=True),
    Column(title="From", cell=lambda row: row.from_phone_number, spare=2),
    Column(title="Thread", cell=lambda row: row.thread_id, whole=True),
)
_FAQ: tuple[Column[FaqExchange], ...] = (
    Column(title="Botflow", cell=lambda row: row.botflow or row.botchain_name, cut=True),
    Column(title="Question", cell=lambda row: row.visitor_question or row.user_reply, cut=True),
    Column(title="Answer", cell=lambda row: row.bot_response or row.bot_message, cut=True),
    Column(title="Thread", cell=lambda row: row.thread_id, whole=True),
)
# The command, its operation, its rows and their columns.
_CHOICES = "Show the replies to questions that give a choice."
_BOTS: tuple[tuple[str, str, type[BotExchange], tuple[Column[Any], ...], str], ...] = (
    ("bots", "bots", BotExchange, _EXCHANGES, "Show what bots wrote and visitors replied."),
    ("free-text", "free_text", BotExchange, _EXCHANGES, "Show the replies to open questions of bots."),
    (
        "multiple-choice",
        "multiple_choice",
        BotExchange,
        _EXCHANGES,
        "Show the replies to questions that give a choice.",
    ),
    ("faq", "faq", FaqExchange, _FAQ, "Show what visitors asked the FAQ bot."),
)


def register(parent: typer.Typer) -> None:
    """
    Add the group.
    """
    app = group(parent, "reports", "Show what the service counts and gathers in a period.")
    period = "--start 2026-01-01 --end 2026-01-31"
    example = f"alive5 reports performance {period} --timezone-offset -500"
    facts = Facts(shape=shape(PerformanceReport), exits=READING)
    command(app, "performance", examples=example, gives=facts)(performance)
    for name, operation, row, columns, about in _BOTS:
        facts = Facts(shape=shape(row), lines=True, exits=READING)
        command(app, name, examples=f"alive5 reports {name} {period}", gives=facts)(_bots(operation, columns, about))


def performance(session: Session, *, start: FirstDay, end: LastDay, timezone_offset: Offset = None) -> None:
    """
    Show the conversations of each channel and each agent.
    """
    with session.client() as client:
        found = client.reports.performance(**read_period(start, end, session.zone), timezone_offset=timezone_offset)
    if session.json:
        session.document("reports.performance", found.to_dict())
        return
    show_rows(session.out.console, _CHANNELS, found.channels_report, session.zone)
    session.out.text("")
    show_rows(session.out.console, _AGENTS, found.agents_report, session.zone)


def _bots(operation: str, columns: tuple[Column[Any], ...], about: str) -> Any:
    def report(session: Session, *, start: FirstDay, end: LastDay, botflow: Botflow = "All") -> None:
        with session.client() as client:
            rows = _read(client, operation, **read_period(start, end, session.zone), botflow=botflow)
        if session.json:
            session.out.lines(row.to_dict() for row in rows)
        else:
            show_rows(session.out.console, columns, rows, session.zone)

    report.__doc__ = about
    return report


def _read(client: Alive5, operation: str, **arguments: str) -> list[Any]:
    rows: list[Any] = getattr(client.reports, operation)(**arguments)
    return rows
