"""Errors of exports."""

from __future__ import annotations

from typing import Any

from ._base import Alive5Error


class ExportError(Alive5Error):
    """
    An export cannot continue: no space, no permission, a damaged file. What was fetched is kept.

    ``exit_code`` is the exit code of the command line.
    """

    exit_code = 3

    def to_dict(self) -> dict[str, Any]:
        """
        Return the error as JSON-ready facts, with the exit code.
        """
        return {**super().to_dict(), "exit_code": self.exit_code}


class FilterIgnoredError(ExportError):
    """The server ignores the dates, so an export would be false: ``accept_recent`` exports what it returns."""

    exit_code = 4


class DirectoryInUseError(ExportError):
    """Another process exports to this directory: wait for it, or use another one."""

    exit_code = 7
    _worth_repeating = True


class OtherJobError(ExportError):
    """The directory holds an export with other arguments; ``differences`` names them."""

    exit_code = 7

    def __init__(self, text: str = "", *, differences: tuple[str, ...] = (), **facts: Any) -> None:
        super().__init__(text, **facts)
        self.differences = differences

    def to_dict(self) -> dict[str, Any]:
        """
        Return the error as JSON-ready facts, with the differences.
        """
        return {**super().to_dict(), "differences": list(self.differences)}
