"""An export as a page: its figures, and, where asked for, its newest conversations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timezone, tzinfo

from ..._sansio.options import read_zone
from ..dataset.extras import need
from ..insight.figures import ConversationMetrics
from ..insight.summary import Summary
from ..report_page.page import ReportPage, page_of
from ..report_page.transcripts import newest, read_count
from .measured import joined
from .rows import ExportRows


def report_of(
    export: ExportRows,
    figures: Iterable[ConversationMetrics],
    *,
    tz: str | tzinfo | None,
    hours: str | None,
    transcripts: int,
) -> ReportPage:
    """
    Return the page of an export and its figures.

    :raises ConfigurationError: without the extra ``report``, before anything is read.
    """
    need("jinja2", "report")
    wanted = read_count(transcripts)
    summary = Summary(read_zone(tz) or timezone.utc)
    for row in figures:
        summary.add(row)
    chats = newest(joined(export.conversations(), export.messages()), wanted) if wanted else ()
    return page_of(export.manifest, summary, hours=hours, chats=chats, wanted=wanted)
