"""What proves that a text was sent: its words, when, by whom, and to whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

import attrs

from ...models import FeedMessage, Message, SmsConversation
from ...models._numbers import is_number_of, number_key, read_number


@attrs.frozen(kw_only=True, repr=False)
class Wanted:
    """
    The text that is looked for.

    ``channel_id`` and ``agents`` are known of a text that this program sent;
    ``agents`` are names a message of the account may bear as its author.
    """

    phone_number_to: str
    message: str
    since: datetime
    phone_number_from: str | None = None
    channel_id: str | None = None
    agents: frozenset[str] = frozenset()


def is_alike(message: Message, wanted: Wanted) -> bool:
    """
    Whether a message has the words that are looked for, and is late enough; blanks do not count.
    """
    at = message.created_at
    if at is None or message.text.split() != wanted.message.split():
        return False
    # The service writes some times in whole seconds.
    since = wanted.since if at.microsecond else wanted.since.replace(microsecond=0)
    return at >= since


def is_ours(message: Message, wanted: Wanted, agents: Collection[str], person: Collection[str | None] = ()) -> bool:
    """
    Whether the account provably wrote a message: by its direction, or its author, who is no name of the *person*.
    """
    direction = message.extra.get("direction")
    if direction in ("inbound", "outbound"):
        return bool(direction == "outbound")
    author = (message.author or "").strip()
    if wanted.phone_number_from is not None and is_number_of(author, wanted.phone_number_from):
        return True
    return author not in person and (author in agents or author in wanted.agents)


def is_to(conversation: SmsConversation, wanted: Wanted) -> bool:
    """
    Whether a conversation is provably of the number, and of the line that is looked for, if one is.
    """
    if not is_number_of(conversation.contact.phone, wanted.phone_number_to):
        return False
    line, channel = conversation.alive_sms_phone_number, conversation.channel_id
    if line and wanted.phone_number_from is not None:
        return is_number_of(line, wanted.phone_number_from)
    return _is_line(channel, wanted)


def is_to_person(message: FeedMessage, people: Mapping[str, set[str]], wanted: Wanted) -> bool:
    """
    Whether a message provably went to the number, since that number wrote in its thread.
    """
    return people.get(message.thread_id or "") == {number_key(wanted.phone_number_to)} and _is_line(
        message.channel_id, wanted
    )


def people_of(messages: Iterable[FeedMessage]) -> dict[str, set[str]]:
    """
    Return the numbers that wrote in each thread.
    """
    people: dict[str, set[str]] = {}
    for message in messages:
        number = read_number(message.author)
        if message.thread_id and number is not None:
            people.setdefault(message.thread_id, set()).add(number_key(number))
    return people


def names_of_person(conversation: SmsConversation) -> tuple[str | None, ...]:
    """
    Return the names a person's own messages may bear.
    """
    contact = conversation.contact
    return contact.name, contact.first_name, contact.last_name, contact.email


def _is_line(channel: str | None, wanted: Wanted) -> bool:
    if wanted.channel_id is not None:
        return channel == wanted.channel_id
    return wanted.phone_number_from is None
