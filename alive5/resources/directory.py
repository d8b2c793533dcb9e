"""Tags, channels and agents."""

from __future__ import annotations

import builtins
from collections.abc import Sequence

from .. import models
from .._sansio import endpoints
from .._sansio.validate import identifier, identifiers
from ._base import AsyncResource


class AsyncTags(AsyncResource):
    """Labels for conversations."""

    async def list(self) -> builtins.list[models.Tag]:
        """
        Return all tags.

        Calls ``GET /objects/tags/list``.
        """
        tags: builtins.list[models.Tag] = await self._caller.call(endpoints.LIST_TAGS, {})
        return tags

    async def create(self, *, name: str, email: str, org_name: str | None = None) -> models.Tag:
        """
        Create a tag.

        Calls ``POST /create/tag``.

        :param name: Name of the tag.
        :param email: Address of the agent who creates it.
        """
        arguments = {"name": identifier("name", name), "email": identifier("email", email)}
        tag: models.Tag = await self._create(endpoints.CREATE_TAG, arguments, org_name)
        return tag


class AsyncChannels(AsyncResource):
    """Channels and the agents in them."""

    async def list(self) -> builtins.list[models.Channel]:
        """
        Return all channels with their agents; sending a text needs an id of each.

        Calls ``GET /objects/channels-and-users/list``.
        """
        channels: builtins.list[models.Channel] = await self._caller.call(endpoints.LIST_CHANNELS, {})
        return channels

    async def create(self, *, channel_name: str, org_name: str | None = None) -> models.Channel:
        """
        Create a channel.

        Calls ``POST /create/channel``.

        :param channel_name: Name of the channel.
        """
        arguments = {"channel_name": identifier("channel_name", channel_name)}
        channel: models.Channel = await self._create(endpoints.CREATE_CHANNEL, arguments, org_name)
        return channel


class AsyncAgents(AsyncResource):
    """Agents of the account."""

    async def create(
        self,
        *,
        email: str,
        screenname: str,
        role: str,
        channels: str | Sequence[str],
        org_name: str | None = None,
    ) -> models.Agent:
        """
        Create an agent.

        Calls ``POST /create/agent``.

        :param email: Address of the agent.
        :param screenname: Name that visitors see.
        :param role: Role of the agent.
        :param channels: Id of a channel.
        """
        arguments = {
            "email": identifier("email", email),
            "screenname": identifier("screenname", screenname),
            "role": identifier("role", role),
            "channels": identifiers("channels", channels),
        }
        agent: models.Agent = await self._create(endpoints.CREATE_AGENT, arguments, org_name)
        return agent
