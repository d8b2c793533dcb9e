"""``alive5 conversations``: the three listings, messages and the summary."""

from __future__ import annotations

from typing import Annotated

import typer

from .._sansio.validate import count
from ..models import Conversation, FbmConversation, FeedMessage, LivechatConversation, SmsConversation, Summary
from ..models.conversation import Kind
from ._command import command, group
from ._dates import End, FirstDay, LastDay, Start, read_period
from ._exits import LISTING, READING
from ._listing import View, show_found, show_listing
from ._session import Session
from ._shapes import Facts, extended, one_of, shape
from ._tables import Column, show_rows
from ._transcript import SHOWN, show
from .people import Email, Phone

Most = Annotated[int | None, typer.Option("--max-items", metavar="N", help="Stop after N conversations.")]
Strict = Annotated[bool, typer.Option("--strict", help="Stop as soon as the listing is known to be incomplete.")]
FirstPage = Annotated[int, typer.Option("--page", metavar="N", help="First page to read, counted from 1.")]
Limit = Annotated[int, typer.Option("--limit", metavar="N", help="Conversations a page.")]
Prefetch = Annotated[int, typer.Option("--prefetch", metavar="N", help="Pages fetched at once.")]

MostMessages = Annotated[int | None, typer.Option("--max-items", metavar="N", help="Stop after N messages.")]

_WRITTEN: tuple[Column[FeedMessage], ...] = (
    Column(title="Written", cell=lambda row: row.created_at),
    Column(title="Author", cell=lambda row: row.created_by, spare=1, cut=True),
    Column(title="Message", cell=lambda row: row.text, cut=True),
    Column(title="Thread", cell=lambda row: row.thread_id, whole=True),
    Column(title="Channel", cell=lambda row: row.channel_id, spare=2, whole=True),
)
_MESSAGES = View(one="message", several="messages", columns=_WRITTEN)


_LIVECHAT = """
alive5 conversations livechat --start 2026-01-01 --end 2026-03-31
alive5 --sandbox conversations livechat --start 2026-01-01 --json > chats.jsonl
alive5 conversations livechat --start 2026-01-01T09:00 --tz America/New_York --prefetch 8
"""
_SHOW = """
alive5 conversations show 5f0c-17 --export out/ --tz America/New_York
alive5 conversations show 5f0c-17 --edition current
alive5 conversations show 5f0c-17 --kind livechat --start -7d --format html -o chat.html
"""


def register(parent: typer.Typer) -> None:
    """
    Add the group.
    """
    app = group(parent, "conversations", "List conversations by date, count them, or show one.")
    name, month = "alive5 conversations", "--start 2026-01-01 --end 2026-01-31"
    kinds = [_listing(kind) for kind in (SmsConversation, LivechatConversation, FbmConversation)]
    command(app, "sms", examples=f"{name} sms {month}", gives=kinds[0])(sms)
    command(app, "livechat", examples=_LIVECHAT, gives=kinds[1])(livechat)
    command(app, "fbm", examples=f"{name} fbm {month}", gives=kinds[2])(fbm)
    facts = Facts(shape=shape(FeedMessage), lines=True, exits=LISTING)
    command(app, "messages", examples=f"{name} messages {month} --json > messages.jsonl", gives=facts)(messages)
    facts = Facts(shape=one_of(*(kind.shape for kind in kinds)), lines=True, exits=LISTING)
    example = f"{name} history --phone +12025550123 --start 2025-01-01"
    command(app, "history", examples=example, gives=facts)(history)
    command(app, "show", examples=_SHOW, gives=SHOWN)(show)
    facts = Facts(shape=shape(Summary), exits=READING)
    command(app, "summary", examples=f"{name} summary {month}", gives=facts)(summary)


def _listing(kind: type[Conversation]) -> Facts:
    return Facts(shape=extended(kind, kind=Kind), lines=True, exits=LISTING)


def sms(
    session: Session, *, start: Start = None, end: End = None, max_items: Most = None, strict: Strict = False
) -> None:
    """
    List text-message conversations.
    """
    with session.client() as client:
        pages = client.conversations.sms(**read_period(start, end, session.zone), strict=strict)
        show_listing(session, "conversations.sms", pages, most=_most(max_items))


def livechat(
    session: Session,
    *,
    start: Start = None,
    end: End = None,
    max_items: Most = None,
    page: FirstPage = 1,
    limit: Limit = 100,
    prefetch: Prefetch = 1,
    strict: Strict = False,
) -> None:
    """
    List chats from websites.
    """
    with session.client() as client:
        pages = client.conversations.livechat(
            **read_period(start, end, session.zone), page=page, limit=limit, prefetch=prefetch, strict=strict
        )
        show_listing(session, "conversations.livechat", pages, most=_most(max_items))


def fbm(
    session: Session, *, start: Start = None, end: End = None, max_items: Most = None, strict: Strict = False
) -> None:
    """
    List Facebook Messenger conversations.
    """
    with session.client() as client:
        pages = client.conversations.fbm(**read_period(start, end, session.zone), strict=strict)
        show_listing(session, "conversations.fbm", pages, most=_most(max_items))


def messages(
    session: Session, *, start: FirstDay, end: LastDay, max_items: MostMessages = None, strict: Strict = False
) -> None:
    """
    List the text messages of a period, of every thread that has one.

    Those written into an old thread are here, which no listing of
    conversations shows.
    """
    with session.client() as client:
        pages = client.conversations.messages(**read_period(start, end, session.zone), strict=strict)
        show_listing(session, "conversations.messages", pages, most=_most(max_items), view=_MESSAGES)


def history(
    session: Session,
    *,
    phone: Phone = None,
    email: Email = None,
    start: FirstDay,
    end: End = None,
    strict: Strict = False,
) -> None:
    """
    List the conversations of one person, of all kinds.

    All conversations of the period are read for it. One that began before it
    is not found.
    """
    with session.client() as client:
        period = read_period(start, end, session.zone)
        show_found(session, client.conversations.history(phone=phone, email=email, **period, strict=strict))


def summary(session: Session, *, start: Start = None, end: End = None) -> None:
    """
    Count visitors and contacts of each kind.
    """
    with session.client() as client:
        found = client.conversations.summary(**read_period(start, end, session.zone))
    if session.json:
        session.document("conversations.summary", found.to_dict())
        return
    rows = [
        ("livechat", found.visitors_web, found.contacts_web),
        ("sms", found.visitors_sms, found.contacts_sms),
        ("fbm", found.visitors_fbm, found.contacts_fbm),
    ]
    columns: list[Column[tuple[str, int | None, int | None]]] = [
        Column(title="Kind", cell=lambda row: row[0]),
        Column(title="Visitors", cell=lambda row: row[1], right=True),
        Column(title="Contacts", cell=lambda row: row[2], right=True),
    ]
    show_rows(session.out.console, columns, rows, session.zone)


def _most(value: int | None) -> int | None:
    return None if value is None else count("max_items", value)
