"""An export as a page: its figures, and, where asked for, its newest conversations."""

from __future__ import annotations

from datetime import timezone, tzinfo

from ..._zones import read_zone
from ..dataset.extras import need
from ..insight.measure import Account
from ..insight.summary import Summary
from ..report_page.page import ReportPage, page_of
from ..report_page.transcripts import newest, read_count
from .measured import joined, metrics_of
from .rows import ExportRows


def report_of(
    export: ExportRows, account: Account, *, tz: str | tzinfo | None, hours: str | None, transcripts: int
) -> ReportPage:
    """
    Return the page of an export, of whose account more names may be known than it tells.

    :raises ConfigurationError: without the extra ``report``, before anything is read.
    """
    need("jinja2", "report")
    wanted = read_count(transcripts)
    summary = Summary(read_zone(tz) or timezone.utc)
    for row in metrics_of(export.conversations, export.messages, account, tz=tz, hours=hours):
        summary.add(row)
    rows = joined(export.conversations(), export.messages()) if wanted else ()
    chats = newest(rows, wanted, account.directory())
    return page_of(export.manifest, summary, hours=hours, chats=chats, wanted=wanted)
