"""``alive5 sms lines``, and ``alive5 sms send --line``: texts from a line by its name."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from ..models import Agent, SentSms, SmsLine
from ._command import command
from ._exits import READING
from ._session import Session
from ._shapes import Facts, shape
from ._tables import Column, show_rows
from ._values import ids, offering
from ._writes import DryRun, Yes, write, write_facts
from .texts import AgentName

TEXT: Final = "From  {phone_number_from}\nTo    {phone_number_to}\n\n{message}\n\n"
QUESTION: Final = "Send this text?"
DONE: Final = "The text was accepted, which is not the same as delivered."

LineName = Annotated[
    str,
    typer.Option(
        "--line",
        metavar="LINE",
        help="Who writes: a number, channel's id or label.",
        show_default=False,
        autocompletion=offering(ids("channels")),
    ),
]
To = Annotated[str, typer.Argument(metavar="NUMBER", help="Who receives it.", show_default=False)]
Words = Annotated[str, typer.Argument(metavar="TEXT", help="1 to 1,600 characters.", show_default=False)]
Confirm = Annotated[
    float | None,
    typer.Option("--confirm", metavar="SECONDS", help="Seconds to look for a text whose outcome is unknown."),
]

Seat = tuple[SmsLine, Agent]
_COLUMNS: tuple[Column[Seat], ...] = (
    Column(title="Line", cell=lambda seat: seat[0].phone_number, whole=True),
    Column(title="Channel", cell=lambda seat: seat[0].channel_label, cut=True),
    Column(title="Channel id", cell=lambda seat: seat[0].channel_id, whole=True),
    Column(title="Agent", cell=lambda seat: seat[1].screen_name or seat[1].email, cut=True),
    Column(title="User id", cell=lambda seat: seat[1].user_id, whole=True),
)


def register(app: typer.Typer) -> None:
    """
    Add the commands to the group of texts.
    """
    facts = Facts(shape=shape(SmsLine), lines=True, exits=READING)
    command(app, "lines", examples="alive5 sms lines --json", gives=facts)(show_lines)
    example = 'alive5 sms send --line Support +12025550123 "See you at nine"'
    examples = f"{example} --dry-run\n{example} --yes"
    command(app, "send-from", examples=examples, gives=write_facts(SentSms))(send_from)


def show_lines(session: Session) -> None:
    """
    List the numbers texts are sent from, with their channels and agents.
    """
    with session.client() as client:
        lines = client.sms.lines()
    if session.json:
        session.out.lines(line.to_dict() for line in lines)
    else:
        seats = [(line, agent) for line in lines for agent in line.agents or [Agent()]]
        show_rows(session.out.console, _COLUMNS, seats, session.zone)
        session.remember(
            channels=[(line.channel_id, line.channel_label) for line in lines],
            agents=[(agent.user_id, agent.screen_name) for _, agent in seats],
        )


def send_from(
    session: Session,
    phone_number_to: To,
    message: Words,
    *,
    line: LineName,
    agent: AgentName = None,
    confirm: Confirm = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """
    Send a text from a line by its name; the same as send --line.

    The ids are looked up. Exit code 6 means that it may have been sent: look
    before sending it again.
    """
    with session.client() as client:
        sender = client.sms.sender(line=line, agent=agent)
    ids = {name: getattr(sender, name) for name in ("phone_number_from", "channel_id", "user_id")}
    values = {**ids, "phone_number_to": phone_number_to, "message": message}
    write(
        session,
        "sms.send",
        lambda client: client.sms.send(**values, confirm=confirm),
        dry_run=dry_run,
        done=DONE,
        question=(TEXT + QUESTION).format(**values),
        yes=yes,
    )
