"""
Reading ahead: how many pages of a listing are asked for before they are wanted.

Nothing may be in flight between two items, so that pages are read ahead only
while one is waited for, and all of them are awaited before it is handed out.
"""

from __future__ import annotations

from typing import Final

import attrs

# Each time requests in flight come to their end, connections lie idle for a part of a round. After 8 rounds that is a
# tenth of the time; after 16 no less was measured, and a reader waits twice as long for the page they want.
ROUNDS: Final = 8
# A chat of 12 messages takes 7 KiB: 70 MiB.
ROWS: Final = 10_000


@attrs.define
class LookAhead:
    """
    How far a listing is read ahead, with *flight* requests at once.

    The first page is asked for alone, then no more pages than were read
    before and one round: a reader who stops early wastes few requests.
    ``rows`` is how many may lie ready, and one page more; None is any number.
    ``keeps`` says that the reader keeps all rows and waits for the last.
    """

    flight: int
    rows: int | None = ROWS
    keeps: bool = False
    largest: int = attrs.field(default=0, init=False)

    def see(self, rows: int) -> None:
        """
        Notice how many rows a page has: as many may be on those asked for.
        """
        self.largest = max(self.largest, rows)

    def pages(self, read: int) -> int:
        """
        Return how many pages to ask for, the one waited for among them, after *read* pages.
        """
        if self.flight == 1 or not read:
            return 1
        most = read + self.flight - 1
        return most if self.keeps else min(most, ROUNDS * self.flight)

    def has_room(self, ahead: int) -> bool:
        """
        Whether one more page may be asked for, after *ahead* pages that nobody has read yet.
        """
        return not ahead or self.rows is None or ahead * self.largest < self.rows
