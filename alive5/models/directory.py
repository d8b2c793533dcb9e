"""Tags, channels and agents."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import attrs

from ._base import Model, at, flag, made_on_access, many, text


@made_on_access
@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class Tag(Model):
    """
    A label for conversations.

    Listing returns ``tag_label``; creating returns ``label`` and ``tagname``.
    """

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
class Agent(Model):
    """
    Someone who answers; ``user_id`` is what sending a text asks for.
    """

    _shown: ClassVar[tuple[str, ...]] = ("user_id",)

    user_id: str | None = text()
    email: str | None = text()
    screen_name: str | None = text()
    created_at: datetime | None = at()
    org_name: str | None = text()
    user_email: str | None = text()
    user_status: str | None = text()


@made_on_access
@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class Channel(Model):
    """
    A channel with its agents.

    Listing returns ``channel_label``, which for an SMS line may be its number;
    creating returns ``channel_name`` and ``label``.
    """

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
