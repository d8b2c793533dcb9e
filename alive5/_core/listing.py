"""The request of a listing, and its warnings when it is incomplete."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Awaitable, Mapping
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

import attrs

from .. import errors
from .._sansio.decode import shape_all
from .._sansio.endpoint import Edition, Endpoint, Route
from .._sansio.envelope import rows_of
from .._sansio.fetched import Fetched
from .._sansio.page_meta import read_meta
from .._sansio.paging import Reading
from .._sansio.window import Window
from ..models.listing import Listed
from .caller import Caller

C = TypeVar("C", bound=Listed)
P = TypeVar("P")

# Retries of page 0 after server errors: a host without a page 0 may fail there for ever, and each retry delays the
# whole listing. Two ride out a short outage.
PATIENCE: Final = 2

_FLAWS = ("window_ignored", "page_repeated", "falls_short")
_PACKAGE = str(Path(__file__).parents[1])


@attrs.frozen(kw_only=True, repr=False)
class Listing(Generic[C]):
    """
    The request of a listing; ``limit`` is the page size asked for, None for that of the edition.
    """

    caller: Caller
    endpoint: Endpoint
    window: Window = Window()
    filters: Mapping[str, str | None] = attrs.field(factory=dict)
    limit: int | None = None
    start: int = 1
    prefetch: int = 1
    strict: bool = False
    edition: Edition = attrs.field(default=attrs.Factory(lambda self: self.caller.edition, takes_self=True))

    @property
    def route(self) -> Route:
        """Where and how the edition has the listing."""
        return self.endpoint.route(self.edition)

    @property
    def size(self) -> int | None:
        """The page size asked for; None where pages have no size."""
        return self.route.page_size if self.limit is None or self.route.page_size is None else self.limit

    @property
    def base(self) -> int | None:
        """The first page's number, as documented for the edition or learned; None while unknown."""
        return page_base(self.caller, self.endpoint, self.edition)

    def learn_base(self, number: int) -> None:
        """
        Remember the first page's number, for this operation and edition.
        """
        learn_page_base(self.caller, self.endpoint, self.edition, number)

    def reading(self) -> Reading[C]:
        """
        Return a new reading of the listing.
        """
        route = self.route
        return Reading(window=self.window, limit=self.size, start=self.start, may_be_whole=route.may_be_whole)

    async def fetch(self, wire: int, patience: int | None = None) -> Fetched[C]:
        """
        Fetch one page by the host's own number.
        """
        # Where no pages are documented, the first is asked for without a number, and is all unless it promises more.
        unnumbered = "page" not in self.route.parameters and wire == self.base
        page = None if unnumbered else wire
        arguments = {**self.window.arguments(), **self.filters, "limit": self.size, "page": page}
        opened = await self.caller.fetch(self.endpoint, arguments, patience=patience, edition=self.edition)
        rows: list[Any] = self.caller.noted(shape_all(self.endpoint.returns, rows_of(opened.data)))
        meta = read_meta(opened.data, opened.beside)
        if unnumbered and meta.pages is None:
            meta = attrs.evolve(meta, page=wire, pages=wire)
        return Fetched(rows, meta, opened.has_list)

    def warn(self, reading: Reading[C], warned: set[str]) -> None:
        """
        Warn once of each flaw that makes the listing incomplete; raise an error when it is strict.
        """
        news = {name for name in _FLAWS if getattr(reading, name)} - warned
        warned |= news
        where = f"{self.endpoint.operation} {self.window}"
        if self.strict and news:
            report = reading.report()
            text = f"the listing {self.window} is not complete: {'; '.join(report.issues)}"
            raise errors.IncompleteListingError(text, report=report, operation=self.endpoint.operation)
        if "window_ignored" in news:
            text = "the server ignored the dates; only rows of the window are returned, and more may exist"
            if self.edition == "documented" and self.endpoint.current is not None:
                text += '; try edition="current"'
            warn(f"{where}: {text}", errors.WindowIgnoredWarning)
        if "page_repeated" in news:
            text = "the server repeated a page; more conversations may exist"
            warn(f"{where}: {text}", errors.PageRepeatedWarning)
        if "falls_short" in news:
            warn(f"{where}: {'; '.join(reading.issues)}", errors.Alive5Warning)


def page_base(caller: Caller, endpoint: Endpoint, edition: Edition) -> int | None:
    """
    Return the first page's number, as documented for the edition or learned; None while unknown.
    """
    known = endpoint.route(edition).page_base
    return caller.shared.bases.get((endpoint.operation, edition)) if known is None else known


def learn_page_base(caller: Caller, endpoint: Endpoint, edition: Edition, number: int) -> None:
    """
    Remember the first page's number, for this operation and edition alone.
    """
    caller.shared.bases[endpoint.operation, edition] = number


async def page_zero(asking: Awaitable[P], refused: P) -> P | None:
    """
    Return page 0: *refused* when the host has none, None when it could not be read.

    :raises AuthenticationError, RateLimitError: which concern the whole client, not the page.
    """
    try:
        return await asking
    except (errors.AuthenticationError, errors.RateLimitError):
        raise
    except (errors.BadRequestError, errors.NotFoundError):
        return refused
    except (errors.ApiError, errors.ResponseError, errors.TransportError):
        return None


def warn(text: str, kind: type[errors.Alive5Warning]) -> None:
    """
    Warn at the line outside of this package that reads the listing.
    """
    # The line to show is the first one outside; skip_file_prefixes came with Python 3.12 only.
    level, frame = 1, sys._getframe()
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        level, frame = level + 1, frame.f_back
    warnings.warn(text, kind, stacklevel=level)
