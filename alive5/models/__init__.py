"""The entities of the API, as inert values."""

from ._base import Model
from .account import Account
from .conversation import (
    Contact,
    Conversation,
    FbmConversation,
    LivechatConversation,
    Message,
    SmsConversation,
    Summary,
)
from .directory import Agent, Channel, Tag
from .faq import FaqArticle, FaqCategory
from .listing import ListingReport, Page
from .sms import CrmData, PushedSms, SentSms, Thread
from .widget import Botchain, Widget

__all__ = [
    "Account",
    "Agent",
    "Botchain",
    "Channel",
    "Contact",
    "Conversation",
    "CrmData",
    "FaqArticle",
    "FaqCategory",
    "FbmConversation",
    "ListingReport",
    "LivechatConversation",
    "Message",
    "Model",
    "Page",
    "PushedSms",
    "SentSms",
    "SmsConversation",
    "Summary",
    "Tag",
    "Thread",
    "Widget",
]
