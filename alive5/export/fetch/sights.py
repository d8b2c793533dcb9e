"""What the rows of one answer tell of the moment a host chooses them by; pure."""

from __future__ import annotations

from typing import Final

import attrs

from ..._sansio.window import OLDEST_START
from ..plan.span import day_start
from ..rows.encode import Row, endings_us, sight_in

OLDEST_US: Final = day_start(OLDEST_START.date()) * 1_000_000


@attrs.frozen(order=True)
class Lasting:
    """
    How long a conversation went on, when its last message or its end was, and its start, in epoch microseconds.
    """

    us: int = 0
    last_us: int = 0
    start_us: int = 0


@attrs.define
class Sights:
    """
    What was seen of rows ``near`` what was asked for and of those outside.

    ``by_start`` says that one came though it went on far past it, which only
    its start explains; ``longest`` is the conversation that went on for
    longest, by times that were over at *observed_us*.
    """

    near: tuple[int, int]
    observed_us: int
    far: int = 0
    by_end: bool = False
    by_message: bool = False
    by_start: bool = False
    longest: Lasting = Lasting()

    def add(self, row: Row, start: int | None) -> None:
        """
        Add a row that began at *start*.
        """
        sight = sight_in(row, start, *self.near)
        if sight != "inside":
            self.far += sight == "far"
            self.by_end = self.by_end or sight == "by_end"
            self.by_message = self.by_message or sight == "by_message"
        # A time that is yet to come stands for none, as 9999-12-31 does.
        endings = [moment for moment in endings_us(row) if moment <= self.observed_us]
        if start is None or start < OLDEST_US or not endings:
            return
        self.by_start = self.by_start or self.near[0] <= start < self.near[1] <= min(endings)
        last = max(endings)
        if last - start > self.longest.us:
            self.longest = Lasting(last - start, last, start)
