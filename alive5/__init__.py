"""
The Python SDK of the Alive5 API, asynchronous and blocking.

Names are imported on first use, which keeps ``import alive5`` fast.
The block for type checkers is the only list of them: it is read at the first
look-up, and run as it stands where there is no source to read.
"""

from __future__ import annotations

from ._version import __version__ as __version__

TYPE_CHECKING = not __name__  # false; typing takes long to import, and a plain False hides the names from jedi
if TYPE_CHECKING or not __file__.endswith(".py"):
    from typing import Any

    from ._core.pages import AsyncPages as AsyncPages
    from ._core.reporter import CapturedCall as CapturedCall
    from ._core.reporter import capture as capture
    from ._facade import Alive5 as Alive5
    from ._facade import Pages as Pages
    from ._port.protocol import Port as Port
    from ._sansio.events import Event as Event
    from ._sansio.options import Timeout as Timeout
    from ._sansio.retry import RetryPolicy as RetryPolicy
    from ._sansio.segments import Segments as Segments
    from ._sansio.segments import segments as segments
    from ._sansio.wire import Call as Call
    from ._sansio.wire import Failure as Failure
    from ._sansio.wire import Reply as Reply
    from .client import AsyncAlive5 as AsyncAlive5
    from .errors import Alive5Error as Alive5Error
    from .errors import Alive5Warning as Alive5Warning
    from .errors import ApiError as ApiError
    from .errors import AuthenticationError as AuthenticationError
    from .errors import BadRequestError as BadRequestError
    from .errors import ClientClosedError as ClientClosedError
    from .errors import ConfigurationError as ConfigurationError
    from .errors import ConflictError as ConflictError
    from .errors import DirectoryInUseError as DirectoryInUseError
    from .errors import ExportError as ExportError
    from .errors import FilterIgnoredError as FilterIgnoredError
    from .errors import IncompleteListingError as IncompleteListingError
    from .errors import InvalidArgumentError as InvalidArgumentError
    from .errors import KeyInUseError as KeyInUseError
    from .errors import LedgerError as LedgerError
    from .errors import MissingValueError as MissingValueError
    from .errors import NotFoundError as NotFoundError
    from .errors import NotSentError as NotSentError
    from .errors import OtherJobError as OtherJobError
    from .errors import OutcomeUnknownError as OutcomeUnknownError
    from .errors import PageRepeatedWarning as PageRepeatedWarning
    from .errors import PermissionDeniedError as PermissionDeniedError
    from .errors import RateLimitError as RateLimitError
    from .errors import ResponseError as ResponseError
    from .errors import ServerError as ServerError
    from .errors import TimedOutError as TimedOutError
    from .errors import TransportError as TransportError
    from .errors import WindowIgnoredWarning as WindowIgnoredWarning
    from .export.forget import forget as forget
    from .export.insight.person import PersonRecord as PersonRecord
    from .export.plan.slices import Slice as Slice
    from .export.read.reader import open_export as open_export
    from .export.report import ExportProgress as ExportProgress
    from .export.report import ExportReport as ExportReport
    from .export.report import ForgetReport as ForgetReport
    from .export.slices import fetch_slice as fetch_slice
    from .export.slices import plan_slices as plan_slices
    from .models import Account as Account
    from .models import Agent as Agent
    from .models import AgentPerformance as AgentPerformance
    from .models import Botchain as Botchain
    from .models import BotExchange as BotExchange
    from .models import Channel as Channel
    from .models import ChannelAttributes as ChannelAttributes
    from .models import ChannelPerformance as ChannelPerformance
    from .models import ChannelUpdate as ChannelUpdate
    from .models import Contact as Contact
    from .models import Conversation as Conversation
    from .models import CrmContact as CrmContact
    from .models import CrmData as CrmData
    from .models import FaqArticle as FaqArticle
    from .models import FaqCategory as FaqCategory
    from .models import FaqExchange as FaqExchange
    from .models import FbmConversation as FbmConversation
    from .models import FeedMessage as FeedMessage
    from .models import InboundSms as InboundSms
    from .models import LineWebhooks as LineWebhooks
    from .models import ListingReport as ListingReport
    from .models import LivechatConversation as LivechatConversation
    from .models import Message as Message
    from .models import Model as Model
    from .models import Page as Page
    from .models import PerformanceReport as PerformanceReport
    from .models import PushedSms as PushedSms
    from .models import SentSms as SentSms
    from .models import SmsConversation as SmsConversation
    from .models import SmsLine as SmsLine
    from .models import SmsWebhook as SmsWebhook
    from .models import Summary as Summary
    from .models import Tag as Tag
    from .models import Thread as Thread
    from .models import User as User
    from .models import Widget as Widget
    from .sending.ledger import Ledger as Ledger
    from .sending.plan.results import SendingProgress as SendingProgress
    from .sending.plan.results import TextResult as TextResult
    from .sending.plan.states import LedgerEntry as LedgerEntry


def __getattr__(name: str) -> Any:
    from ._lazy import find

    return find(globals(), name)


def __dir__() -> list[str]:
    from ._lazy import homes_of

    return sorted({*globals(), *homes_of(globals())})
