"""The operations, one class a family; each method checks its arguments and makes one call."""

from .accounts import AsyncAccounts
from .conversations import AsyncConversations
from .directory import AsyncAgents, AsyncChannels, AsyncTags
from .faq import AsyncFaq
from .sms import AsyncSms
from .widgets import AsyncBotchains, AsyncWidgets

__all__ = [
    "AsyncAccounts",
    "AsyncAgents",
    "AsyncBotchains",
    "AsyncChannels",
    "AsyncConversations",
    "AsyncFaq",
    "AsyncSms",
    "AsyncTags",
    "AsyncWidgets",
]
