"""A line texts are sent from, with the ids a text needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from .. import models

if TYPE_CHECKING:
    from .ledger import Ledger


class Sends(Protocol):
    """What a sender calls: the family of text messages."""

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
        Send a text.
        """
        ...


class Line(Protocol):
    """The ids a text needs of its line: those of a sender, or of an object of your own."""

    @property
    def phone_number_from(self) -> str:
        """The number or short code of the line."""
        ...

    @property
    def channel_id(self) -> str:
        """The channel of the line."""
        ...

    @property
    def user_id(self) -> str:
        """The id of the agent who writes."""
        ...


class AsyncSender:
    """
    A line and the agent who writes on it: the ids each text needs.

    ``agent`` is that agent's name as people know it, if it is known.
    """

    def __init__(
        self, sms: Sends, *, phone_number_from: str, channel_id: str, user_id: str, agent: str | None = None
    ) -> None:
        self._sms = sms
        self._phone_number_from = phone_number_from
        self._channel_id = channel_id
        self._user_id = user_id
        self._agent = agent

    @property
    def phone_number_from(self) -> str:
        """The number or short code of the line."""
        return self._phone_number_from

    @property
    def channel_id(self) -> str:
        """The channel of the line."""
        return self._channel_id

    @property
    def user_id(self) -> str:
        """The agent's id."""
        return self._user_id

    @property
    def agent(self) -> str | None:
        """The agent's name."""
        return self._agent

    async def send(
        self,
        *,
        phone_number_to: str,
        message: str,
        ledger: Ledger | None = None,
        key: str | None = None,
        confirm: float | None = None,
    ) -> models.SentSms:
        """
        Send a text from this line; all else is as for ``sms.send``.
        """
        return await self._sms.send(
            phone_number_from=self._phone_number_from,
            phone_number_to=phone_number_to,
            message=message,
            channel_id=self._channel_id,
            user_id=self._user_id,
            ledger=ledger,
            key=key,
            confirm=confirm,
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} channel_id={self._channel_id!r}>"
