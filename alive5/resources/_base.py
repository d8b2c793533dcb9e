"""The base of all families of operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._core.caller import Caller
from .._core.organisation import create
from .._sansio.endpoint import Endpoint
from .._sansio.validate import identifier


class AsyncResource:
    """A family of operations over one caller."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def _create(self, endpoint: Endpoint, arguments: Mapping[str, Any], org_name: str | None) -> Any:
        name = None if org_name is None else identifier("org_name", org_name)
        return await create(self._caller, endpoint, {**arguments, "org_name": name})
