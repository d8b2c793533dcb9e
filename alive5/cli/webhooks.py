"""``alive5 webhooks``: addresses of yours that are called with each incoming text."""

from __future__ import annotations

from typing import Annotated

import typer

from ..models import SmsWebhook
from ._command import command, group
from ._session import Session
from ._tables import Column, show_rows
from ._writes import DryRun, Yes, write

Line = Annotated[str, typer.Option("--phone-number", "--line", metavar="NUMBER", help="Your line.", show_default=False)]
Url = Annotated[str, typer.Option("--url", help="Where texts are delivered, https.", show_default=False)]
Uuid = Annotated[
    str, typer.Option("--interceptor-uuid", "--id", metavar="ID", help="Id; see webhooks sms list.", show_default=False)
]

_COLUMNS: tuple[Column[SmsWebhook], ...] = (
    Column(title="Address", cell=lambda row: row.url, whole=True),
    Column(title="Id", cell=lambda row: row.interceptor_uuid, whole=True),
)


def register(parent: typer.Typer) -> None:
    """
    Add the group.
    """
    app = group(group(parent, "webhooks", "Webhooks, by what they tell of."), "sms", "Webhooks of incoming texts.")
    command(app, "list", examples="alive5 webhooks sms list --line +12025550100")(list_webhooks)
    example = "alive5 webhooks sms register --line +12025550100 --url https://example.com/texts"
    command(app, "register", examples=f"{example} --dry-run\n{example} --yes")(register_webhook)
    example = "alive5 webhooks sms delete --line +12025550100 --id ID --dry-run"
    command(app, "delete", examples=example)(delete_webhook)


def list_webhooks(session: Session, *, phone_number: Line) -> None:
    """
    List the webhooks of a line.
    """
    with session.client() as client:
        hooks = client.webhooks.sms.list(phone_number=phone_number)
    if session.json:
        session.document("webhooks.sms.list", [hook.to_dict() for hook in hooks])
    else:
        show_rows(session.out.console, _COLUMNS, hooks, session.zone)


def register_webhook(
    session: Session, *, phone_number: Line, url: Url, dry_run: DryRun = False, yes: Yes = False
) -> None:
    """
    Register an address to be called with each incoming text of a line.

    It is called once a text, unsigned and without a second try.
    """
    write(
        session,
        "webhooks.sms.register",
        lambda client: client.webhooks.sms.register(phone_number=phone_number, url=url),
        dry_run=dry_run,
        done="The webhook was registered.",
        question=f"Send the texts that come to {phone_number} to {url}?",
        yes=yes,
    )


def delete_webhook(
    session: Session, *, phone_number: Line, interceptor_uuid: Uuid, dry_run: DryRun = False, yes: Yes = False
) -> None:
    """
    Remove a webhook of a line.
    """
    write(
        session,
        "webhooks.sms.delete",
        lambda client: client.webhooks.sms.delete(phone_number=phone_number, interceptor_uuid=interceptor_uuid),
        dry_run=dry_run,
        done="The webhook was deleted.",
        question=f"Delete the webhook {interceptor_uuid} of {phone_number}?",
        yes=yes,
    )
