"""All conversations of an export in a few numbers: what a page shows of them."""

from __future__ import annotations

import statistics
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timezone, tzinfo
from itertools import pairwise
from typing import Final

import attrs

from ...models._sides import folded
from .figures import ConversationMetrics
from .measure import local_time

BUCKETS: Final[Mapping[str, int | None]] = {
    "under 1 min": 60,
    "1 to 5 min": 300,
    "5 to 15 min": 900,
    "15 to 60 min": 3_600,
    "1 to 4 h": 14_400,
    "4 to 24 h": 86_400,
    "24 h or more": None,
}
"""The buckets of first responses, with the seconds each ends before."""
OFTEN: Final = 5
"""Contacts with so many conversations, or more, are counted together."""
_NINE_TENTHS: Final = 90


def _seconds() -> array[float]:
    return array("d")  # 8 bytes each: exact to the last conversation


@attrs.define
class Waits:
    """
    How some conversations were answered.

    ``asked`` counts those in which the customer waited; each of them is in
    ``seconds``, or is ``unanswered``, or cannot be told.
    """

    conversations: int = 0
    asked: int = 0
    unanswered: int = 0
    seconds: array[float] = attrs.field(factory=_seconds)
    business: array[float] = attrs.field(factory=_seconds)

    def add(self, row: ConversationMetrics) -> None:
        """
        Count a conversation.
        """
        self.conversations += 1
        self.asked += row.waits > 0
        self.unanswered += row.unanswered is True
        if row.first_response_seconds is not None:
            self.seconds.append(row.first_response_seconds)
        if row.first_response_business_seconds is not None:
            self.business.append(row.first_response_business_seconds)

    @property
    def untold(self) -> int:
        """How many waits have no known length, and may have been answered."""
        return self.asked - self.unanswered - len(self.seconds)


def together(all_waits: Iterable[Waits]) -> Waits:
    """
    Return several as one.
    """
    sum_ = Waits()
    for waits in all_waits:
        sum_.conversations += waits.conversations
        sum_.asked += waits.asked
        sum_.unanswered += waits.unanswered
        sum_.seconds.extend(waits.seconds)
        sum_.business.extend(waits.business)
    return sum_


def median(values: Sequence[float]) -> float | None:
    """
    Return the median; None of nothing.
    """
    return statistics.median(values) if values else None


def nine_tenths(values: Sequence[float]) -> float | None:
    """
    Return the smallest value that at least 90 % of them do not exceed; None of nothing.
    """
    return sorted(values)[-(-len(values) * _NINE_TENTHS // 100) - 1] if values else None


def distribution(values: Sequence[float]) -> list[int]:
    """
    Return how many values are in each bucket.
    """
    ordered = sorted(values)
    ends = [0, *(len(ordered) if end is None else bisect_left(ordered, end) for end in BUCKETS.values())]
    return [high - low for low, high in pairwise(ends)]


@attrs.define
class Summary:
    """
    The counts of all conversations; memory grows with contacts, and by 16 bytes with each conversation.
    """

    zone: tzinfo = timezone.utc
    kinds: Counter[str] = attrs.field(factory=Counter)
    messages: Counter[str] = attrs.field(factory=Counter)
    days: Counter[tuple[int, str]] = attrs.field(factory=Counter)
    hours: Counter[tuple[int, int]] = attrs.field(factory=Counter)
    undated: int = 0
    in_business_hours: int = 0
    waits: Waits = attrs.field(factory=Waits)
    channels: dict[str | None, Waits] = attrs.field(factory=dict)
    people: dict[str | None, Waits] = attrs.field(factory=dict)
    tags: Counter[str] = attrs.field(factory=Counter)
    untagged: int = 0
    durations: array[float] = attrs.field(factory=_seconds)
    contacts: Counter[int] = attrs.field(factory=Counter)
    without_contact: int = 0
    _names: dict[str, str] = attrs.field(factory=dict)

    def add(self, row: ConversationMetrics) -> None:
        """
        Count a conversation.
        """
        self.kinds[row.kind] += 1
        self.messages["customer"] += row.from_customer
        self.messages["agent"] += row.from_agents
        self.messages["bot"] += row.from_bots
        self.messages["unknown"] += row.from_unknown
        self._note_start(row)
        for waits in (
            self.waits,
            self.channels.setdefault(row.channel_name or row.channel_id or None, Waits()),
            self.people.setdefault(self._name(row.answered_by or row.assigned_to), Waits()),
        ):
            waits.add(row)
        self.tags.update({*(row.tags or ())})
        self.untagged += not row.tags
        if row.duration_seconds is not None:
            self.durations.append(row.duration_seconds)
        if row.contact_key is None:
            self.without_contact += 1
        else:
            self.contacts[int(row.contact_key, 16)] += 1

    def _note_start(self, row: ConversationMetrics) -> None:
        self.in_business_hours += row.in_business_hours is True
        if row.started is None or row.weekday is None or row.hour is None:
            self.undated += 1
            return
        self.days[local_time(row.started, self.zone).toordinal(), row.kind] += 1
        self.hours[row.weekday, row.hour] += 1

    def _name(self, name: str | None) -> str | None:
        """Return the spelling in which a name came first."""
        return None if name is None else self._names.setdefault(folded(name), name)

    @property
    def conversations(self) -> int:
        """How many there are."""
        return self.kinds.total()

    @property
    def repeats(self) -> list[int]:
        """How many contacts have one conversation, two, and so on; the last has all with ``OFTEN`` or more."""
        counts = Counter(min(count, OFTEN) for count in self.contacts.values())
        return [counts[number] for number in range(1, OFTEN + 1)]
