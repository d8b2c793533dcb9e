"""The figures at the top of the page, and the formula of every figure on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from ..insight.summary import Summary, median, nine_tenths
from .words import exact, number, share, span

QUICK: Final = 5 * 60
"""A first response sooner than that is called quick."""

_ASKED: Final = "conversations in which the customer wrote and an agent had to answer"
FORMULAS: Final = {
    "Conversations": "All conversations of the export.",
    "Messages": "All messages of the conversations.",
    "First response": "Median of the first responses: from the customer's first message after the start to the next "
    "message of an agent. Bots do not count.",
    "First response, 90 %": "Nine of ten first responses took this long or less.",
    "First response in business hours": "The same median, of which only the time within the business hours counts.",
    "First response in business hours, 90 %": "Nine of ten first responses took so much business time or less.",
    "Answered within 5 minutes": f"First responses under 5 minutes, divided by the {_ASKED}.",
    "Unanswered": "The customer wrote, and no agent after that. Where an unknown author may have been the agent, "
    "it is not counted.",
    "Began in business hours": "Conversations that began within the business hours, divided by those whose start is "
    "known.",
    "Duration": "Median of the time from start to end, of conversations that have ended.",
    "Contacts": "Different people: by phone number, else by e-mail address, else by the contact's id.",
    "Contacts that came again": "Contacts with two conversations or more, divided by all contacts.",
    "Unknown authors": "Messages of which nobody can say who wrote them, divided by all messages.",
    "Conversations by period": "Conversations by the week, month or year they began in, in the zone of the page.",
    "Conversations by weekday and hour": "Conversations by the weekday and the hour they began in, in the zone of "
    "the page.",
    "First responses": f"First responses by how long they took, of all {_ASKED}. Unknown: a time cannot be read, or "
    "an unknown author may have answered.",
    "Channels": "By the channel's name, else by its id: all conversations, median and 90 % of the first responses, and "
    "unanswered ones.",
    "People": "A conversation counts for the agent who gave the first response; without one, for whom it is assigned "
    "to. Columns as for channels.",
    "Tags": "Conversations that bear a tag, divided by all conversations. One may bear several.",
    "Repeat contacts": "Contacts by how many conversations they have in this export, divided by all contacts. "
    "Conversations without a contact are left out.",
}


_SIDES: Final = ("customer", "agent", "bot", "unknown")


class Card(NamedTuple):
    """
    One figure: its name in ``FORMULAS``, its value as shown and for programs, and a note.
    """

    name: str
    shown: str
    value: str
    note: str = ""


def cards_of(summary: Summary, *, with_hours: bool) -> list[Card]:
    """
    Return the figures of an export; those of business hours where these are known.
    """
    messages, contacts = summary.messages.total(), len(summary.contacts)
    again = contacts - summary.repeats[0]
    unknown = summary.messages["unknown"]
    return [
        _count("Conversations", summary.conversations),
        _count("Messages", messages, ", ".join(f"{number(summary.messages[side])} {side}" for side in _SIDES)),
        *_responses(summary, with_hours=with_hours),
        *([_share("Began in business hours", summary.in_business_hours, summary.hours.total())] if with_hours else []),
        _span("Duration", median(summary.durations)),
        _count("Contacts", contacts),
        _share("Contacts that came again", again, contacts),
        _share("Unknown authors", unknown, messages),
    ]


def _responses(summary: Summary, *, with_hours: bool) -> Iterator[Card]:
    waits = summary.waits
    yield _span("First response", median(waits.seconds))
    yield _span("First response, 90 %", nine_tenths(waits.seconds))
    if with_hours:
        yield _span("First response in business hours", median(waits.business))
        yield _span("First response in business hours, 90 %", nine_tenths(waits.business))
    yield _share("Answered within 5 minutes", sum(seconds < QUICK for seconds in waits.seconds), waits.asked)
    yield _share("Unanswered", waits.unanswered, waits.asked)


def _count(name: str, value: int, note: str = "") -> Card:
    return Card(name, number(value), exact(value), note)


def _span(name: str, seconds: float | None) -> Card:
    return Card(name, span(seconds), exact(seconds))


def _share(name: str, part: int, whole: int) -> Card:
    return Card(name, share(part, whole), exact(part), f"{number(part)} of {number(whole)}")
