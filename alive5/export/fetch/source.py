"""Pages of a window: requested, taken out of the envelope and encoded for the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

import anyio.lowlevel
import attrs

from ..._core.caller import Caller
from ..._sansio import endpoints
from ..._sansio.endpoints import Endpoint
from ..._sansio.envelope import Opened, rows_of
from ..._sansio.paging import read_meta
from ..plan.span import Span
from ..rows.encode import Encoded, as_row, encode, is_far
from .limiter import Limiter
from .paging import Page

T = TypeVar("T")

# The page size asked for, the client's default; hosts that serve fewer rows show it by their pages.
LIMIT: Final = 100
_ENDPOINTS: Final[dict[str, Endpoint]] = {
    "livechat": endpoints.LIST_LIVECHAT,
    "sms": endpoints.LIST_SMS,
    "fbm": endpoints.LIST_FBM,
}
_PAGING_KEYS: Final = frozenset(("page", "pages", "totalPages", "totalRecord", "Items", "items"))
# Size of the first response, before any is known: a hundred rows of 10 KiB.
_FIRST_GUESS_BYTES: Final = 1 << 20
# What decoded rows take in memory for a byte of JSON.
_EXPANSION: Final = 5
# A page of the usual size is one block: compressed together its lines take half the space.
_A_BLOCK: Final = 100


@attrs.define(eq=False)
class Source:
    """
    One kind's listing; ``rank`` orders requests, the oldest window's first.
    """

    kind: str
    caller: Caller
    limiter: Limiter
    clock: Callable[[], float]
    largest: int = _FIRST_GUESS_BYTES

    @property
    def limit(self) -> int | None:
        """The page size to ask for; None for kinds documented without pages."""
        return LIMIT if self.kind == "livechat" else None

    async def page(self, span: Span, number: int | None, rank: int, *, patience: int | None = None) -> Page:
        """
        Return a page by the host's own number.
        """
        async with self.limiter.place(rank, self.largest) as land:
            opened = await self.caller.fetch(
                _ENDPOINTS[self.kind],
                {**span.arguments(), "limit": self.limit, "page": number},
                patience=patience,
            )
            land()
            page = await _page(self.kind, number, opened, span, int(self.clock() * 1_000_000))
        self.largest = max(self.largest, _EXPANSION * sum(row.size for row in page.rows))
        return page

    async def pages(self, span: Span, numbers: Iterable[int | None], rank: int) -> list[Page]:
        """
        Return several pages, fetched together, in order.
        """
        chosen = list(numbers)

        async def one(number: int | None) -> Page:
            return await self.page(span, number, rank)

        return await self.together(one, chosen)

    async def together(self, fn: Callable[[Any], Any], items: list[Any]) -> list[Any]:
        """
        Return the results of *fn* for several items, run together.
        """
        return await self.caller.port.fan_out(fn, items, len(items))


async def _page(kind: str, number: int | None, opened: Opened, span: Span, observed_us: int) -> Page:
    rows = [as_row(row) for row in rows_of(opened.data)]
    near = span.near_us()
    encoded, ordinals, far = list[Encoded](), dict[bytes, int](), False
    # A few rows at a time in the loop itself. In threads, each row let go of the interpreter's lock and waited
    # to get it back, which took four times as long.
    for low in range(0, len(rows), _A_BLOCK):
        if low:
            await anyio.lowlevel.checkpoint()
        some = rows[low : low + _A_BLOCK]
        made = encode(kind, some, observed_us, ordinals)
        encoded += made
        far = far or any(is_far(row, known.start_us, *near) for row, known in zip(some, made, strict=True))
    return Page(
        number=number,
        rows=encoded,
        meta=read_meta(opened.data, opened.beside),
        out_of_window=far,
        off_hours=span.are_astray(row.start_us for row in encoded),
        malformed=not rows and _is_malformed(opened.data),
    )


def _is_malformed(data: Any) -> bool:
    if isinstance(data, dict):
        listed = data["Items"] if "Items" in data else data.get("items")
        return bool(data.keys() - _PAGING_KEYS) or not (listed is None or isinstance(listed, (list, dict)))
    return bool(data) and not isinstance(data, list)
