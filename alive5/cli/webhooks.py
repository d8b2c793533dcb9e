"""``alive5 webhooks``: addresses of yours that are called with each incoming text."""

from __future__ import annotations

from typing import Annotated

import typer

from ..models import SmsWebhook
from ._command import command, group
from ._derived import add_write
from ._exits import READING
from ._session import Session
from ._shapes import Facts, shape
from ._tables import Column, show_rows

Line = Annotated[str, typer.Option("--phone-number", "--line", metavar="NUMBER", help="Your line.", show_default=False)]

_COLUMNS: tuple[Column[SmsWebhook], ...] = (
    Column(title="Address", cell=lambda row: row.url, whole=True),
    Column(title="Id", cell=lambda row: row.interceptor_uuid, whole=True),
)
_REGISTER = """
Register an address to be called with each incoming text of a line.

It is called once a text, unsigned and without a second try.
"""


def register(parent: typer.Typer) -> None:
    """
    Add the group.
    """
    app = group(group(parent, "webhooks", "Webhooks, by what they tell of."), "sms", "Webhooks of incoming texts.")
    facts = Facts(shape=shape(SmsWebhook), lines=True, exits=READING)
    command(app, "list", examples="alive5 webhooks sms list --line +12025550100", gives=facts)(list_webhooks)
    example = "alive5 webhooks sms register --line +12025550100 --url https://example.com/texts"
    add_write(
        app,
        "register",
        "webhooks.sms.register",
        about=_REGISTER,
        done="The webhook was registered.",
        question="Send the texts that come to {phone_number} to {url}?",
        examples=f"{example} --dry-run\n{example} --yes",
    )
    add_write(
        app,
        "delete",
        "webhooks.sms.delete",
        about="Remove a webhook of a line.",
        done="The webhook was deleted.",
        question="Delete the webhook {interceptor_uuid} of {phone_number}?",
        examples="alive5 webhooks sms delete --line +12025550100 --id ID --dry-run",
    )


def list_webhooks(session: Session, *, phone_number: Line) -> None:
    """
    List the webhooks of a line.
    """
    with session.client() as client:
        hooks = client.webhooks.sms.list(phone_number=phone_number)
    if session.json:
        session.out.lines(hook.to_dict() for hook in hooks)
    else:
        show_rows(session.out.console, _COLUMNS, hooks, session.zone)
        session.remember(webhooks=[(hook.interceptor_uuid, None) for hook in hooks])
