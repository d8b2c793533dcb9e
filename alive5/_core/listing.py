"""The request of a listing, and its warnings when it is incomplete."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

import attrs

from .. import errors
from .._sansio.decode import shape_all
from .._sansio.endpoints import Endpoint
from .._sansio.envelope import Opened, rows_of
from .._sansio.paging import Fetched, Reading, read_meta
from .._sansio.window import Window
from ..models import Conversation
from .caller import Caller

C = TypeVar("C", bound=Conversation)
P = TypeVar("P")

# Retries of page 0 after server errors: a host without a page 0 may fail there for ever, and each retry delays the
# whole listing. Two ride out a short outage.
PATIENCE: Final = 2

_FLAWS = ("window_ignored", "page_repeated", "falls_short")
_PACKAGE = str(Path(__file__).parents[1])


@attrs.frozen(kw_only=True, repr=False)
class Listing(Generic[C]):
    """
    The request of a listing; ``limit`` is None for those documented without pages.
    """

    caller: Caller
    endpoint: Endpoint
    window: Window
    limit: int | None = None
    start: int = 1
    prefetch: int = 1
    strict: bool = False

    async def fetch(self, wire: int | None, patience: int | None = None) -> Fetched[C]:
        """
        Fetch one page by the host's own number, or without one.
        """
        arguments: dict[str, Any] = {**self.window.arguments(), "limit": self.limit, "page": wire}
        opened: Opened = await self.caller.fetch(self.endpoint, arguments, patience=patience)
        rows: list[Any] = shape_all(self.endpoint.returns, rows_of(opened.data))
        return Fetched(rows, read_meta(opened.data, opened.beside))

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
            warn(f"{where}: {text}", errors.WindowIgnoredWarning)
        if "page_repeated" in news:
            text = "the server repeated a page; more conversations may exist"
            warn(f"{where}: {text}", errors.PageRepeatedWarning)
        if "falls_short" in news:
            warn(f"{where}: {'; '.join(reading.issues)}", errors.Alive5Warning)


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
