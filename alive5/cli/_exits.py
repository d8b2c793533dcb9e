"""Exit codes, and the one place that chooses them."""

from __future__ import annotations

from enum import IntEnum

from .. import errors


class ExitCode(IntEnum):
    """Exit codes of the command."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    RESUMABLE = 3
    INCOMPLETE = 4
    AUTHENTICATION = 5
    UNKNOWN = 6
    LOCKED = 7
    INTERRUPTED = 130
    TERMINATED = 143


class Terminated(BaseException):
    """SIGTERM, raised in the main thread like Ctrl-C."""


_CODES: tuple[tuple[type[BaseException], ExitCode], ...] = (
    (errors.AuthenticationError, ExitCode.AUTHENTICATION),
    (errors.OutcomeUnknownError, ExitCode.UNKNOWN),
    (errors.IncompleteListingError, ExitCode.INCOMPLETE),
    (errors.KeyInUseError, ExitCode.LOCKED),
    (errors.LedgerError, ExitCode.RESUMABLE),
    (errors.ConfigurationError, ExitCode.USAGE),
    (errors.InvalidArgumentError, ExitCode.USAGE),
    (KeyboardInterrupt, ExitCode.INTERRUPTED),
    (Terminated, ExitCode.TERMINATED),
)


def code_of(error: BaseException) -> ExitCode:
    """
    Return the exit code of an error or an interrupt; errors of an export have their own.
    """
    if isinstance(error, errors.ExportError):
        return ExitCode(error.exit_code)
    return next((code for kind, code in _CODES if isinstance(error, kind)), ExitCode.FAILED)
