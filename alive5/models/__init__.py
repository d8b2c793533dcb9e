"""The entities of the API, as inert values; each class is made when it is first asked for."""

from __future__ import annotations

TYPE_CHECKING = not __name__  # as in the package's own file
if TYPE_CHECKING or not __file__.endswith(".py"):
    from ._base import Model as Model
    from .account import Account as Account
    from .contact_record import CrmContact as CrmContact
    from .conversation import Contact as Contact
    from .conversation import Conversation as Conversation
    from .conversation import FbmConversation as FbmConversation
    from .conversation import LivechatConversation as LivechatConversation
    from .conversation import Message as Message
    from .conversation import SmsConversation as SmsConversation
    from .conversation import Summary as Summary
    from .directory import Agent as Agent
    from .directory import Channel as Channel
    from .directory import Tag as Tag
    from .faq import FaqArticle as FaqArticle
    from .faq import FaqCategory as FaqCategory
    from .feed import FeedMessage as FeedMessage
    from .feed import InboundSms as InboundSms
    from .listing import ListingReport as ListingReport
    from .listing import Page as Page
    from .report import AgentPerformance as AgentPerformance
    from .report import BotExchange as BotExchange
    from .report import ChannelPerformance as ChannelPerformance
    from .report import FaqExchange as FaqExchange
    from .report import PerformanceReport as PerformanceReport
    from .sms import CrmData as CrmData
    from .sms import PushedSms as PushedSms
    from .sms import SentSms as SentSms
    from .sms import SmsLine as SmsLine
    from .sms import Thread as Thread
    from .user import User as User
    from .webhook import ChannelAttributes as ChannelAttributes
    from .webhook import ChannelUpdate as ChannelUpdate
    from .webhook import LineWebhooks as LineWebhooks
    from .webhook import SmsWebhook as SmsWebhook
    from .widget import Botchain as Botchain
    from .widget import Widget as Widget


def __getattr__(name: str) -> object:
    from .._lazy import find

    return find(globals(), name)


def __dir__() -> list[str]:
    from .._lazy import homes_of

    return sorted({*globals(), *homes_of(globals())})
