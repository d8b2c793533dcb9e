"""Tags, channels and agents."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import attrs

from ._base import Model, at, defined, flag, made_on_access, many, text
from ._required import Identified


@made_on_access
@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class Tag(Identified, Model):
    """
    A label for conversations.

    Listing returns ``tag_label``; creating returns ``label`` and ``tagname``.
    """

    _id: ClassVar[str] = "tag_id"
    _shown: ClassVar[tuple[str, ...]] = ("tag_id",)

    tag_id: str | None = text()
    tag_label: str | None = text()
    created_at: datetime | None = at()
    label: str | None = text()
    org_name: str | None = text()
    tagname: str | None = text()
    email: str | None = text()


@made_on_access
@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class Agent(Identified, Model):
    """
    Someone who answers; ``user_id`` is what sending a text asks for.

    ``user_role`` is in no documentation of this answer; it was seen live.
    """

    _id: ClassVar[str] = "user_id"
    _shown: ClassVar[tuple[str, ...]] = ("user_id",)

    user_id: str | None = text()
    email: str | None = text()
    screen_name: str | None = text()
    created_at: datetime | None = at()
    org_name: str | None = text()
    user_email: str | None = text()
    user_status: str | None = text()
    user_role: str | None = text()


@made_on_access
@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class Channel(Identified, Model):
    """
    A channel with its agents.

    Listing gives ``channel_label``, which for an SMS line may be its number;
    creating gives ``channel_name`` and ``label``. ``phone_number``, the wire's
    ``channel_phone_number``, is known from the vendor's own client of a later
    version only; None also where the service writes "undefined".
    """

    _id: ClassVar[str] = "channel_id"
    _shown: ClassVar[tuple[str, ...]] = ("channel_id",)

    channel_id: str | None = text()
    channel_label: str | None = text()
    channel_name: str | None = text()
    label: str | None = text()
    channel_status: str | None = text()
    agents: list[Agent] = many(Agent)
    created_at: datetime | None = at()
    updated_at: datetime | None = at()
    org_name: str | None = text()
    system_generated: bool | None = flag()
    phone_number: str | None = defined("channel_phone_number")
