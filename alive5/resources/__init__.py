"""The operations, one class a family; each method checks its arguments and makes one call."""

from typing import Final

from ._base import AsyncResource
from .accounts import AsyncAccounts
from .contacts import AsyncContacts
from .conversations import AsyncConversations
from .directory import AsyncAgents, AsyncChannels, AsyncTags
from .faq import AsyncFaq
from .reports import AsyncReports
from .sms import AsyncSms
from .users import AsyncUsers
from .webhooks import AsyncSmsWebhooks, AsyncWebhooks
from .widgets import AsyncBotchains, AsyncWidgets

__all__ = [
    "AsyncAccounts",
    "AsyncAgents",
    "AsyncBotchains",
    "AsyncChannels",
    "AsyncContacts",
    "AsyncConversations",
    "AsyncFaq",
    "AsyncReports",
    "AsyncSms",
    "AsyncSmsWebhooks",
    "AsyncTags",
    "AsyncUsers",
    "AsyncWebhooks",
    "AsyncWidgets",
]

FAMILIES: Final[dict[str, type[AsyncResource]]] = {
    "account": AsyncAccounts,
    "tags": AsyncTags,
    "channels": AsyncChannels,
    "agents": AsyncAgents,
    "conversations": AsyncConversations,
    "sms": AsyncSms,
    "faq": AsyncFaq,
    "widgets": AsyncWidgets,
    "botchains": AsyncBotchains,
    "contacts": AsyncContacts,
    "users": AsyncUsers,
    "reports": AsyncReports,
    "webhooks": AsyncWebhooks,
}
"""The families of operations a client has, by attribute."""
