"""
The probes of a host: at most forty harmless reads that show which edition it speaks, fact by fact.

A request whose failing is an answer has one attempt; pages have a small limit.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

import attrs

from .. import errors
from .._sansio import wire_facts as facts
from .._sansio.decode import shape_all
from .._sansio.endpoint import EDITIONS, Edition, Endpoint
from .._sansio.endpoints import LIST_FBM, LIST_LIVECHAT, LIST_SMS
from .._sansio.envelope import rows_of
from .._sansio.later_endpoints import LIST_MESSAGES
from .._sansio.page_meta import read_meta
from .._sansio.retry import RetryPolicy
from .._sansio.window import Window, read_window
from .._sansio.wire_facts import Finding, Seen, Told
from .caller import Caller

MOST_REQUESTS: Final = 40
# How far back rows are looked for: a month, else two years.
_REACHES: Final = (30, 730)
_DAY: Final = timedelta(days=1)
_FAR_PAST: Final = date(1990, 1, 1)
_SMALL, _USUAL, _LARGE = 5, 100, 200
_NOBODYS_CHANNEL: Final = "alive5-doctor-no-such-channel"
_SPENT: Final = f"{MOST_REQUESTS} requests were made"
_END: Final = "the end date is"
_NO_VERSION: Final = "the base URL ends in no version"

OnAnswer = Callable[[str, Any], None]


@attrs.define(kw_only=True)
class _Place:
    """One listing of one edition, and what was seen of it."""

    endpoint: Endpoint
    edition: Edition
    window: Window
    first: Seen = attrs.field(factory=Seen)
    zeroth: Seen | None = None
    base: int = 1
    honoured: bool = False
    kind: str = attrs.field(init=False)
    about: str = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.kind = self.endpoint.operation.partition(".")[2]
        self.about = f"{self.edition} {self.kind}"

    @property
    def rows(self) -> list[Any]:
        return [*(self.zeroth.rows if self.zeroth else ()), *self.first.rows]

    @property
    def has_limit(self) -> bool:
        return "limit" in self.endpoint.route(self.edition).parameters


class Probing:
    """
    One examination of a host; ``findings`` grow with it, ``requests`` counts.

    *today* is the last day rows are looked for on, *on_answer* gets the data
    of each answer under its operation and edition, before it is decoded.
    ``already`` is how many requests were made for it before.
    """

    def __init__(
        self, caller: Caller, today: date, *, versioned: bool, already: int = 0, on_answer: OnAnswer | None = None
    ) -> None:
        self.findings: list[Finding] = []
        self.requests = already
        self.refused_key = False
        self._caller = caller.overheard(self._count)
        self._today = today
        self._versioned = versioned
        self._on_answer = on_answer
        self._reach = 0
        self._dated: dict[str, list[Any]] = {}

    async def run(self) -> list[Finding]:
        """
        Probe both editions and return the findings in the order of the facts.
        """
        for edition in EDITIONS:
            if edition == "documented" or self._versioned:
                await self._examine(edition)
            else:
                for kind in ("sms", "fbm", "livechat"):
                    self._add(2, f"current {kind}", "answers", Told(facts.NOT_SHOWN, _NO_VERSION), "none")
        self.findings.sort(key=lambda finding: finding.fact)
        return self.findings

    async def _examine(self, edition: Edition) -> None:
        places = [await self._find(endpoint, edition) for endpoint in (LIST_SMS, LIST_LIVECHAT, LIST_FBM)]
        sms, livechat, _ = places
        for place in places:
            told = facts.judge_answer(place.first)
            self._add(1 if edition == "documented" else 2, place.about, "answers", told, f"{place.kind}: pages 0 and 1")
            self._form(place)
        for place in (sms, livechat):
            await self._base(place)
            await self._dates(place)
        await self._cap(livechat if edition == "documented" else sms)
        # Both listings of the documented edition are one host's, with one spelling of dates.
        told_days = [place for place in (sms, livechat) if place.honoured]
        for place in told_days[:1] if edition == "documented" else told_days:
            await self._end(place)
        if not told_days:
            self._add(5, sms.about, _END, Told(facts.NOT_SHOWN, "no dates that are honoured"), "none")
        for place in (sms, livechat) if edition == "documented" else (sms,):
            await self._required(place)
        if edition == "current":
            await self._feed(sms)
            for place in (sms, livechat):
                await self._filters(place)

    async def _find(self, endpoint: Endpoint, edition: Edition) -> _Place:
        """Look for rows: a month back, else two years, where the kind before needed no more; Messenger once."""
        once = endpoint is LIST_FBM
        while True:
            start = self._today - timedelta(days=_REACHES[self._reach])
            place = _Place(endpoint=endpoint, edition=edition, window=read_window(start, self._today, None))
            place.first = await self._page(place, 1, patient=True)
            if once or place.first.failure:
                return place
            if not place.first.rows:
                place.zeroth = await self._page(place, 0)
            if place.rows or self._reach == len(_REACHES) - 1:
                break
            self._reach += 1
        place.zeroth = place.zeroth or await self._page(place, 0)
        self._dated.setdefault(place.kind, []).extend(place.rows)
        return place

    async def _base(self, place: _Place) -> None:
        number = 6 if place.kind == "livechat" else 7
        zeroth, first = place.zeroth, place.first
        alike = zeroth is not None and first.rows and zeroth.keys() == first.keys()
        second = await self._page(place, 2) if alike else None
        told = facts.judge_base(zeroth, first, second, _SMALL if place.has_limit else None)
        place.base = 0 if told.answer == "0" else 1
        pages = "pages 0, 1 and 2" if alike else "pages 0 and 1"
        self._add(number, place.about, "number of the first page", told, f"{place.kind}: {pages}")

    async def _dates(self, place: _Place) -> None:
        past = None
        if place.rows:
            past = await self._page(place, place.base, window=facts.exactly(_FAR_PAST, _FAR_PAST + _DAY))
        told = facts.judge_dates(place.window, place.rows, past)
        place.honoured = told.answer == "yes"
        number = 3 if place.edition == "documented" else 4
        self._add(number, place.about, "dates are honoured", told, f"{place.kind}: this period against 1990")

    async def _end(self, place: _Place) -> None:
        row = facts.choose_row(self._dated[place.kind])
        day = None if row is None else facts.day_of(row)
        told = Told(facts.NOT_SHOWN, "no row with a readable start")
        if row is not None and day is not None:
            short = await self._page(place, place.base, window=facts.exactly(day, day), limit=_USUAL)
            longer = None
            if not short.rows and not short.failure:
                longer = await self._page(place, place.base, window=facts.exactly(day, day + _DAY), limit=_USUAL)
            told = facts.judge_end(row, short, longer)
        self._add(5, place.about, _END, told, f"{place.kind}: a day with rows, D..D against D..D+1")

    async def _required(self, place: _Place) -> None:
        bare = None
        if not place.first.failure:
            bare = await self._ask(place.endpoint, place.edition, place.window.arguments())
        told = facts.judge_required(place.first, bare)
        self._add(8, place.about, "page and limit are required", told, f"{place.kind}: with and without them")

    async def _cap(self, place: _Place) -> None:
        large = following = None
        if len(place.rows) > 0 and len(place.first.rows) <= _SMALL:
            wide = read_window(self._today - timedelta(days=_REACHES[-1]), self._today, None)
            large = await self._page(place, place.base, window=wide, limit=_LARGE)
            self._dated[place.kind].extend(large.rows)
            if 0 < len(large.rows) < _LARGE and (large.total or 0) <= len(large.rows):
                following = await self._page(place, place.base + 1, window=wide, limit=_LARGE)
        told = facts.judge_cap((_SMALL, place.first), None if large is None else (_LARGE, large), following)
        probe = f"{place.kind}: rows with limit={_SMALL} and limit={_LARGE}"
        self._add(9, place.about, "most rows of a page", told, probe)

    async def _feed(self, sms: _Place) -> None:
        row = facts.choose_row(self._dated.get("sms", ()))
        day = (None if row is None else facts.day_of(row)) or self._today
        seen = await self._ask(LIST_MESSAGES, "current", facts.exactly(day, day + _DAY).arguments())
        told = facts.judge_answer(seen)
        self._add(10, "current messages", "the feed is there", told, "messages: a day and the next")
        if seen.rows:
            self._add(12, "current messages", "rows", Told(f"{seen.form}, {seen.listed_as}"), "messages: its answer")

    async def _filters(self, place: _Place) -> None:
        channel = next((row.channel_id for row in place.rows if row.channel_id), None)
        narrowed = impossible = None
        if channel is not None:
            narrowed = await self._page(place, place.base, channel_id=channel)
            impossible = await self._page(place, place.base, channel_id=_NOBODYS_CHANNEL)
        told = facts.judge_filter(channel, narrowed, impossible)
        probe = f"{place.kind}: channel_id of a row against an impossible one"
        self._add(11, place.about, "filters are honoured", told, probe)

    def _form(self, place: _Place) -> None:
        seen = next((seen for seen in (place.first, place.zeroth) if seen is not None and seen.rows), None)
        why = place.first.failure or "no rows"
        told = Told(facts.NOT_SHOWN, why) if seen is None else Told(f"{seen.form}, {seen.listed_as}")
        self._add(12, place.about, "rows", told, f"{place.kind}: its first answer")

    async def _page(
        self,
        place: _Place,
        number: int,
        *,
        window: Window | None = None,
        limit: int = _SMALL,
        patient: bool = False,
        **filters: str,
    ) -> Seen:
        pages = {"page": number, "limit": limit if place.has_limit else None}
        arguments = {**(window or place.window).arguments(), **filters, **pages}
        return await self._ask(place.endpoint, place.edition, arguments, patient=patient)

    async def _ask(
        self, endpoint: Endpoint, edition: Edition, arguments: dict[str, Any], *, patient: bool = False
    ) -> Seen:
        left = MOST_REQUESTS - self.requests
        if left <= 0:
            return Seen(failure=_SPENT)
        caller = attrs.evolve(self._caller, retry=RetryPolicy(attempts=2 if patient and left > 1 else 1))
        try:
            opened = await caller.fetch(endpoint, arguments, edition=edition)
        except (errors.ApiError, errors.ResponseError, errors.TransportError) as error:
            self.refused_key = self.refused_key or isinstance(error, errors.AuthenticationError)
            return facts.failed(error)
        rows = rows_of(opened.data)
        if self._on_answer is not None:
            self._on_answer(f"{endpoint.operation} {edition}", opened.data)
        told = {"listed_as": facts.describe_list(opened.data), "form": facts.describe_rows(rows)}
        meta = read_meta(opened.data, opened.beside)
        return Seen(rows=shape_all(endpoint.returns, rows), total=meta.items, **told)  # type: ignore[arg-type]

    def _count(self, _: Any) -> None:
        self.requests += 1

    def _add(self, fact: int, about: str, question: str, told: Told, probe: str) -> None:
        self.findings.append(
            Finding(fact=fact, about=about, question=question, answer=told.answer, why=told.why, probe=probe)
        )
