"""Conversations of the three kinds, their messages, and the summary."""

from __future__ import annotations

from datetime import datetime, timezone, tzinfo
from typing import ClassVar, Final, Literal

import attrs

from .._zones import read_zone, show_at
from ._base import Model, at, made_on_access, many, number, text, texts
from ._required import Identified, Required
from ._sides import NOBODY, Parties, Side, parties_of, side_of
from ._times import to_minute, to_second

Kind = Literal["sms", "livechat", "fbm"]
KINDS: Final[tuple[Kind, ...]] = ("livechat", "sms", "fbm")
"""The kinds of conversation, in the order exports use."""


class _Written(Model):
    """What is no value of a message, but known of it: who takes part in its conversation."""

    __slots__ = ("_parties",)

    _parties: Parties


@made_on_access
@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class Message(_Written):
    """
    One message of a conversation.

    ``message_id`` and ``media_url``, the address of a picture or file, are in
    no documentation of the listings; they were seen live, not on every message.
    """

    created_at: datetime | None = at()
    created_by: str | None = text()
    message_content: str | None = text()
    message_id: str | None = text()
    media_url: str | None = text()

    @property
    def text(self) -> str:
        """The message, "" when it has no text."""
        return self.message_content or ""

    @property
    def sent_at(self) -> datetime | None:
        """The time it was written."""
        return self.created_at

    @property
    def author(self) -> str | None:
        """The author, as the service names them."""
        return self.created_by

    @property
    def side(self) -> Side:
        """
        Who wrote it: agent, customer, bot or unknown.

        It is decided by ``created_by`` and the conversation it was delivered
        in; docs/insight.md has the rules. What they do not decide is unknown.
        """
        return side_of(self.created_by, getattr(self, "_parties", NOBODY))

    def __repr__(self) -> str:
        return f"<Message {to_second(self.created_at)} chars={len(self.text)}>"


@attrs.frozen(kw_only=True, repr=False)
class Contact(Required):
    """
    The person of a conversation.
    """

    name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    notes: str | None = None

    def __repr__(self) -> str:
        return "<Contact>"


class _Read(Identified, Model):
    """What is no value of a conversation, but known of it: the zone of the client that read it."""

    __slots__ = ("_zone",)

    _zone: tzinfo


@made_on_access
@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class Conversation(_Read):
    """
    Base of the three kinds of conversation.

    ``contacts_phone_mobile`` is in no documentation; it was seen live, beside
    or instead of ``contacts_phone``, and ``contact.phone`` prefers it.
    ``assigned_to`` is documented and rarely there; of a chat in the newer shape
    the service names the agent by id only, which is ``agent_id``.
    """

    _id: ClassVar[str] = "alive5_session_id"
    kind: ClassVar[Kind]
    _lifted: ClassVar[tuple[str, ...]] = ("threadData", "threadConversation")

    org_name: str | None = text()
    alive5_session_id: str | None = text("alive5_sessionID")
    start_time: datetime | None = at()
    end_time: datetime | None = at()
    channel_id: str | None = text()
    channel_name: str | None = text()
    crm_id: str | None = text()
    agent_id: str | None = text()
    assigned_to: str | None = text()
    contacts_first_name: str | None = text()
    contacts_last_name: str | None = text()
    contacts_email: str | None = text()
    contacts_phone: str | None = text()
    contacts_phone_mobile: str | None = text()
    contacts_notes: str | None = text()
    chat_conversation: list[Message] = many(Message)

    @property
    def id(self) -> str | None:
        """The session id, if the service delivered one."""
        return self.alive5_session_id or None

    @property
    def messages(self) -> list[Message]:
        """The messages, in the service's order."""
        return self.chat_conversation

    @property
    def started_at(self) -> datetime | None:
        """The time it began."""
        return self.start_time

    @property
    def ended_at(self) -> datetime | None:
        """The time it ended; None while it is open."""
        return self.end_time

    @property
    def is_open(self) -> bool:
        """Whether it has no end yet."""
        return self.end_time is None

    @property
    def contact(self) -> Contact:
        """The person, with one ``name`` made of the two."""
        name = " ".join(part for part in (self.contacts_first_name, self.contacts_last_name) if part)
        return Contact(
            name=name or None,
            first_name=self.contacts_first_name,
            last_name=self.contacts_last_name,
            email=self.contacts_email,
            phone=self.contacts_phone_mobile or self.contacts_phone,
            notes=self.contacts_notes,
        )

    def transcript(self, *, tz: str | tzinfo | None = None) -> str:
        """
        Return the messages as readable text, a line each; times are in *tz*, else in the client's zone, else in UTC.

        *tz* is a zone or its name, such as "America/New_York" or "UTC+05:30". The
        client is the one that read the conversation; its zone is no value of it,
        and goes along when it is copied or pickled.

        :raises InvalidArgumentError: when there is no zone of that name.
        """
        zone = read_zone(tz) or getattr(self, "_zone", None) or timezone.utc
        said = [(show_at(one.created_at, zone) or "-", one.created_by or "unknown", one.text) for one in self.messages]
        return "\n".join(f"{when}  {author}: {text}" for when, author, text in said)

    def _adopt(self, rows: list[Message]) -> None:
        parties = parties_of(lambda name: getattr(self, name, None))
        for message in rows:
            message._parties = parties

    def __repr__(self) -> str:
        end = to_minute(self.end_time, after=self.start_time)
        return (
            f"<{type(self).__name__} {self.id!r} {to_minute(self.start_time)}..{end}"
            f" channel={self.channel_name!r} messages={len(self.chat_conversation)}>"
        )


@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class SmsConversation(Conversation):
    """
    A text-message conversation.
    """

    kind: ClassVar[Kind] = "sms"

    tags: list[str] = texts()
    alive_sms_phone_number: str | None = text()


@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class LivechatConversation(Conversation):
    """
    A chat from a website.

    ``tags`` are documented of text messages only; of chats they were seen live.
    """

    kind: ClassVar[Kind] = "livechat"

    tags: list[str] = texts()
    alive_sms_phone_number: str | None = text()
    ip_address: str | None = text()
    city: str | None = text()
    state: str | None = text()
    country: str | None = text()
    zip: str | None = text()
    referrer_url: str | None = text()
    page_url: str | None = text()


@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class FbmConversation(Conversation):
    """
    A Facebook Messenger conversation.
    """

    kind: ClassVar[Kind] = "fbm"


@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class Summary(Model):
    """
    Counts of visitors and of contacts, for each kind.
    """

    _shown: ClassVar[tuple[str, ...]] = (
        "visitors_web", "visitors_fbm", "visitors_sms", "contacts_web", "contacts_fbm", "contacts_sms",
    )  # fmt: skip

    visitors_web: int | None = number()
    visitors_fbm: int | None = number()
    visitors_sms: int | None = number()
    contacts_web: int | None = number()
    contacts_fbm: int | None = number()
    contacts_sms: int | None = number()
