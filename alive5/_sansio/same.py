"""
Whether two rows of one id are one conversation, delivered twice, or two that share it.

Deliveries of one have a message in common, or a start and nobody who differs.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from .. import models
from ..models._times import read_any
from .reshape import place_of_messages, value_of
from .unite import Row, Said, entries_of, said, said_by

# A start may be written in whole seconds once and to the millisecond another time.
_SAME: Final = timedelta(seconds=1)
_SAME_US: Final = _SAME // timedelta(microseconds=1)
# Who spoke to whom, which no delivery changes.
_WHO: Final = ("channel_id", "crm_id", "contacts_email", "contacts_phone")


class _Known(NamedTuple):
    """What is known of a conversation to tell it from others."""

    start: datetime | None
    messages: list[Said]
    people: list[Any]


def are_one(first: Row, second: Row) -> bool:
    """
    Whether two delivered rows of one id are one conversation.
    """
    return _are_one(_of_row(first), _of_row(second))


def are_one_conversation(first: models.Conversation, second: models.Conversation) -> bool:
    """
    Whether two conversations of one id, of a listing, are one.
    """
    return _are_one(_of_model(first), _of_model(second))


def may_be_one(first: datetime | None, second: datetime | None) -> bool:
    """
    Whether two starts may be of one conversation; one that is not known may.
    """
    return first is None or second is None or abs(first - second) <= _SAME


def starts_agree(first_us: int | None, second_us: int | None) -> bool:
    """
    Whether two starts in epoch microseconds may be of one conversation; one that is not known may.
    """
    return first_us is None or second_us is None or abs(first_us - second_us) <= _SAME_US


def _of_row(row: Row) -> _Known:
    return _Known(
        read_any(value_of(row, "start_time")),
        [said(entry) for entry in entries_of(row, place_of_messages(row))],
        [value_of(row, name) for name in _WHO],
    )


def _of_model(one: models.Conversation) -> _Known:
    people = [getattr(one, name, None) for name in _WHO]
    return _Known(one.start_time, [said_by(message) for message in one.chat_conversation], people)


def _are_one(first: _Known, second: _Known) -> bool:
    named = {one.name: one.moment for one in first.messages if one.name}
    agreeing = [may_be_one(named[one.name], one.moment) for one in second.messages if one.name in named]
    contents = {one.content for one in first.messages if one.moment is not None}
    if any(agreeing) or any(one.content in contents for one in second.messages):
        return True
    if agreeing or not may_be_one(first.start, second.start):
        return False
    return not any(_differ(one, other) for one, other in zip(first.people, second.people, strict=True))


def _differ(first: Any, second: Any) -> bool:
    return first.__class__ is str and second.__class__ is str and bool(first and second) and first != second
