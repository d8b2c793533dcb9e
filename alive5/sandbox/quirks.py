"""
Quirks by name: how one Alive5 was seen, or may be expected, to differ from another.

``Quirks`` documents them for people and type checkers; ``Settings`` holds the
checked values with their defaults.
"""

from __future__ import annotations

import re
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
Metadata = Literal["usual", "none", "pages", "totals"]
Lies = Literal["no", "high", "low"]
IgnoredWindow = Literal["no", "all", "documented", "hyphenated", "underscored"]
EndDate = Literal["day", "boundary"]
AfterLast = Literal["empty", "repeat", "cycle"]
Empty = Literal["list", "null", "http_404", "code_404"]
UnknownList = Literal["no", "rows", "object", "text", "number"]
MiddlePage = Literal["full", "empty", "short"]
Times = Literal["ms", "seconds", "iso"]
LivechatShape = Literal["documented", "thread"]
Resolution = Literal["day", "instant"]
Order = Literal["newest", "oldest"]
CurrentSummary = Literal["refused", "answered"]

TEST_KEY: Final = "test_sandbox_key"
UTC_ZONE: Final = "+0:00"
OFFSET: Final = re.compile(r"([+-]?)(1[0-4]|0?\d):?([0-5]\d)", re.ASCII)
_KINDS: Final = ("livechat", "sms", "fbm")


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
    ignored_window: IgnoredWindow
    """Dates the host ignores, to give the newest ``recent`` rows; "documented": those of its sms and fbm."""
    recent: int
    """How many rows come when the window is ignored."""
    end_date: EndDate
    """Whether the end date is a day that belongs to the window, or a boundary at its midnight."""
    host_zone: str
    """The offset of the host's days, as in "-5:00"; other than "+0:00" it rules out ``timezone_offset``."""
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
    if not isinstance(value, bool) and not (value is None and field.default is None):
        raise ValueError(f"{field.name} must be True or False")


def _bases(_: Any, field: attrs.Attribute[Any], value: Any) -> None:
    bases = dict(value) if isinstance(value, Mapping) else dict.fromkeys(_KINDS, value)
    if not set(bases) <= set(_KINDS) or any(isinstance(base, bool) or base not in (0, 1) for base in bases.values()):
        raise ValueError(f"{field.name} must be 0 or 1, or one of them for each of {', '.join(_KINDS)}")


def _zone(_: Any, field: attrs.Attribute[Any], value: Any) -> None:
    if not isinstance(value, str) or OFFSET.fullmatch(value) is None:
        raise ValueError(f'{field.name} must be an offset such as "-5:00"')


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
    list_key: ListKey = attrs.field(default="Items", validator=_choice(ListKey))
    unknown_list: UnknownList = attrs.field(default="no", validator=_choice(UnknownList))
    page_base: PageBase | Mapping[str, PageBase] = attrs.field(default=1, validator=_bases)
    page_zero: PageZero = attrs.field(default="empty", validator=_choice(PageZero))
    metadata: Metadata = attrs.field(default="usual", validator=_choice(Metadata))
    metadata_as: Written = attrs.field(default="number", validator=_choice(Written))
    metadata_lies: Lies = attrs.field(default="no", validator=_choice(Lies))
    clamped_limit: int | None = attrs.field(default=None, validator=_count(1, optional=True))
    ignored_limit: int | None = attrs.field(default=None, validator=_count(1, optional=True))
    ignored_window: IgnoredWindow = attrs.field(default="no", validator=_choice(IgnoredWindow))
    recent: int = attrs.field(default=100, validator=_count(0))
    end_date: EndDate = attrs.field(default="day", validator=_choice(EndDate))
    host_zone: str = attrs.field(default=UTC_ZONE, validator=_zone)
    require_pages: bool | None = attrs.field(default=None, validator=_switch)
    ignored_page: bool = attrs.field(default=False, validator=_switch)
    after_last: AfterLast = attrs.field(default="empty", validator=_choice(AfterLast))
    empty: Empty = attrs.field(default="list", validator=_choice(Empty))
    duplicates: int = attrs.field(default=0, validator=_count(0))
    divided: bool = attrs.field(default=False, validator=_switch)
    shifting: int = attrs.field(default=0, validator=_count(None))
    middle_page: MiddlePage = attrs.field(default="full", validator=_choice(MiddlePage))
    odd_values: float = attrs.field(default=0.0, validator=_between(1))
    missing_ids: float = attrs.field(default=0.0, validator=_between(1))
    secrets: bool = attrs.field(default=False, validator=_switch)
    numbers: Written = attrs.field(default="number", validator=_choice(Written))
    times: Times = attrs.field(default="ms", validator=_choice(Times))
    livechat_shape: LivechatShape = attrs.field(default="documented", validator=_choice(LivechatShape))
    sms_fbm_pages: int | None = attrs.field(default=None, validator=_count(1, optional=True))
    resolution: Resolution = attrs.field(default="day", validator=_choice(Resolution))
    order: Order = attrs.field(default="newest", validator=_choice(Order))
    strict_ids: bool = attrs.field(default=True, validator=_switch)
    current_summary: CurrentSummary = attrs.field(default="refused", validator=_choice(CurrentSummary))
    latency: float = attrs.field(default=0.0, validator=_between(3600))
    api_key: str | None = None
    faults: FaultPlan | None = None

    @property
    def key(self) -> str:
        """The key ``account`` shows."""
        return self.api_key or TEST_KEY

    def base_of(self, kind: str) -> int:
        """
        Return the number of a kind's first page in the documented edition.
        """
        return self.page_base.get(kind, 1) if isinstance(self.page_base, Mapping) else self.page_base


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
