"""Reports of a period."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from .. import models
from .._lazy import importing
from .._sansio import later_endpoints as endpoints
from .._sansio.decode import shape_all
from .._sansio.endpoint import Endpoint
from .._sansio.envelope import rows_of
from .._sansio.later_answers import rows_by_thread
from .._sansio.validate import identifier, refuse
from ._base import AsyncResource

_OFFSET = re.compile(r"[+-]?\d{1,2}:?\d{2}", re.ASCII)


class AsyncReports(AsyncResource):
    """
    What the service counts and gathers in a period.

    It works by whole days, to which instants are widened, and its rule of what
    belongs to a day is not known. ``botflow`` is the name of one, or "All".
    """

    async def performance(
        self, *, start: date | datetime | str, end: date | datetime | str, timezone_offset: str | None = None
    ) -> models.PerformanceReport:
        """
        Return the conversations of each channel and each agent.

        ``timezone_offset`` says whose days they are, as in "-500". Calls
        ``GET /performance-reporting``. Documented in 2026 only, never tried.
        """
        if timezone_offset is not None and not _is_offset(timezone_offset):
            raise refuse("timezone_offset", "must be hours and minutes, as in -500 or +0530")
        arguments = {**self._days(start, end), "timezone_offset": timezone_offset}
        report: models.PerformanceReport = await self._caller.call(endpoints.GET_PERFORMANCE, arguments)
        return report

    async def bots(
        self, *, start: date | datetime | str, end: date | datetime | str, botflow: str = "All"
    ) -> list[models.BotExchange]:
        """
        Return what bots wrote and visitors replied.

        Calls ``GET /get-bots-reporting``. Documented in 2021, never tried.
        """
        return await self._exchanges(endpoints.GET_BOTS, start, end, botflow)

    async def free_text(
        self, *, start: date | datetime | str, end: date | datetime | str, botflow: str = "All"
    ) -> list[models.BotExchange]:
        """
        Return the replies to open questions of bots.

        Calls ``GET /get-freetext-reporting``. Documented in 2021, never tried.
        """
        return await self._exchanges(endpoints.GET_FREE_TEXT, start, end, botflow)

    async def multiple_choice(
        self, *, start: date | datetime | str, end: date | datetime | str, botflow: str = "All"
    ) -> list[models.BotExchange]:
        """
        Return the replies to questions of bots that give a choice.

        Calls ``GET /get-multiplequestion-reporting``. Documented in 2021, never tried.
        """
        return await self._exchanges(endpoints.GET_MULTIPLE_CHOICE, start, end, botflow)

    async def faq(
        self, *, start: date | datetime | str, end: date | datetime | str, botflow: str = "All"
    ) -> list[models.FaqExchange]:
        """
        Return the questions visitors asked the FAQ bot, with its answers.

        Calls ``GET /get-faq-reporting``. Documented in 2021 and, with other
        values, in 2026; never tried.
        """
        return await self._exchanges(endpoints.GET_FAQ, start, end, botflow)

    async def _exchanges(self, endpoint: Endpoint, start: Any, end: Any, botflow: str) -> list[Any]:
        arguments = {**self._days(start, end), "botflow": identifier("botflow", botflow)}
        opened = await self._caller.fetch(endpoint, arguments)
        return shape_all(endpoint.returns, rows_of(rows_by_thread(opened.data)))

    def _days(self, start: Any, end: Any) -> dict[str, str]:
        for name, value in {"start": start, "end": end}.items():
            if value is None:
                raise refuse(name, "is needed for a report")
        with importing():
            from .._sansio.window import read_window

        return read_window(start, end, self._caller.tz, padding=False).arguments()


def _is_offset(value: Any) -> bool:
    return isinstance(value, str) and _OFFSET.fullmatch(value) is not None
