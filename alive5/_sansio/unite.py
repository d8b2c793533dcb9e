"""
One conversation out of two deliveries of it, which may hold different messages.

A message is known by its ``message_id``; where one side has none, by its time,
author and text. Nothing is lost: what either delivery holds, and as often, the
united one holds.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import datetime, timezone
from typing import Any, Final, NamedTuple, TypeVar

import attrs

from .. import models
from .._json.codec import canonical
from ..models._base import as_stored
from ..models._times import read_any, show
from .reshape import entry_of, place_of_messages

Row = dict[str, Any]
T = TypeVar("T")

_MESSAGES: Final = "chat_conversation"
_TEXTS: Final = ("created_by", "message_content", "media_url")
_LAST: Final = datetime.max.replace(tzinfo=timezone.utc)


class Said(NamedTuple):
    """
    What a message is known by; ``name`` is the service's id of it, "" without one.
    """

    name: str
    moment: datetime | None
    content: Hashable


def unite(first: Row, second: Row) -> Row:
    """
    Return one row with the messages of two, in whichever order they are given.

    Other values are those of the row with more messages, of two with as many
    those of the larger digest; a row that lacks nothing is returned itself.
    """
    texts = canonical(first), canonical(second)
    if texts[0] == texts[1]:
        return first
    ranked = sorted(zip((first, second), texts, strict=True), key=_rank)
    (other, _), (fuller, _) = ranked
    place = place_of_messages(fuller)
    kept, added = entries_of(fuller, place), entries_of(other, place_of_messages(other))
    lacking = _lacking(kept, added, said)
    if not lacking or (fuller.get(place) and not kept):  # what is no list of messages stays as it came
        return fuller
    if place == _MESSAGES:
        lacking = [entry_of(entry) for entry in lacking]
    return {**fuller, place: _in_time(kept, lacking, said)}


def unite_conversations(kept: models.Conversation, later: models.Conversation) -> bool:
    """
    Add to a conversation what a later delivery of it has; whether that changed it.

    Other values become those of the later delivery unless that has fewer messages.
    """
    if _is_same(as_stored(kept, _MESSAGES), as_stored(later, _MESSAGES)):
        return _take_values(later, kept)
    before, now = kept.chat_conversation, later.chat_conversation
    is_fuller = len(now) >= len(before)
    fuller, other = (now, before) if is_fuller else (before, now)
    lacking = _lacking(fuller, other, said_by)
    if lacking or is_fuller:
        kept.chat_conversation = _in_time(fuller, lacking, said_by) if lacking else now
    changed = not _is_same(before, kept.chat_conversation)
    return (is_fuller and _take_values(later, kept)) or changed


def _take_values(later: models.Conversation, kept: models.Conversation) -> bool:
    """Copy every value but the messages; return whether one differed."""
    changed = False
    for field in attrs.fields(type(kept)):
        name = field.name
        if name == _MESSAGES or _is_same(as_stored(kept, name), as_stored(later, name)):
            continue
        if not _is_same(getattr(kept, name), getattr(later, name)):
            setattr(kept, name, getattr(later, name))
            changed = True
    return changed


def _is_same(one: Any, other: Any) -> bool:
    try:
        return bool(one == other)
    except RecursionError:  # nested deeper than Python compares
        return False


def _rank(ranked: tuple[Row, bytes]) -> tuple[int, bytes]:
    row, text = ranked
    return len(entries_of(row, place_of_messages(row))), hashlib.sha256(text).digest()


def entries_of(row: Row, place: str) -> list[Any]:
    """
    Return the messages a row has at a place, as they came.
    """
    entries = row.get(place)
    return entries if isinstance(entries, list) else []


def said(entry: Any) -> Said:
    """
    Return what a delivered message is known by.
    """
    if not isinstance(entry, dict):
        return Said("", None, canonical(entry))
    entry = entry_of(entry)
    name, moment = entry.get("message_id"), read_any(entry.get("created_at"))
    name = str(name) if name and name.__class__ in (str, int) else ""
    return Said(name, moment, _content(moment, *map(entry.get, ("created_at", *_TEXTS))))


def said_by(message: models.Message) -> Said:
    """
    Return what a message of a listing is known by.
    """
    moment, unread = message.created_at, message.extra.get("created_at")
    return Said(message.message_id or "", moment, _content(moment, unread, *map(message.__getattribute__, _TEXTS)))


def _content(moment: datetime | None, unread: Any, author: Any, text: Any, media: Any) -> Hashable:
    # Pictures sent in the same second have no text to tell them apart.
    when = canonical(unread or None) if moment is None else show(moment)
    return (when, canonical(author or None), canonical(text or None), None if text else canonical(media or None))


def _lacking(kept: Sequence[T], others: Sequence[T], said: Callable[[T], Said]) -> list[T]:
    """Return what *others* hold and *kept* lack, counting equal ones."""
    free = [said(message) for message in kept]
    names = Counter(one.name for one in free if one.name)
    rest: list[tuple[T, Said]] = []
    for message in others:
        one = said(message)
        if one.name and names[one.name] > 0:
            names[one.name] -= 1
        else:
            rest.append((message, one))
    # Of a message that is known by its id on one side alone, the content has to tell.
    known: dict[tuple[Hashable, bool], int] = defaultdict(int)
    for one in _unnamed(free, others, said):
        known[one.content, bool(one.name)] += 1
    return [message for message, one in rest if not _is_known(one, known)]


def _unnamed(free: list[Said], others: Sequence[T], said: Callable[[T], Said]) -> Iterator[Said]:
    """Yield those kept that no id of the others named."""
    names = Counter(one.name for one in map(said, others) if one.name)
    for one in free:
        if one.name and names[one.name] > 0:
            names[one.name] -= 1
        else:
            yield one


def _is_known(one: Said, known: dict[tuple[Hashable, bool], int]) -> bool:
    for named in (False,) if one.name else (False, True):
        if known[one.content, named] > 0:
            known[one.content, named] -= 1
            return True
    return False


def _in_time(kept: Sequence[T], added: Sequence[T], said: Callable[[T], Said]) -> list[T]:
    """Return the messages kept in their order, and each added one before the first that is later."""
    waiting = sorted((*_order(said(message)), number) for number, message in enumerate(added))
    united: list[T] = []
    at = 0
    for message in kept:
        moment = said(message).moment
        while at < len(waiting) and moment is not None and waiting[at][0] < moment:
            united.append(added[waiting[at][-1]])
            at += 1
        united.append(message)
    return [*united, *(added[place[-1]] for place in waiting[at:])]


def _order(one: Said) -> tuple[datetime, str, str]:
    return one.moment or _LAST, one.name, repr(one.content)
