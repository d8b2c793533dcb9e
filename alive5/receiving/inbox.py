"""Inboxes: each text that came is handed over once, delivered or not."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import attrs

from .._port.off_loop import in_thread
from .._sansio.inbound import came_in, inbound_of, is_exact
from .._sansio.validate import refuse
from ..models import FeedMessage, InboundSms, SmsLine
from ..models._numbers import number_key
from ..sending.ledger import Ledger
from .record import Record

if TYPE_CHECKING:
    from .._facade import Alive5
    from ..client import AsyncAlive5

logger: logging.Logger = logging.getLogger("alive5")

# The feed lists by days, of a clock that is not ours.
_AHEAD: Final = timedelta(days=1)
_NEVER: Final = datetime.fromtimestamp(0, timezone.utc)


@attrs.frozen(kw_only=True)
class Polled:
    """
    What a poll came to.

    ``handled`` texts were handed over, ``failed`` ones raised and come again;
    ``busy`` ones are being handled elsewhere. ``unclear`` messages have an
    author that is no number, agents' among them. ``complete`` says that the
    feed was read whole: only then, and with nothing failed or busy, the next
    poll begins later.
    """

    handled: int = 0
    failed: int = 0
    busy: int = 0
    unclear: int = 0
    complete: bool = True


class Found(NamedTuple):
    """Texts of a feed that nobody handled, and whether it tells their times exactly."""

    texts: list[InboundSms]
    exact: bool


class _Base:
    def __init__(self, ledger: Ledger, handler: Callable[[InboundSms], Any], *, since: datetime | None = None) -> None:
        if not isinstance(ledger, Ledger):
            raise refuse("ledger", "must be an alive5.Ledger")
        if not callable(handler):
            raise refuse("handler", "must be callable")
        if since is not None and (not isinstance(since, datetime) or since.tzinfo is None):
            raise refuse("since", "must be a datetime with a time zone")
        self._ledger = ledger
        self._handler = handler
        self._record = Record(ledger, since)
        self._lines: set[str] = set()

    def _begin(self) -> tuple[float, datetime, datetime]:
        now, since = self._ledger.now(), self._record.since()
        return now, since, max(since, datetime.fromtimestamp(now, since.tzinfo)) + _AHEAD

    def _sort(self, rows: Iterable[FeedMessage]) -> tuple[Found, int]:
        """Return the texts that came and nobody handled, oldest first, and how many authors are unclear."""
        texts = [inbound_of(row) for row in rows]
        exact = is_exact(texts)
        came = sorted((text for text in texts if came_in(text)), key=lambda text: text.created_at or _NEVER)
        unclear = sum(not text.direction and text.phone_number is None for text in texts)
        return Found(self._record.missing(came, exact=exact), exact), unclear

    def _knows(self, found: Found) -> bool:
        """Whether nothing has to be asked: an author that is a line of ours is no person."""
        return not self._strangers(found)

    def _strangers(self, found: Found) -> list[InboundSms]:
        return [
            text
            for text in found.texts
            if text.phone_number is None or number_key(text.phone_number) not in self._lines
        ]

    def _learn(self, lines: Iterable[SmsLine]) -> None:
        self._lines = {number_key(line.phone_number) for line in lines}

    def _end(self, begun: float, polled: Polled) -> Polled:
        if polled.complete and not polled.failed and not polled.busy:
            self._record.advance(begun)
        return polled


class Inbox(_Base):
    """
    An inbox that gives each text that came to a handler once, whether it was delivered or not.

    Call it with a text, as a receiver of webhooks does, and :meth:`poll` from
    time to time: the service delivers a text at most once, without a second
    try, and a picture alone never. What was handled is remembered in the ledger,
    over restarts and for several processes; a handler that raised, or whose
    process ended, is given the text again by a later poll. Equal words of one
    person in one second count once where the service tells no fraction of it.

    Texts from *since* on are looked for, else from now, the first time.

    :raises LedgerError: when the ledger cannot be used.
    """

    def __call__(self, text: InboundSms) -> bool:
        """
        Hand a text over unless it was; whether it was handled now.
        """
        return self._hand_over(text) is True

    def poll(self, client: Alive5) -> Polled:
        """
        Hand over what was never delivered, by the feed of messages.
        """
        begun, start, end = self._begin()
        feed = client.conversations.messages(start=start, end=end)
        found, unclear = self._sort(list(feed))
        if not self._knows(found):
            self._learn(client.sms.lines())
        ended = [_tried(self._hand_over, text, found.exact) for text in self._strangers(found)]
        return self._end(begun, _polled(ended, unclear, complete=not feed.report.issues))

    def _hand_over(self, text: InboundSms, exact: bool = False) -> bool | None:
        """Hand a text over; None when another process is at it."""
        taken = self._record.begin(text, exact=exact) if text.direction != "outbound" else "done"
        if not isinstance(taken, int):
            return None if taken == "busy" else False
        handled = False
        try:
            run_plain(self._handler, text)
            handled = True
        finally:
            self._record.end(taken, handled=handled)
        return True


class AsyncInbox(_Base):
    """
    An :class:`Inbox` for asyncio and trio; its handler may be a coroutine function, or runs in a thread.
    """

    async def __call__(self, text: InboundSms) -> bool:
        """
        Hand a text over unless it was; whether it was handled now.
        """
        return await self._hand_over(text) is True

    async def poll(self, client: AsyncAlive5) -> Polled:
        """
        Hand over what was never delivered, by the feed of messages.
        """
        begun, start, end = await in_thread(self._begin)
        feed = client.conversations.messages(start=start, end=end)
        found, unclear = await in_thread(self._sort, [row async for row in feed])
        if not self._knows(found):
            self._learn(await client.sms.lines())
        ended: list[bool | Exception | None] = []
        for text in self._strangers(found):
            try:
                ended.append(await self._hand_over(text, found.exact))
            except Exception as error:  # noqa: BLE001 - the others are to be handled
                ended.append(_failed(error))
        return await in_thread(self._end, begun, _polled(ended, unclear, complete=not feed.report.issues))

    async def _hand_over(self, text: InboundSms, exact: bool = False) -> bool | None:
        taken = (
            "done" if text.direction == "outbound" else await in_thread(lambda: self._record.begin(text, exact=exact))
        )
        if not isinstance(taken, int):
            return None if taken == "busy" else False
        handled = False
        try:
            await run_handler(self._handler, text)
            handled = True
        finally:
            await in_thread(lambda: self._record.end(taken, handled=handled))
        return True


async def run_handler(handler: Callable[[InboundSms], Any], text: InboundSms) -> None:
    """
    Run a handler: on the loop when it is a coroutine function, else in a thread.
    """
    if inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(type(handler).__call__):
        result = handler(text)
    else:
        result = await in_thread(handler, text)
    if inspect.isawaitable(result):
        await result


def run_plain(handler: Callable[[InboundSms], Any], text: InboundSms) -> None:
    """
    Run a handler that is no coroutine function.

    :raises TypeError: for one that is: it would never run.
    """
    result = handler(text)
    if inspect.iscoroutine(result):
        result.close()
        raise TypeError("the handler is a coroutine function: use AsyncInbox or AsgiReceiver")


def _tried(
    hand_over: Callable[[InboundSms, bool], bool | None], text: InboundSms, exact: bool
) -> bool | Exception | None:
    try:
        return hand_over(text, exact)
    except Exception as error:  # noqa: BLE001 - the others are to be handled
        return _failed(error)


def _failed(error: Exception) -> Exception:
    logger.error("the handler of a text raised %s", type(error).__name__)  # its words may be personal
    return error


def _polled(ended: Sequence[bool | Exception | None], unclear: int, *, complete: bool) -> Polled:
    return Polled(
        handled=sum(one is True for one in ended),
        failed=sum(isinstance(one, Exception) for one in ended),
        busy=sum(one is None for one in ended),
        unclear=unclear,
        complete=complete,
    )
