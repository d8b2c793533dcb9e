"""Texts that were sent or recorded, and their threads."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import attrs

from . import _times
from ._base import Model, at, flag, made_on_access, one, text
from .directory import Agent


class WithStatus:
    """Reads ``status_timestamp``, which is a status, ``||`` and epoch milliseconds."""

    __slots__ = ()

    status_timestamp: str | None

    @property
    def status(self) -> str | None:
        """The status alone, such as "open"."""
        return (self.status_timestamp or "").partition("||")[0] or None

    @property
    def status_at(self) -> datetime | None:
        """The time since which it has that status."""
        return _times.read_text((self.status_timestamp or "").partition("||")[2])


@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class CrmData(Model):
    """
    The person a thread belongs to.
    """

    first_name: str | None = text()
    last_name: str | None = text()
    crm_type: str | None = text()
    email: str | None = text()


@made_on_access
@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class Thread(WithStatus, Model):
    """
    A thread of messages with one number.

    ``assigned_to`` is an agent's id here. The person's values stand on the
    thread too when the service nests them in ``crm_data``.
    """

    _shown: ClassVar[tuple[str, ...]] = ("thread_id",)
    _lifted: ClassVar[tuple[str, ...]] = ("crmData",)

    phone_mobile: str | None = text()
    created_at: datetime | None = at()
    thread_id: str | None = text()
    thread_type: str | None = text()
    assigned_to: str | None = text("assignedTo")
    timestamp: datetime | None = at()
    updated_at: datetime | None = at()
    crm_id: str | None = text()
    platform: str | None = text()
    channel_id: str | None = text()
    status_timestamp: str | None = text()
    org_name: str | None = text()
    lastmessage_at: datetime | None = at()
    thread_status: str | None = text()
    crm_data: CrmData | None = one(CrmData, "crmData")
    last_name: str | None = text()
    first_name: str | None = text()
    crm_type: str | None = text()
    email: str | None = text()


@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class SentSms(Thread):
    """
    A text Alive5 accepted, which is not the same as delivered.

    The values of ``new_thread`` stand on it directly too; ``assigned_to`` is an
    agent's id, not a name.

    ``message_id``, ``message_status`` ("queued", "sent"), ``from_``, ``to``,
    ``direction`` and ``message_content`` are in no documentation; they were
    seen live, with ``new_thread`` or instead of it. No status says "delivered".
    """

    _lifted: ClassVar[tuple[str, ...]] = ("newThread", "crmData")

    error: str | None = text()
    new_thread: Thread | None = one(Thread, "newThread")
    message_id: str | None = text()
    message_status: str | None = text()
    from_: str | None = text("From")
    to: str | None = text("To")
    direction: str | None = text()
    message_content: str | None = text()


@made_on_access
@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class PushedSms(WithStatus, Model):
    """
    A text recorded as coming from a customer.

    ``from_`` is the customer's number and ``to`` the Alive5 one;
    ``assigned_to`` is an agent's name here.
    """

    _shown: ClassVar[tuple[str, ...]] = ("thread_id",)

    assigned_to: str | None = text("assignedTo")
    channel_id: str | None = text()
    created_by: str | None = text()
    direction: str | None = text()
    event_mode: str | None = text()
    media_url: str | None = text()
    message_content: str | None = text()
    message_type: str | None = text()
    org_name: str | None = text()
    route: str | None = text()
    thread_id: str | None = text()
    user_id: str | None = text()
    from_: str | None = text("From")
    to: str | None = text("To")
    phone_mobile: str | None = text()
    created_at: datetime | None = at()
    thread_type: str | None = text()
    timestamp: datetime | None = at()
    visible_to_channel: bool | None = flag()
    updated_at: datetime | None = at()
    crm_id: str | None = text()
    status_timestamp: str | None = text()
    first_name: str | None = text()
    last_name: str | None = text()
    thread_status: str | None = text()
    crm_type: str | None = text()
    email: str | None = text()
    alivesms_phone_number: str | None = text()
    init_messageid: str | None = text()
    init_message_content: str | None = text()


@attrs.frozen(kw_only=True, repr=False)
class SmsLine:
    """
    A number texts are sent from, with its channel and the agents who may write.

    ``phone_number`` may be a short code.
    """

    phone_number: str
    channel_id: str
    channel_label: str | None = None
    agents: list[Agent] = attrs.field(factory=list)

    def to_dict(self) -> dict[str, Any]:
        """
        Return the line as JSON-ready values.
        """
        return {
            "phone_number": self.phone_number,
            "channel_id": self.channel_id,
            "channel_label": self.channel_label,
            "agents": [agent.to_dict() for agent in self.agents],
        }

    def __repr__(self) -> str:
        return f"<SmsLine channel_id={self.channel_id!r} agents={len(self.agents)}>"
