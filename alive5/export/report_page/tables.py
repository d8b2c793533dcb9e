"""The tables of the page: bounded, the rest in one row of others."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from typing import Final, NamedTuple

from ..insight.summary import BUCKETS, OFTEN, Summary, Waits, distribution, median, nine_tenths, together
from .words import exact, name_of, number, share, span

# As many as a printed page holds beside another table.
ROWS: Final = 20


class Group(NamedTuple):
    """
    Conversations of one channel or person; ``is_name`` when a stranger gave the name.
    """

    name: str
    is_name: bool
    conversations: int
    median: float | None
    nine_tenths: float | None
    business: float | None
    unanswered: int

    @property
    def cells(self) -> tuple[tuple[str, str], ...]:
        """The spans, as shown and for programs."""
        return tuple((span(value), exact(value)) for value in (self.median, self.nine_tenths, self.business))


class Line(NamedTuple):
    """
    One row with a bar: ``width`` and ``second`` are percents of the longest.
    """

    name: str
    is_name: bool
    number: int
    share: str
    width: float
    other: int | None = None
    second: float = 0.0


def groups_of(groups: Mapping[str | None, Waits], nobody: str) -> list[Group]:
    """
    Return the groups with the most conversations, and all others as one.
    """
    ordered = sorted(groups.items(), key=lambda item: (-item[1].conversations, item[0] or ""))
    rows = [_group(name_of(name, nobody), waits, is_name=name is not None) for name, waits in ordered[:ROWS]]
    rest = [waits for _, waits in ordered[ROWS:]]
    return [*rows, *([_group(f"{number(len(rest))} others", together(rest), is_name=False)] if rest else [])]


def responses_of(waits: Waits, *, with_hours: bool) -> list[Line]:
    """
    Return the distribution of first responses, by the clock and in business time; its counts make all that asked.
    """
    counts = distribution(waits.seconds)
    others = distribution(waits.business) if with_hours else []
    longest = max([*counts, *others, waits.unanswered, waits.untold, 1])
    lines = [
        Line(name, False, count, share(count, waits.asked), _of(count, longest), other, _of(other or 0, longest))
        for name, count, other in zip_longest(BUCKETS, counts, others)
    ]
    for name, count in (("unanswered", waits.unanswered), ("unknown", waits.untold)):
        lines.append(Line(name, False, count, share(count, waits.asked), _of(count, longest)))
    return lines


def tags_of(summary: Summary) -> list[Line]:
    """
    Return the commonest tags, how often all others were given, and conversations without any.
    """
    ordered = sorted(summary.tags.items(), key=lambda item: (-item[1], item[0]))
    counts: list[tuple[str, bool, int]] = [(name_of(tag, "blank"), True, count) for tag, count in ordered[:ROWS]]
    rest = ordered[ROWS:]
    if rest:
        counts.append((f"{number(len(rest))} others, together", False, sum(count for _, count in rest)))
    counts.append(("no tag", False, summary.untagged))
    return _lines(counts, summary.conversations)


def repeats_of(summary: Summary) -> list[Line]:
    """
    Return contacts by how many conversations they have.
    """
    names = ["1 conversation", *(f"{count} conversations" for count in range(2, OFTEN)), f"{OFTEN} or more"]
    counts = [(name, False, count) for name, count in zip(names, summary.repeats, strict=True)]
    return _lines(counts, len(summary.contacts))


def _group(name: str, waits: Waits, *, is_name: bool) -> Group:
    return Group(
        name,
        is_name,
        waits.conversations,
        median(waits.seconds),
        nine_tenths(waits.seconds),
        median(waits.business),
        waits.unanswered,
    )


def _lines(counts: list[tuple[str, bool, int]], whole: int) -> list[Line]:
    longest = max([count for _, _, count in counts], default=0)
    return [Line(name, is_name, count, share(count, whole), _of(count, longest)) for name, is_name, count in counts]


def _of(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0
