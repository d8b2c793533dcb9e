"""The error of ledgers."""

from __future__ import annotations

from ._base import Alive5Error


class LedgerError(Alive5Error):
    """The ledger cannot be used, so nothing was sent."""


class KeyInUseError(LedgerError):
    """Another call with this key is on its way, so nothing was sent: wait for it."""

    _worth_repeating = True
