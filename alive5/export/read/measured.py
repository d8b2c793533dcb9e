"""An export measured: its conversations joined with their messages, in two passes and little memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timezone, tzinfo
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from ..._sansio.person import Person, texts_in
from ..._sansio.validate import refuse
from ..._zones import read_zone
from ...errors import ExportError
from ..dataset.flatten import Values
from ..dataset.schema import Column, Table
from ..insight.figures import ABOUT, FIGURES, REQUIRED, TYPE, ConversationMetrics
from ..insight.hours import read_hours
from ..insight.measure import Account, Measure
from ..insight.person import PersonRecord, keys_of_rows
from ..insight.transcript import ExportedConversation

Row = dict[str, Any]
Rows = Callable[[], Iterator[Row]]

METRICS: Final = Table(
    "metrics",
    ("kind", "session_id"),
    tuple(
        Column(f.name, f.metadata[TYPE], f.metadata[ABOUT], required=f.metadata[REQUIRED])
        for f in FIGURES
    ),
)  # fmt: skip
"""The columns of the figures, as those of the other tables."""

_key = itemgetter("kind", "session_id")


def metrics_of(
    conversations: Rows, messages: Rows, account: Account, *, tz: str | tzinfo | None, hours: str | None
) -> Iterator[ConversationMetrics]:
    """
    Return the figures of all conversations, one after the other.

    Arguments are checked now, rows are read as they are asked for. The first
    pass teaches the account.
    """
    zone = read_zone(tz) or timezone.utc
    open_hours = None if hours is None else read_hours(hours)

    def measured() -> Iterator[ConversationMetrics]:
        for row in conversations():
            account.learn(row)
        measure = Measure(account, zone, open_hours)
        for row, said in joined(conversations(), messages()):
            yield measure.measure(row, said)

    return measured()


def joined(conversations: Iterable[Row], messages: Iterable[Row]) -> Iterator[tuple[Row, list[Row]]]:
    """
    Yield each conversation with its messages; both are in the same order.

    :raises ExportError: when they are not, so that none would be measured without its messages.
    """
    groups = groupby(messages, _key)
    held = next(groups, None)
    for row in conversations:
        said: list[Row] = []
        if held is not None and held[0] == _key(row):
            said = list(held[1])
            held = next(groups, None)
        if len(said) != row["n_messages"]:
            raise apart()
        yield row, said
    if held is not None:
        raise apart()


def find_conversation(
    conversations: Iterable[Row], messages: Iterable[Row], session_id: str, kind: str | None
) -> ExportedConversation:
    """
    Return the first conversation of an id, and of a kind where one is given, with its messages.

    :raises InvalidArgumentError: when there is none.
    """
    for row in conversations:
        if row["session_id"] == session_id and kind in (None, row["kind"]):
            said = next((group for key, group in groupby(messages, _key) if key == _key(row)), ())
            return ExportedConversation(row, tuple(said))
    raise refuse("session_id", "is of no conversation in this export")


def find_person(conversations: Iterable[Row], messages: Iterable[Row], person: Person) -> PersonRecord:
    """
    Return the conversations whose contact is a person, and those that only name them.
    """
    found, named, mention, keys = list[ExportedConversation](), list[tuple[str, str]](), person.mention, person.keys
    for row, said in joined(conversations, messages):
        if not keys.isdisjoint(keys_of_rows(row, said)):
            found.append(ExportedConversation(row, tuple(said)))
        elif any(mention.search(text) for text in texts_in([row, *said])):
            named.append(_key(row))
    return PersonRecord(tuple(found), tuple(named))


def values_of(figures: ConversationMetrics) -> Values:
    """
    Return figures as a row of the table ``METRICS``.
    """
    values = (getattr(figures, field.name) for field in FIGURES)
    return tuple(list(value) if isinstance(value, tuple) else value for value in values)


def apart() -> ExportError:
    """
    Return the error of tables that do not belong together.
    """
    return ExportError("conversations and messages do not belong together: run the export again")
