"""All sixteen operations, each as one call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from promises.sends import text

_NUMBERS = {"phone_number_from": "+12025550100", "phone_number_to": "+12025550123"}
_WIDGET = {"widget_type": "sms", "botname": "Bot", "access_channels": ["c"], "channel_id": "c", "short_code": "12345"}
_AGENT = {"email": "maria@example.com", "screenname": "Maria", "role": "agent", "channels": ["c"]}
_BOTCHAIN = {"botchain_name": "Hours", "bot_type": "faq", "widget_id": "w", "channel_id": "c"}

READS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "account.get": lambda client: client.account.get(),
    "tags.list": lambda client: client.tags.list(),
    "channels.list": lambda client: client.channels.list(),
    "conversations.sms": lambda client: client.conversations.sms().page(1),
    "conversations.livechat": lambda client: client.conversations.livechat().page(1),
    "conversations.fbm": lambda client: client.conversations.fbm().page(1),
    "conversations.summary": lambda client: client.conversations.summary(),
}
WRITES: Final[Mapping[str, Callable[[Any], Any]]] = {
    "sms.send": lambda client: client.sms.send(**text("Hello")),
    "sms.push": lambda client: client.sms.push(**_NUMBERS, message="Hello"),
    "channels.create": lambda client: client.channels.create(channel_name="Support"),
    "agents.create": lambda client: client.agents.create(**_AGENT),
    "faq.create_category": lambda client: client.faq.create_category(title="Hours", channel="c"),
    "faq.create_article": lambda client: client.faq.create_article(title="Hours", content="Nine", category="k"),
    "tags.create": lambda client: client.tags.create(name="vip", email="maria@example.com"),
    "widgets.create": lambda client: client.widgets.create(widget_name="Texts", **_WIDGET),
    "botchains.create": lambda client: client.botchains.create(**_BOTCHAIN),
}
OPERATIONS: Final = {**READS, **WRITES}
