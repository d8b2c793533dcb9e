"""The figures of a conversation: one typed row, with its columns' types and meanings."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal

import attrs

from ...models._times import show

FigureType = Literal["text", "texts", "time", "int", "real", "flag"]
TYPE, ABOUT, REQUIRED = "alive5.type", "alive5.about", "alive5.required"


def _figure(kind: FigureType, about: str, *, required: bool = False) -> Any:
    return attrs.field(metadata={TYPE: kind, ABOUT: about, REQUIRED: required})


@attrs.frozen(kw_only=True, repr=False)
class ConversationMetrics:
    """
    One conversation in figures; docs/insight.md says how each is counted.

    What cannot be known is None, never 0.
    """

    kind: str = _figure("text", "livechat, sms or fbm", required=True)
    session_id: str = _figure("text", "the conversation's id", required=True)
    channel_id: str | None = _figure("text", "the channel's id")
    channel_name: str | None = _figure("text", "the channel's name")
    assigned_to: str | None = _figure("text", "who it is assigned to")
    agents: tuple[str, ...] = _figure("texts", "the agents who wrote, by their first message", required=True)
    tags: tuple[str, ...] | None = _figure("texts", "tags; null when none were delivered")
    started: datetime | None = _figure("time", "when it began")
    weekday: int | None = _figure("int", "the day it began on in the zone, from 1, Monday, to 7")
    hour: int | None = _figure("int", "the hour it began in, from 0 to 23, in the zone")
    in_business_hours: bool | None = _figure("flag", "whether it began within the business hours")
    duration_seconds: float | None = _figure("real", "how long it lasted; null while it is open")
    n_messages: int = _figure("int", "all messages", required=True)
    from_customer: int = _figure("int", "messages of the customer", required=True)
    from_agents: int = _figure("int", "messages of agents", required=True)
    from_bots: int = _figure("int", "messages of bots", required=True)
    from_unknown: int = _figure("int", "messages of which nobody can say who wrote them", required=True)
    undated: int = _figure("int", "messages whose time is missing or cannot be read", required=True)
    waits: int = _figure("int", "how often the customer wrote and an agent had to answer", required=True)
    first_response_seconds: float | None = _figure("real", "how long the first answered wait took")
    first_response_business_seconds: float | None = _figure("real", "how much of that was within business hours")
    later_response_median_seconds: float | None = _figure("real", "the median of the answered waits after the first")
    later_response_longest_seconds: float | None = _figure("real", "the longest of the answered waits after the first")
    answered_by: str | None = _figure("text", "the agent who ended the first wait")
    unanswered: bool | None = _figure(
        "flag", "whether the customer wrote and no agent after that; null when that is unknown"
    )
    contact_key: str | None = _figure("text", "what all conversations of a contact share, 16 hexadecimal digits")
    returning_contact: bool | None = _figure("flag", "whether the contact had a conversation that began before")

    def to_dict(self) -> dict[str, Any]:
        """
        Return the figures as JSON-ready values.
        """
        return {field.name: _plain(getattr(self, field.name)) for field in FIGURES}

    def __repr__(self) -> str:
        return f"<ConversationMetrics {self.session_id!r} messages={self.n_messages}>"


FIGURES: Final = attrs.fields(ConversationMetrics)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return show(value)
    return list(value) if isinstance(value, tuple) else value
