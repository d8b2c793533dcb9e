"""From the rows of one conversation to its figures."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any

import attrs

from ...models._sides import Directory, Side, folded, parties_of, side_of
from .contact import contact_key, show_key
from .figures import ConversationMetrics
from .hours import BusinessHours
from .waits import Said, Wait, in_time, is_unanswered, waits_of

Row = Mapping[str, Any]


@attrs.define
class Account:
    """
    What all conversations of an export say together, learned in a first pass.

    ``agents`` and ``bots`` are names besides those found. Of contacts it
    remembers a key of 8 bytes and when the first conversation began.
    """

    agents: set[str] = attrs.field(factory=set)
    bots: frozenset[str] = frozenset()
    lines: set[str] = attrs.field(factory=set)
    first: dict[int, datetime] = attrs.field(factory=dict)

    def learn(self, row: Row) -> None:
        """
        Remember of a conversation its agents, its number of the account and its contact.
        """
        self.agents.update(filter(None, (row["assigned_to"], row["agent_id"])))
        self.lines.update(filter(None, (row["alive_sms_phone_number"],)))
        key, start = contact_key(row), row["start_time"]
        if key is not None and start is not None:
            self.first[key] = min(start, self.first.get(key, start))

    def directory(self) -> Directory:
        """
        Return the directory all this makes.
        """
        return Directory.of(self.agents, self.bots, self.lines)

    def is_returning(self, key: int | None, start: datetime | None) -> bool | None:
        """
        Whether a contact had a conversation that began before; None when one of both is unknown.
        """
        return None if key is None or start is None else self.first[key] < start


@attrs.frozen
class Measure:
    """
    Reader of figures: the account, the zone of days and hours, and the business hours.
    """

    account: Account
    zone: tzinfo = timezone.utc
    hours: BusinessHours | None = None
    _directory: Directory = attrs.field(
        init=False, default=attrs.Factory(lambda self: self.account.directory(), takes_self=True)
    )

    def measure(self, row: Row, messages: Iterable[Row]) -> ConversationMetrics:
        """
        Return the figures of a row and its messages, which are in the delivered order.
        """
        said = in_time(self._said(row, messages))
        waits = waits_of(said)
        counts = Counter(message.side for message in said)
        key = contact_key(row)
        return ConversationMetrics(
            **{name: row[name] for name in ("kind", "session_id", "channel_id", "channel_name", "assigned_to")},
            agents=_agents(said),
            tags=None if row["tags"] is None else tuple(row["tags"]),
            **self._start(row["start_time"]),
            duration_seconds=_duration(row["start_time"], row["end_time"]),
            n_messages=len(said),
            from_customer=counts["customer"],
            from_agents=counts["agent"],
            from_bots=counts["bot"],
            from_unknown=counts["unknown"],
            undated=sum(message.at is None for message in said),
            **self._responses(waits),
            unanswered=is_unanswered(said, waits),
            contact_key=show_key(key),
            returning_contact=self.account.is_returning(key, row["start_time"]),
        )

    def _said(self, row: Row, messages: Iterable[Row]) -> list[Said]:
        parties = parties_of(row.get)
        sides: dict[str | None, Side] = {}
        said = []
        for message in messages:
            author = message["created_by"]
            if author not in sides:
                sides[author] = side_of(author, parties, self._directory)
            said.append(Said(message["created_at"], author, sides[author]))
        return said

    def _start(self, start: datetime | None) -> dict[str, Any]:
        if start is None:
            return {"started": None, "weekday": None, "hour": None, "in_business_hours": None}
        local = local_time(start, self.zone)
        return {
            "started": start,
            "weekday": local.isoweekday(),
            "hour": local.hour,
            "in_business_hours": None if self.hours is None else self.hours.is_open(start, self.zone),
        }

    def _responses(self, waits: list[Wait]) -> dict[str, Any]:
        answered = [wait for wait in waits if wait.answer is not None]
        first = answered[0] if answered else None
        later = [seconds for wait in answered[1:] if (seconds := wait.seconds) is not None]
        business = None if first is None else self._business(first)
        return {
            "waits": len(waits),
            "first_response_seconds": None if first is None else first.seconds,
            "first_response_business_seconds": None if business is None else business.total_seconds(),
            "later_response_median_seconds": statistics.median(later) if later else None,
            "later_response_longest_seconds": max(later, default=None),
            "answered_by": first.answer.author if first is not None and first.answer is not None else None,
        }

    def _business(self, wait: Wait) -> timedelta | None:
        asked, answer = wait
        if self.hours is None or answer is None or answer.at is None or asked.at is None:
            return None
        return self.hours.between(asked.at, answer.at, self.zone)


def _agents(said: Iterable[Said]) -> tuple[str, ...]:
    names: dict[str, str] = {}
    for message in said:
        if message.side == "agent" and message.author is not None:
            names.setdefault(folded(message.author), message.author)
    return tuple(names.values())


def _duration(start: datetime | None, end: datetime | None) -> float | None:
    """Return the seconds of a conversation; None when its end is missing, or before its start."""
    return (end - start).total_seconds() if start is not None and end is not None and end >= start else None


def local_time(moment: datetime, zone: tzinfo) -> datetime:
    """
    Return a time as the clocks of a zone show it; at the ends of the calendar, as it is.
    """
    try:
        return moment.astimezone(zone)
    except (OverflowError, ValueError):
        return moment
