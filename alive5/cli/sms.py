"""``alive5 sms``: send texts, and record those of customers."""

from __future__ import annotations

from typing import Annotated

import typer

from ._command import command, group
from ._session import Session
from ._writes import DryRun, Yes, write

From = Annotated[
    str, typer.Option("--from", "--phone-number-from", metavar="NUMBER", help="Who writes.", show_default=False)
]
To = Annotated[
    str, typer.Option("--to", "--phone-number-to", metavar="NUMBER", help="Who receives it.", show_default=False)
]
Message = Annotated[str, typer.Option("--message", metavar="TEXT", help="1 to 1,600 characters.", show_default=False)]
ChannelId = Annotated[
    str, typer.Option("--channel-id", metavar="ID", help="Channel of the line; see channels list.", show_default=False)
]
UserId = Annotated[
    str, typer.Option("--user-id", metavar="ID", help="Agent who sends; see channels list.", show_default=False)
]


def register(parent: typer.Typer) -> None:
    """
    Add the group.
    """
    app = group(parent, "sms", "Send a text, or record one from a customer.")
    arguments = "--from +12025550100 --to +12025550123 --message Hello"
    send_example = f"alive5 sms send {arguments} --channel-id ID --user-id ID"
    command(app, "send", examples=f"{send_example} --dry-run\n{send_example} --yes")(send)
    push_example = "alive5 sms push --from +12025550123 --to +12025550100 --message 'Are you open?'"
    command(app, "push", examples=f"{push_example} --dry-run")(push)


def send(
    session: Session,
    *,
    phone_number_from: From,
    phone_number_to: To,
    message: Message,
    channel_id: ChannelId,
    user_id: UserId,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """
    Send a text to a customer.

    Exit code 6 means that it may have been sent: look before sending it again.
    """
    write(
        session,
        "sms.send",
        lambda client: client.sms.send(
            phone_number_from=phone_number_from,
            phone_number_to=phone_number_to,
            message=message,
            channel_id=channel_id,
            user_id=user_id,
        ),
        dry_run=dry_run,
        done="The text was accepted, which is not the same as delivered.",
        question=_show(phone_number_from, phone_number_to, message) + "Send this text?",
        yes=yes,
    )


def push(
    session: Session,
    *,
    phone_number_from: From,
    phone_number_to: To,
    message: Message,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """
    Record a text from a customer, as if it had arrived.

    Nothing is sent to anyone. The customer is --from, your line is --to.
    """
    write(
        session,
        "sms.push",
        lambda client: client.sms.push(
            phone_number_from=phone_number_from, phone_number_to=phone_number_to, message=message
        ),
        dry_run=dry_run,
        done="The text was recorded.",
        question=_show(phone_number_from, phone_number_to, message) + "Record this text as the customer's?",
        yes=yes,
    )


def _show(sender: str, receiver: str, message: str) -> str:
    return f"From  {sender}\nTo    {receiver}\n\n{message}\n\n"
