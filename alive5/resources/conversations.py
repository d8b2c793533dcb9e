"""Conversations of the three kinds, and their summary."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from .. import _core, models
from .._lazy import importing
from .._sansio import endpoints, later_endpoints
from .._sansio.endpoint import Endpoint
from .._sansio.validate import count, identifier, refuse
from ._base import AsyncResource

if TYPE_CHECKING:
    from .._sansio.window import Window

# Arguments of a listing that are numbers, and their names there.
_NUMBERS: Final = {"page": "start", "limit": "limit", "prefetch": "prefetch"}
_NO_FILTERS: Final = {"self", "start", "end", "strict", *_NUMBERS}


class AsyncConversations(AsyncResource):
    """
    Conversations by date.

    ``start`` and ``end`` are dates, datetimes or ISO text, each optional;
    ``end`` includes its whole day, or its instant. A listing is of exactly that
    period, by ``start_time``. With ``strict``, one known to be incomplete raises
    ``IncompleteListingError``. The other arguments are filters of the current
    edition, case-sensitive; the documented edition refuses them before any
    request.
    """

    def sms(
        self,
        *,
        start: date | datetime | str | None = None,
        end: date | datetime | str | None = None,
        channel_id: str | None = None,
        channel_name: str | None = None,
        crm_id: str | None = None,
        agent_id: str | None = None,
        assigned_to: str | None = None,
        session_id: str | None = None,
        strict: bool = False,
    ) -> _core.AsyncPages[models.SmsConversation]:
        """
        Return a listing of text-message conversations.

        Calls ``GET /conversations/sms``.
        """
        return self._list(endpoints.LIST_SMS, locals())

    def livechat(
        self,
        *,
        start: date | datetime | str | None = None,
        end: date | datetime | str | None = None,
        channel_id: str | None = None,
        channel_name: str | None = None,
        crm_id: str | None = None,
        agent_id: str | None = None,
        assigned_to: str | None = None,
        page: int = 1,
        limit: int = 100,
        prefetch: int = 1,
        strict: bool = False,
    ) -> _core.AsyncPages[models.LivechatConversation]:
        """
        Return a listing of chats from websites.

        ``page`` is the first page to read, counted from 1; ``limit`` the page
        size; ``prefetch`` how many pages are fetched at once. Calls
        ``GET /conversations/livechat``.
        """
        return self._list(endpoints.LIST_LIVECHAT, locals())

    def fbm(
        self,
        *,
        start: date | datetime | str | None = None,
        end: date | datetime | str | None = None,
        channel_id: str | None = None,
        channel_name: str | None = None,
        crm_id: str | None = None,
        agent_id: str | None = None,
        assigned_to: str | None = None,
        session_id: str | None = None,
        strict: bool = False,
    ) -> _core.AsyncPages[models.FbmConversation]:
        """
        Return a listing of Facebook Messenger conversations.

        Calls ``GET /conversations/fbm``.
        """
        return self._list(endpoints.LIST_FBM, locals())

    def messages(
        self, *, start: date | datetime | str, end: date | datetime | str, strict: bool = False
    ) -> _core.AsyncPages[models.FeedMessage]:
        """
        Return a listing of the text messages of a period, of every thread that has one, old threads too.

        A listing of texts holds a conversation by its start alone; this one has
        what was written later, too. Messages come singly, with their thread's id.
        Calls ``GET /conversations/sms``. It is version 1.2 of it, seen live by the
        vendor's staff.
        """
        for name, value in {"start": start, "end": end}.items():
            if value is None:
                raise refuse(name, "is needed for a listing of messages")
        return self._list(later_endpoints.LIST_MESSAGES, {"start": start, "end": end, "strict": strict})

    def history(
        self,
        *,
        phone: str | None = None,
        email: str | None = None,
        start: date | datetime | str,
        end: date | datetime | str | None = None,
        strict: bool = False,
    ) -> AsyncIterator[models.Conversation]:
        """
        Return an iterator of the conversations of one person, of all kinds, kind after kind.

        ``phone`` is a number with its country's code, ``email`` an address, in any
        spelling; of both, either is the person. No edition filters by them, so all
        conversations of the period are read and checked here, by the rules of
        docs/people.md. What comes is the person's. What does not may still be: a
        conversation that began before ``start``, and rows that a listing is known
        to lack, which warns, or with ``strict`` raises. Calls
        ``GET /conversations/sms``, ``/livechat`` and ``/fbm``.
        """
        if start is None:
            raise refuse("start", "is needed for a history")
        given: dict[str, Any] = {"start": start, "end": end, "strict": strict}
        with importing():
            from .._core.history import History
            from .._sansio.person import read_person

        return History(read_person(phone, email), [self.sms(**given), self.livechat(**given), self.fbm(**given)])

    async def summary(
        self,
        *,
        start: date | datetime | str | None = None,
        end: date | datetime | str | None = None,
    ) -> models.Summary:
        """
        Return the numbers of visitors and contacts of each kind.

        The service counts whole days: instants are widened to them. Calls
        ``GET /conversations/summary``.
        """
        arguments = self._window(start, end, padding=False).arguments()
        summary: models.Summary = await self._caller.call(endpoints.GET_SUMMARY, arguments)
        return summary

    def _window(
        self, start: date | datetime | str | None, end: date | datetime | str | None, *, padding: bool = True
    ) -> Window:
        with importing():
            from .._sansio.window import read_window

        return read_window(start, end, self._caller.tz, padding=padding)

    def _list(self, endpoint: Endpoint, given: Mapping[str, Any]) -> _core.AsyncPages[Any]:
        """Return the listing of a method's arguments, of which those without a meaning here are filters."""
        window = self._window(given["start"], given["end"])
        filters = {name: value for name, value in given.items() if name not in _NO_FILTERS and value is not None}
        checked = {name: identifier(name, value) for name, value in filters.items()}
        numbers: dict[str, Any] = {
            _NUMBERS[name]: count(name, value) for name, value in given.items() if name in _NUMBERS
        }
        self._caller.check_open(endpoint.operation)
        endpoint.check_filters(checked, self._caller.edition)
        listing = _core.Listing[Any](
            caller=self._caller, endpoint=endpoint, window=window, filters=checked, strict=given["strict"], **numbers
        )
        return _core.AsyncPages(listing)
