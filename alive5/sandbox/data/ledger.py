"""The ledger of a sandbox: requests and deliveries."""

from __future__ import annotations

from typing import Any

import attrs

from ..._sansio.wire import Failure, Pairs, Reply


@attrs.frozen(kw_only=True, repr=False)
class Request:
    """
    A request: its number, operation, arguments and the fault it met.

    ``attempt`` counts equal requests, so the first try of each is 1.
    """

    number: int
    operation: str
    method: str
    path: str
    query: Pairs = ()
    attempt: int = 1
    fault: str | None = None

    def __repr__(self) -> str:
        return f"<Request {self.number} {self.operation} attempt={self.attempt} fault={self.fault}>"


@attrs.frozen(kw_only=True, repr=False)
class Delivery:
    """A write that was applied, with the number of its request."""

    number: int
    operation: str
    arguments: dict[str, Any]

    def __repr__(self) -> str:
        return f"<Delivery {self.number} {self.operation}>"


@attrs.frozen
class Served:
    """What a client gets, after how many seconds; ``operation`` and ``place`` are the path's in the table."""

    answer: Reply | Failure
    delay: float = 0.0
    operation: str = ""
    place: str | None = None
