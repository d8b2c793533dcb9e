"""Widgets and botchains."""

from __future__ import annotations

from collections.abc import Sequence

from .. import models
from .._sansio import endpoints
from .._sansio.validate import identifier, identifiers
from ._base import AsyncResource


class AsyncWidgets(AsyncResource):
    """Widgets for websites."""

    async def create(
        self,
        *,
        widget_name: str,
        widget_type: str,
        botname: str,
        access_channels: str | Sequence[str],
        channel_id: str,
        short_code: str,
        org_name: str | None = None,
    ) -> models.Widget:
        """
        Create a widget for a website.

        Calls ``POST /create/widget``.

        :param widget_name: Name of the widget.
        :param widget_type: Type of the widget.
        :param botname: Name of its bot.
        :param access_channels: Id of a channel with access.
        :param channel_id: Id of its channel.
        :param short_code: Its short code.
        """
        arguments = {
            "widget_name": identifier("widget_name", widget_name),
            "widget_type": identifier("widget_type", widget_type),
            "botname": identifier("botname", botname),
            "access_channels": identifiers("access_channels", access_channels),
            "channel_id": identifier("channel_id", channel_id),
            "short_code": identifier("short_code", short_code),
        }
        widget: models.Widget = await self._create(endpoints.CREATE_WIDGET, arguments, org_name)
        return widget


class AsyncBotchains(AsyncResource):
    """Chains of a bot's questions and answers."""

    async def create(
        self,
        *,
        botchain_name: str,
        bot_type: str,
        widget_id: str,
        channel_id: str,
        org_name: str | None = None,
    ) -> models.Botchain:
        """
        Create a botchain for a widget.

        Calls ``POST /create/botchain``.

        :param botchain_name: Name of the botchain.
        :param bot_type: Type of the bot.
        :param widget_id: Id of its widget.
        :param channel_id: Id of its channel.
        """
        arguments = {
            "botchain_name": identifier("botchain_name", botchain_name),
            "bot_type": identifier("bot_type", bot_type),
            "widget_id": identifier("widget_id", widget_id),
            "channel_id": identifier("channel_id", channel_id),
        }
        botchain: models.Botchain = await self._create(endpoints.CREATE_BOTCHAIN, arguments, org_name)
        return botchain
