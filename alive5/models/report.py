"""Reports: numbers of channels and agents, and the conversations of bots."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import attrs

from ._base import Model, at, free, made_on_access, many, number, text


@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class ChannelPerformance(Model):
    """
    Conversations of a channel.
    """

    _shown: ClassVar[tuple[str, ...]] = ("channel_name", "total")

    channel_name: str | None = text()
    total: int | None = number()
    total_completed: int | None = number()
    total_missed: int | None = number()


@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class AgentPerformance(Model):
    """
    Conversations of an agent.
    """

    _shown: ClassVar[tuple[str, ...]] = ("total_completed",)

    screen_name: str | None = text()
    total_completed: int | None = number()


@made_on_access
@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class PerformanceReport(Model):
    """
    Conversations of each channel and agent in a period; ``tags_report`` is free JSON.
    """

    channels_report: list[ChannelPerformance] = many(ChannelPerformance, "channelsReport")
    agents_report: list[AgentPerformance] = many(AgentPerformance, "agentsReport")
    tags_report: Any = free("tagsReport")


@made_on_access
@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class BotExchange(Model):
    """
    A bot's message and the visitor's reply, in one thread.
    """

    _shown: ClassVar[tuple[str, ...]] = ("thread_id",)

    thread_id: str | None = text()
    alivesms_phone_number: str | None = text()
    botchain_name: str | None = text()
    bot_timestamp: datetime | None = at()
    from_phone_number: str | None = text()
    org_name: str | None = text()
    orgbot_name: str | None = text()
    orgbot_type: str | None = text()
    init_messageid: str | None = text()
    init_message_content: str | None = text()
    init_orgbot_name: str | None = text()
    bot_message: str | None = text()
    user_reply: str | None = text()
    keyword_found: str | None = text()
    transaction_id: str | None = text()
    report_id: str | None = text()
    donaterequest_status: str | None = text()
    donate_amount: str | None = text()
    question_type: str | None = text()


@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class FaqExchange(BotExchange):
    """
    A visitor's question and the answer of the FAQ bot.

    The newest document gives three values, an older one those of ``BotExchange``.
    """

    botflow: str | None = text()
    visitor_question: str | None = text()
    bot_response: str | None = text()
