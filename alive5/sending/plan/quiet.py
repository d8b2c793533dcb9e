"""Quiet hours: the time of day at which nobody is texted, wherever they may be."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, time, timedelta, tzinfo
from typing import Any, Final

import attrs

from ..._sansio.validate import refuse

_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
# Quiet hours are whole minutes: looking twice a minute misses none.
_LOOK: Final = 30.0
# No quiet hours last longer in one zone; in several whose days never meet they never end.
_FARTHEST: Final = 8 * 86_400.0


@attrs.frozen
class QuietHours:
    """
    The hours from *start* to *end*, in minutes of the day; over midnight when they start later than they end.
    """

    start: int
    end: int

    @classmethod
    def read(cls, value: Any) -> QuietHours | None:
        """
        Return quiet hours as given to ``send_many``: two texts like "21:00", or None for none.
        """
        if value is None:
            return None
        if not isinstance(value, (tuple, list)) or len(value) != 2:
            raise refuse("quiet_hours", 'must be two times like ("21:00", "08:00"), or None', "sms.send_many")
        start, end = (_minutes(text) for text in value)
        if start == end:
            raise refuse("quiet_hours", "must not start when they end: None has none", "sms.send_many")
        return cls(start, end)

    def holds_at(self, moment: float, zone: tzinfo) -> bool:
        """
        Whether it is quiet in a zone.
        """
        now = datetime.fromtimestamp(moment, zone)
        minute = now.hour * 60 + now.minute
        if self.start < self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end

    def allowed_from(self, moment: float, zones: Collection[tzinfo], seconds: float) -> float | None:
        """
        Return from when on it is quiet in no zone for *seconds*; None when that never is.
        """
        at = moment
        while at <= moment + _FARTHEST:
            later = max((self._ends(at, zone, seconds) for zone in zones), default=at)
            if later == at:
                return at
            at = later
        return None

    def _ends(self, moment: float, zone: tzinfo, seconds: float) -> float:
        """Return when the quiet hours that touch a span end, or the start of the span when none do."""
        looks = [moment + _LOOK * number for number in range(int(seconds // _LOOK) + 1)]
        quiet = next((at for at in [*looks, moment + seconds] if self.holds_at(at, zone)), None)
        if quiet is None:
            return moment
        now = datetime.fromtimestamp(quiet, zone)
        day = now.date() if now.hour * 60 + now.minute < self.end else now.date() + timedelta(days=1)
        end = datetime.combine(day, time(*divmod(self.end, 60)), tzinfo=zone).timestamp()
        while not self.holds_at(end - 60, zone):
            end -= 60  # where clocks are put forward over the end, it is free from then on
        # Where clocks are put back the end comes twice, and it is quiet after the first.
        return end if end > quiet else quiet + _LOOK


def _minutes(text: Any) -> int:
    found = _TIME.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise refuse("quiet_hours", "must be times of day like 21:00", "sms.send_many")
    return int(found[1]) * 60 + int(found[2])
