"""Looking for a text among the messages of the service."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from .. import errors
from .._core.caller import Caller
from .._core.listing import Listing
from .._core.pages import AsyncPages
from .._sansio import endpoints, later_endpoints
from .._sansio.validate import message as checked_message
from .._sansio.validate import phone, refuse
from .._sansio.window import OLDEST_START, read_window
from ..models import Agent, Channel, FeedMessage, Message, SmsConversation
from .plan.lines import names_of
from .plan.sent import Wanted, is_alike, is_ours, is_to, is_to_person, names_of_person, people_of

# What a host without the feed, or without the filter of a session, says.
_NOT_THERE: Final = (
    errors.BadRequestError,
    errors.NotFoundError,
    errors.PermissionDeniedError,
    errors.ResponseError,
)
# Conversations are listed by their start: one with a person goes on for about a month before the service closes it.
_BEFORE: Final = timedelta(days=31)
# Threads that are looked up one by one: the same words to more people at once are a campaign, which has a ledger.
_MOST_THREADS: Final = 50


class Search:
    """One search, which asks for the account's agents and for each thread once."""

    def __init__(self, caller: Caller, end: datetime) -> None:
        self._caller = caller
        self._end = end
        self._agents: set[str] | None = None
        self._threads: dict[str, SmsConversation | None] = {}

    async def feed(self, start: datetime) -> list[FeedMessage] | None:
        """
        Return the messages from *start* on, None where the service has no feed of them.
        """
        window = read_window(start, self._end, None)
        listing = Listing[Any](caller=self._caller, endpoint=later_endpoints.LIST_MESSAGES, window=window)
        try:
            return [message async for message in AsyncPages(listing)]
        except _NOT_THERE:
            return None

    async def in_feed(self, feed: Sequence[FeedMessage], wanted: Wanted) -> list[Message]:
        """
        Return the messages of a feed that are provably the text.
        """
        people = people_of(feed)
        return [
            message for message in feed if is_alike(message, wanted) and await self._is_proven(message, people, wanted)
        ]

    async def in_conversations(self, wanted: Wanted) -> list[Message]:
        """
        Return the messages of conversations that are provably the text.
        """
        window = read_window(wanted.since - _BEFORE, self._end, None)
        listing = Listing[Any](caller=self._caller, endpoint=endpoints.LIST_SMS, window=window)
        pairs = [
            (message, conversation)
            async for conversation in AsyncPages(listing)
            if is_to(conversation, wanted)
            for message in conversation.messages
            if is_alike(message, wanted)
        ]
        return [
            message
            for message, conversation in pairs
            if is_ours(message, wanted, await self._names(), names_of_person(conversation))
        ]

    async def _is_proven(self, message: FeedMessage, people: dict[str, set[str]], wanted: Wanted) -> bool:
        thread = message.thread_id
        if not thread or not is_ours(message, wanted, await self._names()):
            return False
        conversation = await self._conversation(thread)
        if conversation is None:
            return is_to_person(message, people, wanted)
        return is_to(conversation, wanted) and is_ours(
            message, wanted, await self._names(), names_of_person(conversation)
        )

    async def _conversation(self, thread: str) -> SmsConversation | None:
        if thread not in self._threads:
            asked = len(self._threads) < _MOST_THREADS
            self._threads[thread] = await self._ask(thread) if asked else None
        return self._threads[thread]

    async def _ask(self, thread: str) -> SmsConversation | None:
        # Of any age, and its first page alone, as a host may ignore the filter.
        listing = Listing[Any](
            caller=self._caller,
            endpoint=endpoints.LIST_SMS,
            window=read_window(OLDEST_START, self._end, None),
            filters={"session_id": thread},
            edition="current",
        )
        try:
            rows: Iterable[SmsConversation] = (await AsyncPages(listing).page(1)).items
        except _NOT_THERE:
            return None
        return next((row for row in rows if row.id == thread), None)

    async def _names(self) -> set[str]:
        if self._agents is None:
            channels: list[Channel] = await self._caller.call(endpoints.LIST_CHANNELS, {})
            agents: list[Agent] = [agent for channel in channels for agent in channel.agents]
            self._agents = set().union(*map(names_of, agents))
        return self._agents


def wanted_of(phone_number_to: Any, message: Any, since: Any, phone_number_from: Any) -> Wanted:
    """
    Return what is looked for, checked.
    """
    line = phone_number_from
    if not isinstance(since, datetime) or since.tzinfo is None:
        raise refuse("since", "must be a datetime with a time zone", "sms.find_sent")
    return Wanted(
        phone_number_to=phone("phone_number_to", phone_number_to),
        message=checked_message("message", message),
        since=since.astimezone(timezone.utc),
        phone_number_from=None if line is None else phone("phone_number_from", line, short_code=True),
    )


async def find_sent(caller: Caller, wanted: Wanted) -> list[Message]:
    """
    Return the messages that are provably the text, oldest first.
    """
    # A day more than now, by whichever clock.
    end = max(wanted.since, datetime.now(timezone.utc)) + timedelta(days=1)
    search = Search(caller, end)
    feed = await search.feed(wanted.since.replace(microsecond=0))
    found = await (search.in_conversations(wanted) if feed is None else search.in_feed(feed, wanted))
    return sorted(found, key=lambda message: message.created_at or end)
