"""``alive5 contacts`` and ``users``."""

from __future__ import annotations

from typing import Annotated

import typer

from .._sansio.validate import count
from ..models import CrmContact, User
from ._command import command, group
from ._derived import add_write
from ._exits import LISTING, READING
from ._listing import View, show_listing
from ._session import Session
from ._shapes import Facts, shape
from ._tables import Column, show_rows

FirstPage = Annotated[int, typer.Option("--page", metavar="N", help="First page to read, counted from 1.")]
Limit = Annotated[int, typer.Option("--limit", metavar="N", help="Contacts a page, at most 100.")]
Most = Annotated[int | None, typer.Option("--max-items", metavar="N", help="Stop after N contacts.")]

_COLUMNS: tuple[Column[CrmContact], ...] = (
    Column(title="Name", cell=lambda row: " ".join(filter(None, (row.first_name, row.last_name))), cut=True),
    Column(title="Phone", cell=lambda row: row.phone_mobile),
    Column(title="E-mail", cell=lambda row: row.email, cut=True),
    Column(title="Company", cell=lambda row: row.company, spare=1, cut=True),
    Column(title="Tags", cell=lambda row: row.tags, spare=2, cut=True),
    Column(title="Id", cell=lambda row: row.crm_id, whole=True),
)
_VIEW = View(one="contact", several="contacts", columns=_COLUMNS)
_USERS: tuple[Column[User], ...] = (
    Column(title="Name", cell=lambda row: " ".join(filter(None, (row.agent_first_name, row.agent_last_name)))),
    Column(title="E-mail", cell=lambda row: row.agent_email),
    Column(title="Role", cell=lambda row: row.agent_role),
)


def register(parent: typer.Typer) -> None:
    """
    Add the groups.
    """
    app = group(parent, "contacts", "List, create or change contacts.")
    facts = Facts(shape=shape(CrmContact), lines=True, exits=LISTING)
    command(app, "list", examples="alive5 contacts list --json > contacts.jsonl", gives=facts)(list_contacts)
    person = "--email ada@example.com --first-name Ada --last-name King --phone-mobile +12025550123"
    example = f"alive5 contacts create {person} --dry-run"
    add_write(app, "create", "contacts.create", done="The contact was created.", examples=example)
    add_write(
        app,
        "update",
        "contacts.update",
        about="Change what is given of a contact.\n\nExit code 6 says that it may have been changed: look at it again.",
        done="The contact was changed.",
        question="Change the contact {crm_id}?",
        examples="alive5 contacts update --crm-id ID --tags vip --tags new --dry-run",
    )
    facts = Facts(shape=shape(User), lines=True, exits=READING)
    command(group(parent, "users", "List users."), "list", examples="alive5 users list --json", gives=facts)(list_users)


def list_contacts(session: Session, *, page: FirstPage = 1, limit: Limit = 100, max_items: Most = None) -> None:
    """
    List all contacts.
    """
    most = None if max_items is None else count("max_items", max_items)
    with session.client() as client:
        show_listing(session, "contacts.list", client.contacts.list(page=page, limit=limit), most=most, view=_VIEW)


def list_users(session: Session) -> None:
    """
    List all users with their roles.
    """
    with session.client() as client:
        users = client.users.list()
    if session.json:
        session.out.lines(user.to_dict() for user in users)
    else:
        show_rows(session.out.console, _USERS, users, session.zone)
