"""Listings and the summary: windows, filters, pages and their quirks; pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ..data.conversations import KINDS, Row
from ..data.people import mix
from ..data.store import Effect, Gone, Put, Store
from ..settings import Settings
from .chosen import chosen, far_rows, row_of
from .dates import Dates, UnreadableDateError, read_dates
from .envelope import MISSING_FIELD, Result
from .paging import Pages, cut, index, metadata, uneven
from .request import FILTERS, PHONES_VERSION, Asked
from .shapes import View, shown, with_secrets
from .wanted import Wanted, read_wanted

# A conversation, and which of its two deliveries: 0 where there is one.
Item = tuple[int, int]

_VISITORS: Final = {"livechat": "web", "fbm": "fbm", "sms": "sms"}
_BAD_DATE: Final = Result(code=400, error="Invalid date")
_DIVIDED_APART: Final = 3
_DAY_MS: Final = 86_400_000
_SIZES: Final = 3
# A little more than most rows have: pages of long conversations end early.
_MESSAGES_A_ROW: Final = 12


def directory(store: Store, asked: Asked, settings: Settings, number: int) -> Result:
    """
    Return the result of ``tags.list`` or ``channels.list``.
    """
    if asked.operation == "tags.list":
        pairs = [(row["tag_id"], row) for row in store.tags]
    else:
        pairs = [(row["channel_id"], _channel(row, asked)) for row in store.channels]
    if settings.secrets:
        pairs = [(identity, with_secrets(row)) for identity, row in pairs]
    return Result(data=listed(pairs, settings, {}))


def summary(store: Store, asked: Asked, settings: Settings, number: int) -> Result:
    """
    Return the result of ``conversations.summary``.
    """
    if asked.edition == "current" and settings.current_summary == "refused":
        return MISSING_FIELD
    try:
        dates = read_dates(asked, settings)
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
        dates = read_dates(asked, settings)
    except UnreadableDateError:
        return _BAD_DATE
    wanted = read_wanted(kind, asked, settings)
    if isinstance(wanted, Result):
        return wanted
    if mix(store.seed, number, 27) % 1000 < settings.lost_answers * 1000:
        return _answer([], settings, {})
    refs = _filtered(store, kind, _refs(store, kind, dates, settings), asked)[: settings.whole_limit]
    items: Sequence[int | Item] = _divided(store, kind, refs) if settings.divided else refs
    if wanted is None:
        return _answer(_pairs(store, kind, items, asked, settings, is_first=True), settings, {})
    pages = _cut(store, kind, items, wanted, dates=dates, settings=settings)
    at = index(wanted, pages, settings)
    pairs = _pairs(store, kind, pages.rows(at, items), asked, settings, is_first=at == 0)
    shift = _shift(store, kind, refs, number, dates=dates, settings=settings)
    return _answer(pairs, settings, metadata(pages, wanted, settings), shift)


def _cut(
    store: Store, kind: str, items: Sequence[int | Item], wanted: Wanted, *, dates: Dates, settings: Settings
) -> Pages:
    """Return the pages; those of a host whose pages differ in size hold all, a half or a third of the usual one."""
    total, size = len(items), wanted.size

    def busy(number: int, _: int) -> int:
        return size // (1 + mix(store.seed, dates.low, dates.high, number) % _SIZES)

    def dated(_: int, __: int) -> int:
        return size // (1 + dates.low // _DAY_MS % _SIZES)

    def weighed(_: int, low: int) -> int:
        room, fit = _MESSAGES_A_ROW * size, 0
        for item in items[low : low + size]:
            ref = item[0] if isinstance(item, tuple) else item
            room -= len(store.row(kind, ref)["chat_conversation"] or ())
            fit += room >= 0
        return fit

    if settings.page_sizes == "even":
        return cut(total, size, settings)
    return uneven(total, size, {"load": busy, "days": dated, "bytes": weighed}[settings.page_sizes])


def listed(pairs: list[tuple[str, Row]], settings: Settings, beside: Row) -> Any:
    """
    Put rows with their ids into the form a list has here.
    """
    rows: Any = [row for _, row in pairs]
    if settings.unknown_list != "no":
        unknown = {"rows": {"rows": rows, **beside}, "object": {"result": {"found": rows}}, "number": len(rows)}
        return unknown.get(settings.unknown_list, "see the report")
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


def _channel(row: Row, asked: Asked) -> Row:
    phone = row.get("channel_phone_number", "undefined")
    row = {name: value for name, value in row.items() if name != "channel_phone_number"}
    if asked.version == PHONES_VERSION:
        row["channel_phone_number"] = phone
    if asked.edition == "current":
        row["agents"] = [{**agent, "user_role": agent.get("user_role", "agent")} for agent in row["agents"]]
    return row


def _refs(store: Store, kind: str, dates: Dates, settings: Settings) -> Sequence[int]:
    refs = chosen(store, kind, dates, settings)
    if dates.ignored:
        refs = refs[max(0, len(refs) - settings.recent) :]
    return refs[::-1] if settings.order == "newest" else refs


def _filtered(store: Store, kind: str, refs: Sequence[int], asked: Asked) -> Sequence[int]:
    known = FILTERS if kind != "livechat" else FILTERS[:-1]
    given = {name: asked.query[name] for name in known if asked.query.get(name)}
    if asked.edition == "documented" or not given:
        return refs
    rows = ((ref, store.row(kind, ref)) for ref in refs)
    return [ref for ref, row in rows if all(row.get(name) == value for name, value in given.items())]


def _divided(store: Store, kind: str, refs: Sequence[int]) -> list[int | Item]:
    """Deliver a third of the conversations twice, the second time a few rows later."""
    items: list[int | Item] = []
    late: list[Item] = []
    for ref in refs:
        twice = (
            mix(store.seed, KINDS[kind], ref, 14) % 3 == 0 and len(store.row(kind, ref)["chat_conversation"] or ()) > 2
        )
        items.append((ref, 1 if twice else 0))
        late += [(ref, 2)] if twice else []
        if len(late) == _DIVIDED_APART:
            items += late
            late = []
    return items + late


def _pairs(
    store: Store, kind: str, items: Sequence[int | Item], asked: Asked, settings: Settings, *, is_first: bool
) -> list[tuple[str, Row]]:
    """Return the rows of a page with their ids, and with those that come on each first page."""

    def pair(ref: int, row: Row, part: int = 0) -> tuple[str, Row]:
        view = View(seed=store.seed, kind=kind, ref=ref, edition=asked.edition, part=part)
        return row["alive5_sessionID"], shown(view, row, settings)

    places = [item if isinstance(item, tuple) else (item, 0) for item in items]
    pairs = [pair(ref, row_of(store, kind, ref, settings), part) for ref, part in places]
    return pairs + [pair(*far) for far in far_rows(store, kind, settings)] if is_first else pairs


def _shift(
    store: Store, kind: str, refs: Sequence[int], number: int, *, dates: Dates, settings: Settings
) -> tuple[Effect, ...]:
    by = settings.shifting
    if by < 0:
        return tuple(Gone(kind, store.row(kind, ref)["alive5_sessionID"]) for ref in refs[:-by])
    start = min(dates.high - 1, store.moment(number))
    if settings.order == "oldest" and refs:
        start = max(dates.low, store.start(kind, refs[0]) - 1)
    return tuple(Put(kind, store.fresh(kind, made, start)) for made in range(number * by, (number + 1) * by))


def _answer(pairs: list[tuple[str, Row]], settings: Settings, beside: Row, effects: tuple[Effect, ...] = ()) -> Result:
    if pairs or settings.empty == "list":
        return Result(data=listed(pairs, settings, beside), effects=effects)
    if settings.empty == "null":
        return Result(effects=effects)
    status = 404 if settings.empty == "http_404" else 200
    return Result(code=404, error="No conversations found", status=status, effects=effects)


LISTINGS: Final = tuple(f"conversations.{kind}" for kind in KINDS)
