"""
Every error and warning of the package; nothing else escapes a call.

    Alive5Error(outcome, operation, attempts, status, code, reason, retry_after, safe_to_repeat, worth_repeating)
    ├── ConfigurationError
    ├── InvalidArgumentError(argument)            also a ValueError
    ├── ClientClosedError
    ├── MissingValueError(value)
    ├── TransportError
    │   ├── NotSentError
    │   ├── TimedOutError
    │   └── OutcomeUnknownError
    ├── ResponseError
    ├── IncompleteListingError(report)
    ├── LedgerError
    │   └── KeyInUseError
    ├── ExportError(exit_code)
    │   ├── FilterIgnoredError
    │   ├── DirectoryInUseError
    │   └── OtherJobError(differences)
    └── ApiError(status, code, message, headers)
        ├── AuthenticationError
        ├── BadRequestError
        ├── PermissionDeniedError
        ├── NotFoundError
        ├── ConflictError
        ├── RateLimitError(retry_after)
        └── ServerError

No error holds the key, a request, a body, or the text of a person.
"""

from __future__ import annotations

from ._api import (
    ApiError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
)
from ._base import Alive5Error, ClientClosedError, ConfigurationError, InvalidArgumentError, MissingValueError
from ._export import DirectoryInUseError, ExportError, FilterIgnoredError, OtherJobError
from ._ledger import KeyInUseError, LedgerError
from ._report import ListingReport as ListingReport
from ._transport import Cause as Cause
from ._transport import (
    IncompleteListingError,
    NotSentError,
    OutcomeUnknownError,
    ResponseError,
    TimedOutError,
    TransportError,
)
from ._warnings import Alive5Warning, PageRepeatedWarning, WindowIgnoredWarning

__all__ = [
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
    "KeyInUseError",
    "LedgerError",
    "MissingValueError",
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
]

# Tracebacks, pickles and documentation name them by their public module.
for _name in (*__all__, "Cause"):
    globals()[_name].__module__ = __name__
