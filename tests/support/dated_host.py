"""A host on paper whose dates mean what a test says: a boundary or a day, of any zone, in either edition."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any, Literal

import attrs

from support.scripted import Sent, reply

_DAY = timedelta(days=1)


def noon_rows(first: datetime, days: int, a_day: int) -> list[dict[str, Any]]:
    """
    Return rows spread over each of some days, the earliest and latest second included.
    """
    step = 86_399 / max(a_day - 1, 1)
    starts = [first + day * _DAY + timedelta(seconds=int(step * n)) for day in range(days) for n in range(a_day)]
    return [
        {
            "alive5_sessionID": f"s{number}",
            "start_time": int(start.timestamp() * 1000),
            "end_time": int(start.timestamp() * 1000) + 60_000,
            "chat_conversation": [],
        }
        for number, start in enumerate(starts)
    ]


@attrs.define
class DatedHost:
    """
    Rows by start; ``end_date`` says whether the end date's own day is part of an answer.

    ``zone`` is the offset of the host's days in hours. ``base`` is None for a
    host that counts as its edition says: livechat from 0 in the current one.
    """

    rows: list[dict[str, Any]]
    end_date: Literal["boundary", "day"] = "day"
    zone: float = 0
    size: int = 50
    base: int | None = None
    needs_pages: bool = False
    ignores_dates: Callable[[Sent], bool] = lambda sent: False
    calls: list[Sent] = attrs.field(factory=list)
    lock: Any = attrs.field(factory=threading.Lock)

    def __call__(self, sent: Sent) -> Any:
        with self.lock:
            self.calls.append(sent)
        query = sent.query
        if self.needs_pages and not {"page", "limit"} <= query.keys() and not sent.version:
            return reply({}, code=400, error={})
        bounds = self._bounds(query)
        found = self.rows
        if not self.ignores_dates(sent) and bounds is not None:
            found = [row for row in self.rows if bounds[0] <= row["start_time"] / 1000 < bounds[1]]
        base = (0 if sent.version == "2.0" else 1) if self.base is None else self.base
        low = (int(query.get("page", base)) - base) * self.size
        return reply(found[low : low + self.size] if low >= 0 else [])

    def _bounds(self, query: dict[str, str]) -> tuple[float, float] | None:
        for first, last in (("date_start", "date_end"), ("datetime_from", "datetime_to"), ("date-start", "date-end")):
            if first in query:
                extra = _DAY if self.end_date == "day" else timedelta()
                return self._at(query[first]).timestamp(), (self._at(query[last]) + extra).timestamp()
        return None

    def _at(self, day: str) -> datetime:
        zone = timezone(timedelta(hours=self.zone))
        return datetime.strptime(day[:10], "%m-%d-%Y").replace(tzinfo=zone)
