"""
Quirks by name: how one Alive5 was seen, or may be expected, to differ from another.

``Quirks`` documents them for people and type checkers; ``Settings`` holds the
checked values with their defaults.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, TypedDict, get_args

import attrs

Envelope = Literal["usual", "bare", "one", "two", "inner_without_code"]
Written = Literal["number", "text"]
NoError = Literal["null", "object", "text", "list", "false"]
ErrorAs = Literal["text", "object"]
Refusals = Literal["http_200", "http_400"]
ListKey = Literal["bare", "Items", "items", "by_id"]
PageBase = Literal[0, 1]
PageZero = Literal["empty", "first", "refused", "server_error"]
Metadata = Literal["none", "pages", "totals"]
Lies = Literal["no", "high", "low"]
IgnoredWindow = Literal["no", "all", "hyphenated", "underscored"]
AfterLast = Literal["empty", "repeat", "cycle"]
Empty = Literal["list", "null", "http_404", "code_404"]
MiddlePage = Literal["full", "empty", "short"]
Times = Literal["ms", "seconds", "iso"]
LivechatShape = Literal["documented", "thread"]
Resolution = Literal["day", "instant"]
Order = Literal["newest", "oldest"]

TEST_KEY: Final = "test_sandbox_key"


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
    page_base: PageBase
    """The number of the first page; with 0, ``pages`` is the last index."""
    page_zero: PageZero
    """What page 0 returns on base 1."""
    metadata: Metadata
    """Values beside the rows of a page: ``page``+``pages``, or ``page``+``totalPages``+``totalRecord``."""
    metadata_as: Written
    """Those values as numbers or as text."""
    metadata_lies: Lies
    """Whether they promise more (three pages) or less (half) than there is."""
    clamped_limit: int | None
    """Rows a page holds at most, whatever ``limit`` asks."""
    ignored_limit: int | None
    """Rows every page holds, whatever ``limit`` asks."""
    ignored_window: IgnoredWindow
    """Which date parameters are ignored; instead the newest ``recent`` rows are returned."""
    recent: int
    """How many rows are returned when the window is ignored."""
    ignored_page: bool
    """Every page is the first."""
    after_last: AfterLast
    """Past the end: nothing, the last page for ever, or the pages again from the first."""
    empty: Empty
    """A listing without rows: ``[]``, ``null``, HTTP 404 with an envelope, or HTTP 200 with code 404."""
    duplicates: int
    """How many rows each page repeats from the end of the one before."""
    shifting: int
    """Rows that enter (above 0) or leave (below 0) at the front after each page read."""
    middle_page: MiddlePage
    """Whether the page in the middle comes empty or half full; its rows come on the next."""
    odd_values: float
    """The share of rows with null, missing, unknown or wrongly typed values; ids stay."""
    missing_ids: float
    """The share of rows without an ``alive5_sessionID``."""
    numbers: Written
    """Numbers in data as numbers or as text."""
    times: Times
    """Timestamps as epoch milliseconds, epoch seconds or ISO 8601 text."""
    livechat_shape: LivechatShape
    """Livechat rows as documented, or nested in ``threadData`` and ``threadConversation``."""
    sms_fbm_pages: int | None
    """Rows a page when texts and Messenger come in pages; without metadata it is "pages"."""
    resolution: Resolution
    """Whether a time of day in ``date-start`` and ``date-end`` is honoured."""
    order: Order
    """The order of rows."""
    strict_ids: bool
    """Refuse a text of an unknown channel or agent, and what is created for unknown channels."""
    latency: float
    """Seconds every response takes."""
    api_key: str | None
    """The only key the ASGI app accepts, and what ``account`` shows."""
    faults: FaultPlan | None
    """Faults by chance."""


def _choice(literal: Any) -> Callable[[Any, attrs.Attribute[Any], Any], None]:
    allowed = get_args(literal)

    def check(_: Any, field: attrs.Attribute[Any], value: Any) -> None:
        if isinstance(value, bool) or value not in allowed:
            raise ValueError(f"{field.name} must be one of {', '.join(map(repr, allowed))}")

    return check


def _count(least: int | None, *, optional: bool = False) -> Callable[[Any, attrs.Attribute[Any], Any], None]:
    def check(_: Any, field: attrs.Attribute[Any], value: Any) -> None:
        if optional and value is None:
            return
        if not isinstance(value, int) or isinstance(value, bool) or (least is not None and value < least):
            raise ValueError(f"{field.name} must be a whole number{'' if least is None else f' of at least {least}'}")

    return check


def _between(most: float) -> Callable[[Any, attrs.Attribute[Any], Any], None]:
    def check(_: Any, field: attrs.Attribute[Any], value: Any) -> None:
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value <= most:
            raise ValueError(f"{field.name} must be a number from 0 to {most:g}")

    return check


def _switch(_: Any, field: attrs.Attribute[Any], value: Any) -> None:
    if not isinstance(value, bool):
        raise ValueError(f"{field.name} must be True or False")


@attrs.frozen(kw_only=True)
class Settings:
    """
    All quirks with their values, documented in ``Quirks``.
    """

    envelope: Envelope = attrs.field(default="usual", validator=_choice(Envelope))
    code_as: Written = attrs.field(default="number", validator=_choice(Written))
    no_error: NoError = attrs.field(default="null", validator=_choice(NoError))
    error_as: ErrorAs = attrs.field(default="text", validator=_choice(ErrorAs))
    refusals: Refusals = attrs.field(default="http_200", validator=_choice(Refusals))
    list_key: ListKey = attrs.field(default="bare", validator=_choice(ListKey))
    page_base: PageBase = attrs.field(default=1, validator=_choice(PageBase))
    page_zero: PageZero = attrs.field(default="empty", validator=_choice(PageZero))
    metadata: Metadata = attrs.field(default="none", validator=_choice(Metadata))
    metadata_as: Written = attrs.field(default="number", validator=_choice(Written))
    metadata_lies: Lies = attrs.field(default="no", validator=_choice(Lies))
    clamped_limit: int | None = attrs.field(default=None, validator=_count(1, optional=True))
    ignored_limit: int | None = attrs.field(default=None, validator=_count(1, optional=True))
    ignored_window: IgnoredWindow = attrs.field(default="no", validator=_choice(IgnoredWindow))
    recent: int = attrs.field(default=100, validator=_count(0))
    ignored_page: bool = attrs.field(default=False, validator=_switch)
    after_last: AfterLast = attrs.field(default="empty", validator=_choice(AfterLast))
    empty: Empty = attrs.field(default="list", validator=_choice(Empty))
    duplicates: int = attrs.field(default=0, validator=_count(0))
    shifting: int = attrs.field(default=0, validator=_count(None))
    middle_page: MiddlePage = attrs.field(default="full", validator=_choice(MiddlePage))
    odd_values: float = attrs.field(default=0.0, validator=_between(1))
    missing_ids: float = attrs.field(default=0.0, validator=_between(1))
    numbers: Written = attrs.field(default="number", validator=_choice(Written))
    times: Times = attrs.field(default="ms", validator=_choice(Times))
    livechat_shape: LivechatShape = attrs.field(default="documented", validator=_choice(LivechatShape))
    sms_fbm_pages: int | None = attrs.field(default=None, validator=_count(1, optional=True))
    resolution: Resolution = attrs.field(default="day", validator=_choice(Resolution))
    order: Order = attrs.field(default="newest", validator=_choice(Order))
    strict_ids: bool = attrs.field(default=False, validator=_switch)
    latency: float = attrs.field(default=0.0, validator=_between(3600))
    api_key: str | None = None
    faults: FaultPlan | None = None

    @property
    def key(self) -> str:
        """The key ``account`` shows."""
        return self.api_key or TEST_KEY


def read_quirks(quirks: Mapping[str, Any]) -> Settings:
    """
    Return the checked settings of a sandbox's keywords.

    :raises TypeError: for a name that is no quirk.
    """
    known = [field.name for field in attrs.fields(Settings)]
    unknown = [name for name in quirks if name not in known]
    if unknown:
        raise TypeError(f"no such quirk: {', '.join(unknown)}; there are {', '.join(known)}")
    return Settings(**quirks)
