"""``alive5 contacts`` and ``users``."""

from __future__ import annotations

from typing import Annotated

import typer

from .._sansio.validate import count
from ..models import CrmContact, User
from ._command import command, group
from ._listing import View, show_listing
from ._session import Session
from ._tables import Column, show_rows
from ._writes import DryRun, OrgName, Yes, write

CrmId = Annotated[str, typer.Option("--crm-id", metavar="ID", help="Id of the contact.", show_default=False)]
Email = Annotated[str, typer.Option("--email", help="E-mail address.", show_default=False)]
FirstName = Annotated[str, typer.Option("--first-name", help="First name.", show_default=False)]
LastName = Annotated[str, typer.Option("--last-name", help="Last name.", show_default=False)]
Phone = Annotated[
    str, typer.Option("--phone-mobile", "--phone", metavar="NUMBER", help="Mobile number.", show_default=False)
]
AccountId = Annotated[str | None, typer.Option("--account-id", metavar="ID", help="Id in a system of yours.")]
Title = Annotated[str | None, typer.Option("--title", help="Title in the company.")]
Company = Annotated[str | None, typer.Option("--company", help="Company.")]
NewEmail = Annotated[str | None, typer.Option("--email", help="New e-mail address.")]
NewFirstName = Annotated[str | None, typer.Option("--first-name", help="New first name.")]
NewLastName = Annotated[str | None, typer.Option("--last-name", help="New last name.")]
NewPhone = Annotated[str | None, typer.Option("--phone-mobile", "--phone", metavar="NUMBER", help="New mobile number.")]
NewOrg = Annotated[str | None, typer.Option("--org-name", metavar="NAME", help="Your organisation.")]
Tags = Annotated[
    list[str] | None, typer.Option("--tags", metavar="TAG", help="Its new tags, all of them; say it again for more.")
]
FirstPage = Annotated[int, typer.Option("--page", metavar="N", help="First page to read, counted from 1.")]
Limit = Annotated[int, typer.Option("--limit", metavar="N", help="Contacts a page, at most 100.")]
Most = Annotated[int | None, typer.Option("--max-items", metavar="N", help="Stop after N contacts.")]

_COLUMNS: tuple[Column[CrmContact], ...] = (
    Column(title="Name", cell=lambda row: " ".join(filter(None, (row.first_name, row.last_name))), share=28),
    Column(title="Phone", cell=lambda row: row.phone_mobile),
    Column(title="E-mail", cell=lambda row: row.email, share=28),
    Column(title="Company", cell=lambda row: row.company, wide=120, share=18),
    Column(title="Tags", cell=lambda row: row.tags, wide=140, share=18),
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
    command(app, "list", examples="alive5 contacts list --json > contacts.jsonl")(list_contacts)
    person = "--email ada@example.com --first-name Ada --last-name King --phone-mobile +12025550123"
    command(app, "create", examples=f"alive5 contacts create {person} --dry-run")(create_contact)
    example = "alive5 contacts update --crm-id ID --tags vip --tags new --dry-run"
    command(app, "update", examples=example)(update_contact)
    command(group(parent, "users", "List users."), "list", examples="alive5 users list --json")(list_users)


def list_contacts(session: Session, *, page: FirstPage = 1, limit: Limit = 100, max_items: Most = None) -> None:
    """
    List all contacts.
    """
    most = None if max_items is None else count("max_items", max_items)
    with session.client() as client:
        show_listing(session, "contacts.list", client.contacts.list(page=page, limit=limit), most=most, view=_VIEW)


def create_contact(
    session: Session,
    *,
    email: Email,
    first_name: FirstName,
    last_name: LastName,
    phone_mobile: Phone,
    org_name: OrgName = None,
    account_id: AccountId = None,
    title: Title = None,
    company: Company = None,
    dry_run: DryRun = False,
) -> None:
    """
    Create a contact.
    """
    write(
        session,
        "contacts.create",
        lambda client: client.contacts.create(
            email=email,
            first_name=first_name,
            last_name=last_name,
            phone_mobile=phone_mobile,
            org_name=org_name,
            account_id=account_id,
            title=title,
            company=company,
        ),
        dry_run=dry_run,
        done="The contact was created.",
    )


def update_contact(
    session: Session,
    *,
    crm_id: CrmId,
    email: NewEmail = None,
    first_name: NewFirstName = None,
    last_name: NewLastName = None,
    phone_mobile: NewPhone = None,
    org_name: NewOrg = None,
    account_id: AccountId = None,
    title: Title = None,
    company: Company = None,
    tags: Tags = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """
    Change what is given of a contact.

    Exit code 6 says that it may have been changed: look at it again.
    """
    write(
        session,
        "contacts.update",
        lambda client: client.contacts.update(
            crm_id=crm_id,
            email=email,
            first_name=first_name,
            last_name=last_name,
            phone_mobile=phone_mobile,
            org_name=org_name,
            account_id=account_id,
            title=title,
            company=company,
            tags=tags or None,
        ),
        dry_run=dry_run,
        done="The contact was changed.",
        question=f"Change the contact {crm_id}?",
        yes=yes,
    )


def list_users(session: Session) -> None:
    """
    List all users with their roles.
    """
    with session.client() as client:
        users = client.users.list()
    if session.json:
        session.document("users.list", [user.to_dict() for user in users])
    else:
        show_rows(session.out.console, _USERS, users, session.zone)
