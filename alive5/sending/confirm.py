"""Looking by itself after an outcome that is unknown; nothing is ever sent again."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, Final

import attrs

from .. import errors
from .._core.caller import Caller
from .._sansio import decode, endpoints
from .._sansio.events import Event
from .._sansio.options import Timeout
from .._sansio.validate import refuse
from ..models import Message, SentSms
from .find import Search
from .plan.sent import Wanted

# Seconds between two looks: a text is listed soon or, after an outage, late.
_FIRST, _LONGEST = 1.0, 16.0
# A day on each side, as far as this machine's clock may be wrong and the service's still tells.
_ROUND: Final = timedelta(days=1)
_MOST_SECONDS: Final = 3600.0


def checked(confirm: Any) -> float | None:
    """
    Return the seconds to look for, checked.
    """
    if confirm is None:
        return None
    fits = isinstance(confirm, (int, float)) and not isinstance(confirm, bool) and 0 < confirm <= _MOST_SECONDS
    if not fits:
        raise refuse("confirm", f"must be seconds, above 0 and at most {_MOST_SECONDS:,.0f}", "sms.send")
    return float(confirm)


class Look:
    """
    A look for one text, which begins with its sending.

    By the service's own clock where its responses have a date: then what was
    written before cannot be taken for it, whatever this machine's clock says.
    """

    def __init__(self, caller: Caller, arguments: Mapping[str, Any], seconds: float) -> None:
        self._caller = caller
        self._seconds = seconds
        self._began = caller.port.now()
        self._since = time.time()
        self._by_server: float | None = None
        self._wanted = Wanted(
            phone_number_from=arguments["phone_number_from"],
            phone_number_to=arguments["phone_number_to"],
            message=arguments["message"],
            channel_id=arguments["channel_id"],
            agents=frozenset({arguments["user_id"]}),
            since=_time(self._since),
        )

    async def after(self, error: errors.Alive5Error) -> SentSms | None:
        """
        Return the text if it is found within the time; None too where *error* leaves nothing to look for.
        """
        # Without an attempt it is an earlier run's, whose time is not known here.
        if not isinstance(error, errors.OutcomeUnknownError) or not error.attempts:
            return None
        port, pause = self._caller.port, _FIRST
        end = port.now() + self._seconds
        while (left := end - port.now()) > 0:
            found = await self._look(left)
            if found:
                return _as_sent(found[0])
            await port.sleep(min(pause, max(0.0, end - port.now())))
            pause = min(pause * 2, _LONGEST)
        return None

    async def _look(self, seconds: float) -> list[Message]:
        limits: Timeout = self._caller.timeout
        limits = attrs.evolve(limits, total=min(seconds, limits.total))
        caller = attrs.evolve(self._caller.overheard(self._note), timeout=limits)
        now = _time(self._since + caller.port.now() - self._began)
        try:
            search = Search(caller, now + _ROUND)
            feed = await search.feed(self._wanted.since - _ROUND)
            since = self._since if self._by_server is None else self._by_server
            wanted = attrs.evolve(self._wanted, since=_time(since))
            return await search.in_conversations(wanted) if feed is None else await search.in_feed(feed, wanted)
        except (errors.Alive5Error, errors.Alive5Warning):
            return []

    def _note(self, event: Event) -> None:
        if event.server_time is not None:
            # A date is of the second before, so the latest that is known is the nearest.
            since = event.server_time - (self._caller.port.now() - self._began)
            self._by_server = since if self._by_server is None else max(since, self._by_server)


async def send_confirmed(caller: Caller, arguments: Mapping[str, Any], look: Look | None) -> SentSms:
    """
    Send a text, and look for it when its outcome is unknown.
    """
    try:
        sent: SentSms = await caller.call(endpoints.SEND_SMS, arguments)
    except errors.OutcomeUnknownError as error:
        found = None if look is None else await look.after(error)
        if found is None:
            raise
        return found
    return sent


def _as_sent(message: Message) -> SentSms:
    names = ("message_id", "thread_id", "channel_id", "message_content")
    values = {name: getattr(message, name, None) for name in names}
    told = {name: value for name, value in values.items() if value is not None}
    sent: SentSms = decode.shape(SentSms, {**told, "confirmed": True})
    return sent


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, timezone.utc)
