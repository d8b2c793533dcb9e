"""
The checked settings of a sandbox: every quirk with its default and what it may be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, get_args

import attrs

from .._zones import read_zone
from ..errors import InvalidArgumentError
from .quirks import (
    AfterLast,
    CurrentSummary,
    Empty,
    EndDate,
    Envelope,
    ErrorAs,
    FaultPlan,
    FilterBy,
    IgnoredWindow,
    Lies,
    ListKey,
    LivechatShape,
    Metadata,
    MiddlePage,
    NoError,
    Order,
    PageBase,
    PageSizes,
    PageZero,
    Refusals,
    Resolution,
    Times,
    UnknownList,
    Written,
)

TEST_KEY: Final = "test_sandbox_key"
UTC_ZONE: Final = "+0:00"
OFFSET: Final = re.compile(r"([+-]?)(1[0-4]|0?\d):?([0-5]\d)", re.ASCII)
_KINDS: Final = ("livechat", "sms", "fbm")


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
    if not isinstance(value, str) or not (OFFSET.fullmatch(value) or _is_zone(value)):
        raise ValueError(f'{field.name} must be an offset such as "-5:00", or a zone such as "Europe/London"')


def _is_zone(name: str) -> bool:
    try:
        return read_zone(name) is not None
    except InvalidArgumentError:
        return False


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
    page_sizes: PageSizes = attrs.field(default="even", validator=_choice(PageSizes))
    whole_limit: int | None = attrs.field(default=None, validator=_count(1, optional=True))
    lost_answers: float = attrs.field(default=0.0, validator=_between(1))
    ignored_window: IgnoredWindow = attrs.field(default="no", validator=_choice(IgnoredWindow))
    recent: int = attrs.field(default=100, validator=_count(0))
    end_date: EndDate = attrs.field(default="day", validator=_choice(EndDate))
    filter_by: FilterBy = attrs.field(default="start", validator=_choice(FilterBy))
    lasting: int = attrs.field(default=0, validator=_count(0))
    far_rows: int = attrs.field(default=0, validator=_count(0))
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
    shared_ids: bool = attrs.field(default=False, validator=_switch)
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
    rhythm: bool = attrs.field(default=False, validator=_switch)
    dated: bool = attrs.field(default=False, validator=_switch)
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
