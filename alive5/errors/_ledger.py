"""The error of ledgers."""

from __future__ import annotations

from ._base import Alive5Error


class LedgerError(Alive5Error):
    """The ledger cannot be used, or another call with this key is on its way; this call sent nothing."""
