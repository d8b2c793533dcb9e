"""Webhooks of text-message lines."""

from __future__ import annotations

from typing import ClassVar

import attrs

from ._base import Model, made_on_access, many, one, text
from ._required import Identified


@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class SmsWebhook(Identified, Model):
    """
    An address that is called with each incoming text of a line; ``interceptor_uuid`` is its id.
    """

    _id: ClassVar[str] = "interceptor_uuid"
    _shown: ClassVar[tuple[str, ...]] = ("interceptor_uuid",)

    url: str | None = text()
    interceptor_uuid: str | None = text("interceptorUuid")


@made_on_access
@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class ChannelAttributes(Model):
    """
    What a change left at a line.
    """

    interceptor: list[SmsWebhook] = many(SmsWebhook)


@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class ChannelUpdate(Model):
    """
    A change of a line.
    """

    attributes: ChannelAttributes | None = one(ChannelAttributes, "Attributes")


@made_on_access
@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class LineWebhooks(Model):
    """
    The webhooks of a line: ``interceptors`` when listed, ``channel_update`` after a change.
    """

    interceptors: list[SmsWebhook] = many(SmsWebhook)
    channel_update: ChannelUpdate | None = one(ChannelUpdate, "channelUpdate")

    @property
    def webhooks(self) -> list[SmsWebhook]:
        """The webhooks, wherever they stand."""
        changed = self.channel_update.attributes if self.channel_update is not None else None
        return self.interceptors or (changed.interceptor if changed is not None else [])
