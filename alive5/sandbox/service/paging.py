"""Pages of a listing; pure arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import attrs

from ..settings import Settings
from .wanted import Wanted

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Pages:
    """
    A listing cut into pages, numbered from 0 here.

    ``hole`` is the page that comes short, ``kept`` how many rows it still has;
    ``starts`` is where each page begins when they are of any size.
    """

    total: int
    size: int
    step: int
    count: int
    hole: int = -1
    kept: int = 0
    starts: Sequence[int] = ()

    def rows(self, number: int, refs: Sequence[T]) -> Sequence[T]:
        """
        Return the *refs* of a page; none past the end.
        """
        if not 0 <= number < self.count:
            return ()
        if self.starts:
            return refs[slice(*[*self.starts, self.total][number : number + 2])]
        if number == self.hole:
            return refs[number * self.step : number * self.step + self.kept]
        start = number * self.step
        if -1 < self.hole < number:
            start -= self.step - self.kept
        return refs[start : start + self.size]


def cut(total: int, size: int, settings: Settings) -> Pages:
    """
    Return the pages of *total* rows, *size* each.
    """
    step = max(1, size - settings.duplicates)
    count = _count(total, size, step)
    if settings.middle_page == "full" or count < 3:
        return Pages(total=total, size=size, step=step, count=count)
    kept = 0 if settings.middle_page == "empty" else step // 2
    return Pages(
        total=total,
        size=size,
        step=step,
        count=_count(total + step - kept, size, step),
        hole=count // 2,
        kept=kept,
    )


def uneven(total: int, size: int, fits: Callable[[int, int], int]) -> Pages:
    """
    Return pages of at most *size* rows; *fits* says how many a page holds, by its number and its first row's.
    """
    starts, low = list[int](), 0
    while low < total:
        starts.append(low)
        low += max(1, min(size, fits(len(starts), low)))
    return Pages(total=total, size=size, step=size, count=len(starts), starts=starts)


def metadata(pages: Pages, wanted: Wanted, settings: Settings) -> dict[str, Any]:
    """
    Return the values beside the rows of a page.
    """
    if wanted.style == "none":
        return {}
    count, total = pages.count, pages.total
    if settings.metadata_lies == "high":
        count, total = count + 3, total + 3 * pages.size
    elif settings.metadata_lies == "low":
        count, total = (count + 1) // 2, total // 2
    if wanted.style == "totals":
        values = {"page": wanted.page, "totalPages": count, "totalRecord": total}
    else:
        values = {"page": wanted.page, "pages": max(count - 1, 0) if wanted.base == 0 else count}
    return {name: str(value) if settings.metadata_as == "text" else value for name, value in values.items()}


def index(wanted: Wanted, pages: Pages, settings: Settings) -> int:
    """
    Return the page, numbered from 0, that is given for the one wanted.
    """
    number = wanted.page - wanted.base
    if number < 0:
        return 0 if settings.page_zero == "first" else -1
    if settings.ignored_page:
        return 0
    if number >= pages.count > 0:
        return {"empty": number, "repeat": pages.count - 1, "cycle": number % pages.count}[settings.after_last]
    return number


def _count(total: int, size: int, step: int) -> int:
    return 0 if total == 0 else 1 + max(0, -(-(total - size) // step))
