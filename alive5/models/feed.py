"""Messages of all threads, in one feed."""

from __future__ import annotations

from datetime import datetime

import attrs

from ._base import text
from .conversation import Message


@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class FeedMessage(Message):
    """
    One message, with its thread and channel.
    """

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
