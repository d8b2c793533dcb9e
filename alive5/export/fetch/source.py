"""Pages of a window: requested, taken out of the envelope and encoded for the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

import anyio.lowlevel
import attrs

from ..._core.caller import Caller
from ..._core.listing import learn_page_base, page_base
from ..._sansio import endpoints
from ..._sansio.endpoint import Edition, Endpoint, Route
from ..._sansio.envelope import Opened, rows_of
from ..._sansio.page_meta import read_meta
from ..plan.span import Span
from ..rows.encode import Encoded, Row, as_row, encode
from ..rows.pseudonyms import Pseudonyms
from .limiter import Limiter
from .paging import Page
from .sights import Sights

T = TypeVar("T")

_ENDPOINTS: Final[dict[str, Endpoint]] = {
    "livechat": endpoints.LIST_LIVECHAT,
    "sms": endpoints.LIST_SMS,
    "fbm": endpoints.LIST_FBM,
}
_FIRST_GUESS_BYTES: Final = 1 << 20
# Answers that nothing is there, of a host that was seen to say so wrongly: at one wrong in thirty, three in a row
# are one in 27,000.
_EMPTY_ANSWERS: Final = 3
# What decoded rows take in memory for a byte of JSON.
_EXPANSION: Final = 5
# A page of the usual size is one block: compressed together its lines take half the space.
_A_BLOCK: Final = 100


@attrs.define(eq=False)
class Source:
    """
    One kind's listing; ``rank`` orders requests, the oldest window's first.

    ``asks_again`` is set once an empty answer, or a short one, has proven wrong.
    """

    kind: str
    caller: Caller
    limiter: Limiter
    clock: Callable[[], float]
    edition: Edition = "documented"
    whole_days: bool = False
    largest: int = _FIRST_GUESS_BYTES
    asks_again: bool = False
    pseudonyms: Pseudonyms | None = None

    @property
    def route(self) -> Route:
        """Where and how the edition has the listing."""
        return _ENDPOINTS[self.kind].route(self.edition)

    @property
    def limit(self) -> int | None:
        """The page size to expect; None where an answer may be whole, or pages have no size."""
        return None if self.route.may_be_whole else self.route.page_size

    @property
    def base(self) -> int | None:
        """The first page's number, as documented for the edition or learned; None while unknown."""
        return page_base(self.caller, _ENDPOINTS[self.kind], self.edition)

    def learn_base(self, number: int) -> None:
        """
        Remember the first page's number, for all of the client's calls.
        """
        learn_page_base(self.caller, _ENDPOINTS[self.kind], self.edition, number)

    def forget_base(self) -> None:
        """
        Forget what was learned of the first page's number.
        """
        self.caller.shared.bases.pop((_ENDPOINTS[self.kind].operation, self.edition), None)

    async def page(
        self,
        span: Span,
        number: int,
        rank: int,
        *,
        patience: int | None = None,
        exactly: bool = False,
        surely: bool = False,
        **filters: str,
    ) -> Page:
        """
        Ask for a page by the host's own number; *exactly* asks for no day more than the span has.

        *Surely* asks again what comes empty, as all is asked once ``asks_again`` is set.
        """
        asked = span.asked(whole_days=exactly or self.whole_days)
        page = await self._page(asked, number, rank, patience, filters)
        for _ in range(_EMPTY_ANSWERS - 1 if surely or self.asks_again else 0):
            page = page if page.rows else await self._page(asked, number, rank, patience, filters)
        return page

    async def _page(
        self, asked: Span, number: int, rank: int, patience: int | None, filters: Mapping[str, str]
    ) -> Page:
        async with self.limiter.place(rank, self.largest) as land:
            opened = await self.caller.fetch(
                _ENDPOINTS[self.kind],
                {**asked.arguments(), **filters, "limit": self.route.page_size, "page": number},
                patience=patience,
                edition=self.edition,
            )
            land()
            page = await self._read_page(number, opened, asked, int(self.clock() * 1_000_000))
        self.largest = max(self.largest, _EXPANSION * sum(row.size for row in page.rows))
        return page

    async def pages(self, span: Span, numbers: Iterable[int], rank: int) -> list[Page]:
        """
        Return several pages, fetched together, in order.
        """
        chosen = list(numbers)

        async def one(number: int) -> Page:
            return await self.page(span, number, rank)

        return await self.together(one, chosen)

    async def together(self, fn: Callable[[Any], Any], items: Sequence[Any], most: int | None = None) -> list[Any]:
        """
        Return the results of *fn* for several items in order, run together, at most *most* at a time.
        """
        return await self.caller.port.fan_out(fn, items, most or len(items))

    def hidden(self, rows: list[Row]) -> list[Row]:
        """
        Return delivered rows, in which people already have their pseudonyms where an export asks for them.
        """
        return rows if self.pseudonyms is None else self.pseudonyms.replace(rows)

    async def _read_page(self, number: int, opened: Opened, span: Span, observed_us: int) -> Page:
        rows = [as_row(row) for row in rows_of(opened.data)]
        encoded, ordinals, seen = list[Encoded](), dict[bytes, int](), Sights(span.near_us(), observed_us)
        # A few rows at a time in the loop itself. In threads, each row let go of the interpreter's lock and waited
        # to get it back, which took four times as long.
        for low in range(0, len(rows), _A_BLOCK):
            if low:
                await anyio.lowlevel.checkpoint()
            some = self.hidden(rows[low : low + _A_BLOCK])
            made = encode(self.kind, some, observed_us, ordinals, usual=opened.usual)
            encoded += made
            for row, known in zip(some, made, strict=True):
                seen.add(row, known.start_us)
        return Page(
            number=number,
            rows=encoded,
            meta=read_meta(opened.data, opened.beside),
            far=seen.far,
            by_end=seen.by_end,
            by_message=seen.by_message,
            end=seen.end,
            message=seen.message,
            off_hours=span.are_astray(row.start_us for row in encoded),
            has_list=opened.has_list,
        )
