"""
The Python SDK of the Alive5 API, asynchronous and blocking.

Names are loaded when they are first used, which keeps ``import alive5`` fast.
"""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = not __name__  # false; typing takes long to import, and a plain False hides the names from jedi
if TYPE_CHECKING:
    from typing import Any

    from ._events import Event
    from ._facade import Alive5, Pages
    from ._options import Timeout
    from ._pages import AsyncPages
    from ._port.protocol import Port
    from ._retry import RetryPolicy
    from ._wire import Call, Failure, Reply
    from .client import AsyncAlive5
    from .errors import (
        Alive5Error,
        Alive5Warning,
        ApiError,
        AuthenticationError,
        BadRequestError,
        ClientClosedError,
        ConfigurationError,
        ConflictError,
        DirectoryInUseError,
        ExportError,
        FilterIgnoredError,
        IncompleteListingError,
        InvalidArgumentError,
        NotFoundError,
        NotSentError,
        OtherJobError,
        OutcomeUnknownError,
        PageRepeatedWarning,
        PermissionDeniedError,
        RateLimitError,
        ResponseError,
        ServerError,
        TimedOutError,
        TransportError,
        WindowIgnoredWarning,
    )
    from .export.reader import open_export
    from .export.report import ExportProgress, ExportReport
    from .models import (
        Account,
        Agent,
        Botchain,
        Channel,
        Contact,
        Conversation,
        CrmData,
        FaqArticle,
        FaqCategory,
        FbmConversation,
        ListingReport,
        LivechatConversation,
        Message,
        Model,
        Page,
        PushedSms,
        SentSms,
        SmsConversation,
        Summary,
        Tag,
        Thread,
        Widget,
    )

_HOMES = {
    "_facade": ("Alive5", "Pages"),
    "_events": ("Event",),
    "_options": ("Timeout",),
    "_pages": ("AsyncPages",),
    "_port.protocol": ("Port",),
    "_retry": ("RetryPolicy",),
    "_wire": ("Call", "Failure", "Reply"),
    "client": ("AsyncAlive5",),
    "errors": (
        "Alive5Error",
        "Alive5Warning",
        "ApiError",
        "AuthenticationError",
        "BadRequestError",
        "ClientClosedError",
        "ConfigurationError",
        "ConflictError",
        "DirectoryInUseError",
        "ExportError",
        "FilterIgnoredError",
        "IncompleteListingError",
        "InvalidArgumentError",
        "NotFoundError",
        "NotSentError",
        "OtherJobError",
        "OutcomeUnknownError",
        "PageRepeatedWarning",
        "PermissionDeniedError",
        "RateLimitError",
        "ResponseError",
        "ServerError",
        "TimedOutError",
        "TransportError",
        "WindowIgnoredWarning",
    ),
    "export.reader": ("open_export",),
    "export.report": ("ExportProgress", "ExportReport"),
    "models": (
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
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Account",
    "Agent",
    "Alive5",
    "Alive5Error",
    "Alive5Warning",
    "ApiError",
    "AsyncAlive5",
    "AsyncPages",
    "AuthenticationError",
    "BadRequestError",
    "Botchain",
    "Call",
    "Channel",
    "ClientClosedError",
    "ConfigurationError",
    "ConflictError",
    "Contact",
    "Conversation",
    "CrmData",
    "DirectoryInUseError",
    "Event",
    "ExportError",
    "ExportProgress",
    "ExportReport",
    "Failure",
    "FaqArticle",
    "FaqCategory",
    "FbmConversation",
    "FilterIgnoredError",
    "IncompleteListingError",
    "InvalidArgumentError",
    "ListingReport",
    "LivechatConversation",
    "Message",
    "Model",
    "NotFoundError",
    "NotSentError",
    "OtherJobError",
    "OutcomeUnknownError",
    "Page",
    "PageRepeatedWarning",
    "Pages",
    "PermissionDeniedError",
    "Port",
    "PushedSms",
    "RateLimitError",
    "Reply",
    "ResponseError",
    "RetryPolicy",
    "SentSms",
    "ServerError",
    "SmsConversation",
    "Summary",
    "Tag",
    "Thread",
    "TimedOutError",
    "Timeout",
    "TransportError",
    "Widget",
    "WindowIgnoredWarning",
    "open_export",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
