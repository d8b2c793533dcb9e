"""Widths of a table's columns: which fit on a terminal, and how wide each is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs

# Between two columns.
_GAP: Final = 2
# Two columns of text of this width, a time (16) and an id (36) fit on 80 columns.
_TEXT: Final = 11
# An id of 36 characters stays in one piece, which a long address need not.
_WHOLE: Final = 40


@attrs.frozen
class Size:
    """
    The width a column would like, and what becomes of it where there is less.

    Some text may be ``cut``; what is ``whole`` is folded once there is no other
    way; anything else is as wide as it is. Columns get room in the order of
    ``spare``; those of 0 are always there.
    """

    natural: int
    spare: int = 0
    whole: bool = False
    cut: bool = False

    @property
    def least(self) -> int:
        """
        The width below which another column is given up for it.
        """
        return min(self.natural, _WHOLE if self.whole else _TEXT if self.cut else self.natural)


def fit(sizes: Sequence[Size], width: int) -> dict[int, int]:
    """
    Return the widths of the columns that fit, by their place.
    """
    shown = {at: size for at, size in enumerate(sizes) if not size.spare}
    for at, size in sorted(enumerate(sizes), key=lambda one: one[1].spare):
        if size.spare and _total([size.least, *(one.least for one in shown.values())]) <= width:
            shown[at] = size
    widths = {at: shown[at].least for at in sorted(shown)}
    left = width - _total([*widths.values()])
    if left < 0:
        _fold(widths, shown, -left)
    else:
        _widen(widths, shown, left)
    return widths


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + _GAP * max(len(widths) - 1, 0)


def _fold(widths: dict[int, int], shown: dict[int, Size], over: int) -> None:
    """The widest of what may be folded gives way, a cell at a time, until it is as narrow as a text."""
    for _ in range(over):
        whole = [at for at, size in shown.items() if size.whole and widths[at] > _TEXT]
        if not whole:
            return
        widths[max(whole, key=widths.__getitem__)] -= 1


def _widen(widths: dict[int, int], shown: dict[int, Size], left: int) -> None:
    """Share what is left, alike, among those that would like more; the one that needs least goes first."""
    needy = sorted((size.natural - widths[at], at) for at, size in shown.items())
    for number, (need, at) in enumerate(needy):
        more = min(need, left // (len(needy) - number))
        widths[at] += more
        left -= more
