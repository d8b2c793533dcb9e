"""Listings and the summary: windows, pages and their quirks; pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ..data.conversations import KINDS, Row
from ..data.store import Effect, Gone, Put, Store
from ..quirks import Settings
from .creates import moment
from .dates import Dates, UnreadableDateError, read_dates
from .envelope import MISSING_FIELD, Result
from .paging import Pages, cut, metadata
from .request import Asked
from .shapes import shown

_ID_KEYS: Final = {"tags.list": "tag_id", "channels.list": "channel_id"}
_VISITORS: Final = {"livechat": "web", "fbm": "fbm", "sms": "sms"}
_BAD_DATE: Final = Result(code=400, error="Invalid date")
_BAD_PAGE: Final = Result(code=400, error="Invalid page or limit")


def directory(store: Store, asked: Asked, settings: Settings, number: int) -> Result:
    """
    Return the result of ``tags.list`` or ``channels.list``.
    """
    rows = store.tags if asked.operation == "tags.list" else store.channels
    key = _ID_KEYS[asked.operation]
    return Result(data=_listed([(row[key], row) for row in rows], settings, {}))


def summary(store: Store, asked: Asked, settings: Settings, number: int) -> Result:
    """
    Return the result of ``conversations.summary``.
    """
    try:
        dates = read_dates(asked.query, settings)
    except UnreadableDateError:
        return _BAD_DATE
    counts: Row = {}
    for kind, name in _VISITORS.items():
        refs = _refs(store, kind, dates, settings)
        counts[f"visitors_{name}"] = len(refs)
        counts[f"contacts_{name}"] = sum(store.reachable(kind, ref) for ref in refs)
    return Result(data=counts)


def conversations(store: Store, asked: Asked, settings: Settings, number: int) -> Result:
    """
    Return the result of a listing of conversations.
    """
    kind = asked.operation.partition(".")[2]
    try:
        dates = read_dates(asked.query, settings)
    except UnreadableDateError:
        return _BAD_DATE
    refs = _refs(store, kind, dates, settings)
    size = _size(kind, asked, settings)
    if size is None:
        return _answer([_pair(store, kind, ref, settings) for ref in refs], settings, {})
    page = _whole(asked.query.get("page") or ("" if kind == "livechat" else str(settings.page_base)))
    if not asked.query.get("page") and kind == "livechat":
        return MISSING_FIELD
    if page is None or page < 0 or size < 1:
        return _BAD_PAGE if size else MISSING_FIELD
    pages = cut(len(refs), size, settings)
    if page < settings.page_base and settings.page_zero in ("refused", "server_error"):
        return _BAD_PAGE if settings.page_zero == "refused" else Result(code=500, error="Internal error", status=500)
    style = settings.metadata if kind == "livechat" or settings.metadata != "none" else "pages"
    beside = {} if style == "none" else metadata(pages, page, settings, style)
    chosen = pages.rows(_index(page, pages, settings), refs)
    pairs = [_pair(store, kind, ref, settings) for ref in chosen]
    shift = _shift(store, kind, refs, number, dates=dates, settings=settings)
    return _answer(pairs, settings, beside, shift)


def _refs(store: Store, kind: str, dates: Dates, settings: Settings) -> Sequence[int]:
    refs = store.select(kind, dates.low, dates.high)
    if dates.ignored:
        refs = refs[max(0, len(refs) - settings.recent) :]
    return refs[::-1] if settings.order == "newest" else refs


def _size(kind: str, asked: Asked, settings: Settings) -> int | None:
    """
    Return the rows a page holds; None for a listing without pages, 0 without a limit, below 0 for nonsense.
    """
    if kind != "livechat":
        return settings.sms_fbm_pages
    text = asked.query.get("limit")
    if not text:
        return 0
    limit = _whole(text)
    if limit is None or limit < 1:
        return -1
    return settings.ignored_limit or min(limit, settings.clamped_limit or limit)


def _whole(text: str) -> int | None:
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def _index(page: int, pages: Pages, settings: Settings) -> int:
    index = page - settings.page_base
    if index < 0:
        return 0 if settings.page_zero == "first" else -1
    if settings.ignored_page:
        return 0
    if index >= pages.count > 0:
        return {"empty": index, "repeat": pages.count - 1, "cycle": index % pages.count}[settings.after_last]
    return index


def _pair(store: Store, kind: str, ref: int, settings: Settings) -> tuple[str, Row]:
    row = store.row(kind, ref)
    return row["alive5_sessionID"], shown(store.seed, kind, ref, row, settings)


def _shift(
    store: Store, kind: str, refs: Sequence[int], number: int, *, dates: Dates, settings: Settings
) -> tuple[Effect, ...]:
    by = settings.shifting
    if by < 0:
        return tuple(Gone(kind, store.row(kind, ref)["alive5_sessionID"]) for ref in refs[:-by])
    start = min(dates.high - 1, moment(number))
    if settings.order == "oldest" and refs:
        start = max(dates.low, store.start(kind, refs[0]) - 1)
    return tuple(Put(kind, store.fresh(kind, index, start)) for index in range(number * by, (number + 1) * by))


def _answer(pairs: list[tuple[str, Row]], settings: Settings, beside: Row, effects: tuple[Effect, ...] = ()) -> Result:
    if pairs or settings.empty == "list":
        return Result(data=_listed(pairs, settings, beside), effects=effects)
    if settings.empty == "null":
        return Result(effects=effects)
    status = 404 if settings.empty == "http_404" else 200
    return Result(code=404, error="No conversations found", status=status, effects=effects)


def _listed(pairs: list[tuple[str, Row]], settings: Settings, beside: Row) -> Any:
    rows: Any = [row for _, row in pairs]
    key = settings.list_key
    if key == "bare":
        return {"Items": rows, **beside} if beside else rows
    if key == "by_id":
        groups: dict[str, list[Row]] = {}
        for identity, row in pairs:
            groups.setdefault(identity, []).append(row)
        rows = {identity: group[0] if len(group) == 1 else group for identity, group in groups.items()}
        key = "Items"
    return {key: rows, **beside}


LISTINGS: Final = tuple(f"conversations.{kind}" for kind in KINDS)
