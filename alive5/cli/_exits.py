"""Exit codes, and the one place that chooses them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Final

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


MEANINGS: Final[Mapping[ExitCode, str]] = {
    ExitCode.DONE: "done, and proven as --require asks",
    ExitCode.FAILED: "it failed: a refusal, an outage, a limit of this machine",
    ExitCode.USAGE: "an argument, an option or a setting is wrong",
    ExitCode.RESUMABLE: "not finished, and what was done is kept: the same command goes on",
    ExitCode.INCOMPLETE: "not provably complete, or too old for --max-age",
    ExitCode.AUTHENTICATION: "the key was refused",
    ExitCode.UNKNOWN: "a write may have been applied: look before repeating it",
    ExitCode.LOCKED: "the directory, the ledger or a key of it is in use, or the directory holds another job",
    ExitCode.INTERRUPTED: "interrupted by Ctrl-C",
    ExitCode.TERMINATED: "ended by SIGTERM",
}
"""What each code says."""
ALWAYS: Final = (ExitCode.DONE, ExitCode.FAILED, ExitCode.USAGE, ExitCode.INTERRUPTED, ExitCode.TERMINATED)
"""The codes any command may end with."""

READING: Final = (ExitCode.AUTHENTICATION,)
"""Those of what asks the service, beside them."""
LISTING: Final = (ExitCode.AUTHENTICATION, ExitCode.INCOMPLETE)
"""Those of a listing of pages, beside them."""

DISK: Final = (ExitCode.RESUMABLE, ExitCode.LOCKED)
"""Those of what reads or changes an export on disk, beside them."""

LEDGER: Final = (ExitCode.RESUMABLE, ExitCode.UNKNOWN, ExitCode.LOCKED)
"""Those of what keeps or reads a ledger, beside them."""


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
