"""Text messages: sending them, and recording those of customers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from .. import models
from .._lazy import importing
from .._sansio import endpoints
from .._sansio.validate import identifier, phone
from .._sansio.validate import message as checked_message
from ._base import AsyncResource
from .conversations import AsyncConversations

if TYPE_CHECKING:
    from .._sansio.segments import Segments
    from ..sending.ledger import Ledger
    from ..sending.plan.results import SendingProgress, TextResult
    from ..sending.sender import AsyncSender, Line


class AsyncSms(AsyncResource):
    """
    Text messages.

    A text that left without a trustworthy response raises
    ``OutcomeUnknownError`` and is never repeated by the client.
    """

    async def send(
        self,
        *,
        phone_number_from: str,
        phone_number_to: str,
        message: str,
        channel_id: str,
        user_id: str,
        ledger: Ledger | None = None,
        key: str | None = None,
        confirm: float | None = None,
    ) -> models.SentSms:
        """
        Send a text to a customer; one that is returned was accepted, not yet delivered.

        ``phone_number_from`` is the number or short code of the channel. Calls
        ``POST /conversations/sms/send``.

        With a *ledger* the same *key* never leaves twice from here, across
        processes, restarts and crashes. A key that was accepted before returns
        the ids stored then, with ``extra["from_ledger"]``; one that was rejected
        or not sent may leave; one that is unknown raises
        ``OutcomeUnknownError`` until it is resolved in the ledger. The service
        knows no keys: what was sent otherwise is not seen.

        With *confirm* an unknown outcome is looked into for that many seconds, as
        :meth:`find_sent` does: a text that is found is returned, with
        ``extra["confirmed"]``, and accepted in the ledger; otherwise the error
        stays. Nothing is ever sent again. An equal text to the same number, sent
        at the same time by another call, cannot be told apart.

        :param phone_number_from: Who writes.
        :param phone_number_to: Who receives it.
        :param message: 1 to 1,600 characters.
        :param channel_id: Channel of the line; see channels list.
        :param user_id: Agent who sends; see channels list.
        :param ledger: What remembers the key.
        :param key: What this text is known by, such as the number of an order.
        :param confirm: Seconds to look for a text whose outcome is unknown.
        """
        arguments = {
            "phone_number_from": phone("phone_number_from", phone_number_from, short_code=True),
            "phone_number_to": phone("phone_number_to", phone_number_to),
            "message": checked_message("message", message),
            "channel_id": identifier("channel_id", channel_id),
            "user_id": identifier("user_id", user_id),
        }
        if ledger is None and key is None and confirm is None:
            sent: models.SentSms = await self._caller.call(endpoints.SEND_SMS, arguments)
            return sent
        with importing():
            from ..sending.once import send_with

        return await send_with(self._caller, arguments, ledger=ledger, key=key, confirm=confirm)

    def send_many(
        self,
        rows: Iterable[Mapping[str, Any]],
        *,
        sender: Line,
        ledger: Ledger,
        template: str | None = None,
        pace: float = 25,
        quiet_hours: tuple[str, str] | None = ("21:00", "08:00"),
        zone: str | tzinfo | None = None,
        dry_run: bool | None = None,
        stopped: Collection[str] | None = None,
        progress: Callable[[SendingProgress], object] | None = None,
    ) -> AsyncIterator[TextResult]:
        """
        Send many texts, each once, and return an iterator of their results as they come.

        A row has ``phone_number``, and ``message`` or the columns the *template*
        names, as ``Hi {first_name}``; ``key`` is optional, without it number and
        text are the key. Before anything leaves, wrong numbers, doubles and rows
        that cannot be filled are refused by their lines. *pace* is parts a minute
        of the line, 25 being what provisional numbers pass. In *quiet_hours* of
        any zone the number may be in nobody is texted; *zone* is that of numbers
        without a known one. Above 100 texts it is a dry run unless *dry_run* is
        False. Numbers that said STOP to the line are skipped: those of *stopped*,
        or else of all conversations of the account, which are read first. The
        same call again goes on where the last one ended. Needs the extra
        ``phone``.
        """
        with importing():
            from ..sending.many import Texts
            from ..sending.prepare import Job

        job = Job.read(
            rows=rows,
            sender=sender,
            ledger=ledger,
            template=template,
            pace=pace,
            quiet_hours=quiet_hours,
            zone=zone,
            dry_run=dry_run,
            stopped=stopped,
            progress=progress,
        )
        return Texts(self._caller, job, AsyncConversations(self._caller).sms())

    async def lines(self) -> list[models.SmsLine]:
        """
        Return the numbers texts are sent from, each with its channel and agents.

        They are those of the directory: a channel's number, or a label that is
        one. Where the directory tells none, version 1.1 of it is asked, too.
        Calls ``GET /objects/channels-and-users/list``.
        """
        with importing():
            from ..sending.lines import read_lines

        return await read_lines(self._caller)

    async def sender(self, *, line: str, agent: str | None = None) -> AsyncSender:
        """
        Return a sender on a line, which knows the ids that each text needs.

        *line* is a number, a channel's id or its label; *agent* an id, address or
        name, and may be left out where the line has one agent. Where several fit,
        or none, the error lists the candidates: nothing is guessed. Calls
        ``GET /objects/channels-and-users/list``.
        """
        with importing():
            from ..sending.lines import find_sender

        return await find_sender(self._caller, self, line, agent)

    async def find_sent(
        self,
        *,
        phone_number_to: str,
        message: str,
        since: datetime,
        phone_number_from: str | None = None,
    ) -> list[models.Message]:
        """
        Return the messages since a time that are provably this text to this number, oldest first.

        One that is found proves that such a text was sent; by which call it does
        not say. **Absence proves nothing**: the text may be listed later, or where
        this does not look, and a message whose author or number the service does
        not tell is left out. *since* is by the service's clock. Reads the feed of
        messages, else the conversations that began up to 31 days before *since*.
        Calls ``GET /conversations/sms``.
        """
        with importing():
            from ..sending.find import find_sent, wanted_of

        wanted = wanted_of(phone_number_to, message, since, phone_number_from)
        return await find_sent(self._caller, wanted)

    async def push(self, *, phone_number_from: str, phone_number_to: str, message: str) -> models.PushedSms:
        """
        Record a text *from a customer*, as if it had arrived; nothing is sent to anyone.

        ``phone_number_from`` is the customer's number and ``phone_number_to``
        the channel's. Calls ``POST /conversations/sms/push``.

        :param phone_number_from: Who writes.
        :param phone_number_to: Who receives it.
        :param message: 1 to 1,600 characters.
        """
        arguments = {
            "phone_number_from": phone("phone_number_from", phone_number_from),
            "phone_number_to": phone("phone_number_to", phone_number_to, short_code=True),
            "message": checked_message("message", message),
        }
        pushed: models.PushedSms = await self._caller.call(endpoints.PUSH_SMS, arguments)
        return pushed

    def segments(self, message: str) -> Segments:
        """
        Return what a text costs: its encoding, units, parts and credits, and what widened it to UCS-2.

        Nothing is requested; ``alive5.segments`` does the same without a client.
        """
        with importing():
            from .._sansio.segments import segments

        return segments(message)
