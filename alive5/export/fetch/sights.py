"""What the rows of one answer tell of the moment a host chooses them by; pure."""

from __future__ import annotations

import attrs

from ..rows.encode import OLDEST_US, Row, endings_us, sight_in


@attrs.frozen(order=True)
class Lasting:
    """
    How long a conversation went on, when that was over, and its start, in epoch microseconds.
    """

    us: int = 0
    last_us: int = 0
    start_us: int = 0


@attrs.frozen
class Told:
    """
    What rows tell of their end, or of their last message, as the moment a host may choose them by.

    ``excluded`` says that one came for which it lies far past what was asked for;
    ``longest`` is the conversation in which it came longest after the start.
    """

    excluded: bool = False
    longest: Lasting = Lasting()

    def joined(self, other: Told) -> Told:
        """
        Return what both tell.
        """
        return Told(self.excluded or other.excluded, max(self.longest, other.longest))


@attrs.define
class Sights:
    """
    What was seen of rows ``near`` what was asked for, and of those outside, by times that were over at *observed_us*.
    """

    near: tuple[int, int]
    observed_us: int
    far: int = 0
    by_end: bool = False
    by_message: bool = False
    end: Told = Told()
    message: Told = Told()

    def add(self, row: Row, start: int | None) -> None:
        """
        Add a row that began at *start*.
        """
        sight = sight_in(row, start, *self.near)
        if sight != "inside":
            self.far += sight == "far"
            self.by_end = self.by_end or sight == "by_end"
            self.by_message = self.by_message or sight == "by_message"
        if start is not None and start >= OLDEST_US:
            end, said = endings_us(row)
            self.end, self.message = self._told(self.end, start, end), self._told(self.message, start, said)

    def _told(self, known: Told, start: int, moment: int | None) -> Told:
        # A time that is yet to come stands for none, as 9999-12-31 does.
        if moment is None or moment > self.observed_us:
            return known
        excluded = known.excluded or self.near[0] <= start < self.near[1] <= moment
        if moment - start > known.longest.us:
            return Told(excluded, Lasting(moment - start, moment, start))
        return known if excluded == known.excluded else Told(excluded, known.longest)
