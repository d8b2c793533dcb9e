"""
Quirks by name: how one Alive5 was seen, or may be expected, to differ from another.

``Quirks`` documents them for people and type checkers; ``settings.Settings``
holds the checked values with their defaults.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

Envelope = Literal["usual", "bare", "one", "two", "inner_without_code"]
Written = Literal["number", "text"]
NoError = Literal["null", "object", "text", "list", "false"]
ErrorAs = Literal["text", "object"]
Refusals = Literal["http_200", "http_400"]
ListKey = Literal["bare", "Items", "items", "by_id"]
PageBase = Literal[0, 1]
PageZero = Literal["empty", "first", "refused", "server_error"]
Metadata = Literal["usual", "none", "pages", "totals"]
Lies = Literal["no", "high", "low"]
IgnoredWindow = Literal["no", "all", "documented", "hyphenated", "underscored"]
EndDate = Literal["day", "boundary"]
FilterBy = Literal["start", "end", "last_message"]
AfterLast = Literal["empty", "repeat", "cycle"]
Empty = Literal["list", "null", "http_404", "code_404"]
UnknownList = Literal["no", "rows", "object", "text", "number"]
MiddlePage = Literal["full", "empty", "short"]
PageSizes = Literal["even", "load", "days", "bytes"]
Times = Literal["ms", "seconds", "iso"]
LivechatShape = Literal["documented", "thread"]
Resolution = Literal["day", "instant"]
Order = Literal["newest", "oldest"]
CurrentSummary = Literal["refused", "answered"]


class FaultPlan(TypedDict, total=False):
    """
    Faults by chance, seeded: a share of requests meets one of the names, evenly.

    ``on`` limits it to operations; without ``names`` all faults take part.
    """

    rate: float
    names: Sequence[str]
    on: Sequence[str]


class Quirks(TypedDict, total=False):
    """
    Keywords of a sandbox beside seed and counts.
    """

    envelope: Envelope
    """Layers round the data; "usual" is one, and two on a sent text; "bare" is none."""
    code_as: Written
    """An envelope's ``code``: 200 or "200"."""
    no_error: NoError
    """How an envelope says that there is no error."""
    error_as: ErrorAs
    """An error as text or as ``{"message": text}``."""
    refusals: Refusals
    """The HTTP status of a request refused with code 400."""
    list_key: ListKey
    """Where the rows of a list are; "bare" becomes "Items" when there is metadata."""
    unknown_list: UnknownList
    """Whether a list comes as ``{"rows": [...]}`` or in another form without a known list."""
    page_base: PageBase | Mapping[str, PageBase]
    """The documented edition's first page, for all or a kind each; with 0, ``pages`` is the last index."""
    page_zero: PageZero
    """What page 0 returns on base 1."""
    metadata: Metadata
    """Beside a page: ``page``+``pages``, or ``page``+``totalPages``+``totalRecord``; "usual" is the edition's habit."""
    metadata_as: Written
    """Those values as numbers or as text."""
    metadata_lies: Lies
    """Whether they promise more (three pages) or less (half) than there is."""
    clamped_limit: int | None
    """Rows a page holds at most, whatever ``limit`` asks."""
    ignored_limit: int | None
    """Rows every page holds, whatever ``limit`` asks."""
    page_sizes: PageSizes
    """What else decides how many rows a page holds: load, the first day asked for, or bytes; none is lost."""
    whole_limit: int | None
    """Rows a query gives at most, in all its pages together or in one piece."""
    lost_answers: float
    """The share of listings that come empty, in the form of ``empty``, though rows match."""
    ignored_window: IgnoredWindow
    """Dates the host ignores, to give the newest ``recent`` rows; "documented": those of its sms and fbm."""
    recent: int
    """How many rows come when the window is ignored."""
    end_date: EndDate
    """Whether the end date is a day that belongs to the window, or a boundary at its midnight."""
    filter_by: FilterBy
    """The moment by which dates choose a conversation; by its end, one that is open is in no listing."""
    lasting: int
    """The most days a third of the conversations last; 0 leaves all of them at minutes or hours."""
    far_rows: int
    """Conversations of 1970 on every first page, whatever the dates."""
    host_zone: str
    """The zone of the host's days, "-5:00" or "Europe/London"; other than "+0:00" it rules out ``timezone_offset``."""
    require_pages: bool | None
    """Whether sms and fbm refuse a call without ``page`` and ``limit``; None: in the current edition alone."""
    ignored_page: bool
    """Every page is the first."""
    after_last: AfterLast
    """Past the end: nothing, the last page for ever, or the pages again from the first."""
    empty: Empty
    """A listing without rows: ``[]``, ``null``, HTTP 404 with an envelope, or HTTP 200 with code 404."""
    duplicates: int
    """How many rows each page repeats from the end of the one before."""
    divided: bool
    """Deliver a third of the conversations twice, each time with a part of the messages."""
    shifting: int
    """Rows that enter (above 0) or leave (below 0) at the front after each page read."""
    middle_page: MiddlePage
    """Whether the page in the middle comes empty or half full; its rows come on the next."""
    odd_values: float
    """The share of rows with null, missing, unknown or wrongly typed values; ids stay."""
    shared_ids: bool
    """Every third conversation bears the id of the one before it."""
    missing_ids: float
    """The share of rows without an ``alive5_sessionID``."""
    secrets: bool
    """Rows carry keys, tokens and passwords at several depths; their values begin with ``test_secret_``."""
    numbers: Written
    """Numbers in data as numbers or as text."""
    times: Times
    """Timestamps as epoch milliseconds, epoch seconds or ISO 8601 text."""
    livechat_shape: LivechatShape
    """The documented edition's livechat rows: as documented, or as the current edition has them."""
    sms_fbm_pages: int | None
    """Rows a page when the documented edition's texts and Messenger come in pages."""
    resolution: Resolution
    """Whether a time of day in ``date-start`` and ``date-end`` is honoured."""
    order: Order
    """The order of rows."""
    strict_ids: bool
    """Refuse unknown channels and agents, and numbers and addresses that cannot be."""
    current_summary: CurrentSummary
    """The current edition's summary: refused, as seen so far, or answered."""
    rhythm: bool
    """Weeks as people live them: office hours, nights, late answers, bots, and conversations nobody answers."""
    dated: bool
    """Whether answers bear a ``Date``, the sandbox's present."""
    latency: float
    """Seconds every response takes."""
    api_key: str | None
    """The only key the ASGI app accepts, and what ``account`` shows."""
    faults: FaultPlan | None
    """Faults by chance."""
