"""Messages of all threads, in one feed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

import attrs

from ._base import text
from ._required import Identified, Required
from .conversation import Message


@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class FeedMessage(Identified, Message):
    """
    One message, with its thread and channel.
    """

    _id: ClassVar[str] = "message_id"

    thread_id: str | None = text()
    channel_id: str | None = text()

    @property
    def id(self) -> str | None:
        """The message's id, if the service delivered one."""
        return self.message_id or None

    @property
    def start_time(self) -> datetime | None:
        """The time it was written, by which a listing of messages is exact."""
        return self.created_at

    @property
    def end_time(self) -> None:
        """None: it has no end."""
        return None

    @property
    def chat_conversation(self) -> tuple[()]:
        """Nothing: it has no messages of its own."""
        return ()

    def __repr__(self) -> str:
        return Message.__repr__(self).replace("<", "<Feed", 1)


@attrs.frozen(kw_only=True, repr=False)
class InboundSms(Required):
    """
    A text that came, by a webhook or from the feed.

    ``phone_number`` is who wrote it, as E.164 where the service tells the
    country; ``message`` is "" for a picture alone, whose address is
    ``media_url``.
    """

    phone_number: str | None = None
    message: str = ""
    created_at: datetime | None = None
    thread_id: str | None = None
    channel_id: str | None = None
    media_url: str | None = None
    direction: str | None = None
    extra: Mapping[str, Any] = attrs.field(factory=dict)

    def __repr__(self) -> str:
        at = self.created_at.isoformat(timespec="seconds") if self.created_at else "-"
        return f"<InboundSms {at} chars={len(self.message)} media={self.media_url is not None}>"
