"""The operations, one class a family; each method checks its arguments and makes one call."""

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
