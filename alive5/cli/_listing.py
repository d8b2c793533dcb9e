"""Output of a listing while it is read: lines for programs, a table for people, progress on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

import attrs

from ..errors import IncompleteListingError
from ..models import Conversation
from ._session import Session
from ._tables import Column, name_zone, show_rows

if TYPE_CHECKING:
    from .. import Pages

Row = Conversation


@attrs.frozen(kw_only=True)
class View:
    """How rows of a listing are called, one and several, and shown in a table."""

    one: str
    several: str
    columns: tuple[Column[Any], ...]


def show_listing(
    session: Session, operation: str, pages: Pages[Any], *, most: int | None, view: View | None = None
) -> None:
    """
    Read a whole listing, or its first *most* rows, and show it.

    :raises IncompleteListingError: at the end, when it is known not to be whole.
    """
    seen = view or _CONVERSATIONS
    if session.json:
        with _progress(session, operation, pages, seen, busy=sys.stdout.isatty()) as rows:
            for row in islice(rows, most):
                session.out.line(_facts(row))
    else:
        _show_table(session, operation, pages, seen, most)
    report = pages.report
    if report.complete is False:
        why = "; ".join(report.issues)
        raise IncompleteListingError(f"the listing is not complete: {why}", report=report, operation=operation)


def show_found(session: Session, rows: Iterable[Row]) -> None:
    """
    Show conversations that were picked out of listings, for programs each as it comes.
    """
    if session.json:
        for row in rows:
            session.out.line(_facts(row))
        return
    found = [*rows]
    show_rows(session.out.console, COLUMNS, found, session.zone)
    _remember(session, found)
    count = f"{len(found):,} conversation{'' if len(found) == 1 else 's'}"
    session.out.text(f"\n{count}; {name_zone(session.zone)}")


def _facts(row: Any) -> dict[str, Any]:
    kind = {"kind": row.kind} if isinstance(row, Conversation) else {}
    return {**kind, **row.to_dict()}


def _show_table(session: Session, operation: str, pages: Pages[Any], view: View, most: int | None) -> None:
    found: list[Any] = []
    done = False
    try:
        with _progress(session, operation, pages, view) as rows:
            for row in islice(rows, most):
                found.append(row)  # noqa: PERF402 - what came before an interrupt is shown
        done = True
    finally:
        if done or found:
            show_rows(session.out.console, view.columns, found, session.zone)
            count = f"{len(found):,} {view.one if len(found) == 1 else view.several}"
            _remember(session, found)
            session.out.text(f"\n{count}{'' if done else ', not all of them'}; {name_zone(session.zone)}")


def _remember(session: Session, found: list[Any]) -> None:
    if conversations := [(row.id, None) for row in found if isinstance(row, Conversation)]:
        session.remember(conversations=conversations)


@contextmanager
def _progress(
    session: Session, operation: str, pages: Pages[Any], view: View, *, busy: bool = False
) -> Iterator[Iterator[Any]]:
    if busy or not session.out.diagnostics.is_terminal:
        yield iter(pages)
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(
        *columns, console=session.out.diagnostics, transient=True, redirect_stdout=False, redirect_stderr=False
    ) as progress:
        task = progress.add_task(operation)

        def rows() -> Iterator[Any]:
            for number, row in enumerate(pages, 1):
                progress.update(
                    task, description=f"{operation}  {number:,} {view.several}  {pages.report.pages:,} pages"
                )
                yield row

        yield rows()


def _length(row: Row) -> str:
    if row.ended_at is None or row.started_at is None:
        return "open" if row.is_open else ""
    minutes = max(int((row.ended_at - row.started_at).total_seconds()) // 60, 0)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return f"{days}d {hours}h" if days else f"{hours}h {minutes:02}m" if hours else f"{minutes}m"


def _place(row: Row) -> str:
    return ", ".join(part for name in ("city", "country") if (part := getattr(row, name, None)))


COLUMNS: tuple[Column[Row], ...] = (
    Column(title="Started", cell=lambda row: row.started_at),
    Column(title="Length", cell=_length, spare=2, right=True),
    Column(title="Contact", cell=lambda row: row.contact.name or row.contact.phone or row.contact.email, cut=True),
    Column(title="Phone", cell=lambda row: row.contact.phone, spare=5),
    Column(title="E-mail", cell=lambda row: row.contact.email, spare=6, cut=True),
    Column(title="Place", cell=_place, spare=7, cut=True),
    Column(title="Channel", cell=lambda row: row.channel_name or row.channel_id, spare=3, cut=True),
    Column(title="Agent", cell=lambda row: row.assigned_to or row.agent_id, spare=4, cut=True),
    Column(title="Msgs", cell=lambda row: len(row.messages), spare=1, right=True),
    Column(title="Id", cell=lambda row: row.id, whole=True),
)
_CONVERSATIONS = View(one="conversation", several="conversations", columns=COLUMNS)
