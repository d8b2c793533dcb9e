"""The entities of the API, as inert values."""

from ._base import Model
from .account import Account
from .contact_record import CrmContact
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
from .feed import FeedMessage, InboundSms
from .listing import ListingReport, Page
from .report import AgentPerformance, BotExchange, ChannelPerformance, FaqExchange, PerformanceReport
from .sms import CrmData, PushedSms, SentSms, SmsLine, Thread
from .user import User
from .webhook import ChannelAttributes, ChannelUpdate, LineWebhooks, SmsWebhook
from .widget import Botchain, Widget

__all__ = [
    "Account",
    "Agent",
    "AgentPerformance",
    "BotExchange",
    "Botchain",
    "Channel",
    "ChannelAttributes",
    "ChannelPerformance",
    "ChannelUpdate",
    "Contact",
    "Conversation",
    "CrmContact",
    "CrmData",
    "FaqArticle",
    "FaqCategory",
    "FaqExchange",
    "FbmConversation",
    "FeedMessage",
    "InboundSms",
    "LineWebhooks",
    "ListingReport",
    "LivechatConversation",
    "Message",
    "Model",
    "Page",
    "PerformanceReport",
    "PushedSms",
    "SentSms",
    "SmsConversation",
    "SmsLine",
    "SmsWebhook",
    "Summary",
    "Tag",
    "Thread",
    "User",
    "Widget",
]
