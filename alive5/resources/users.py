"""Users of the account."""

from __future__ import annotations

import builtins

from .. import models
from .._sansio import later_endpoints as endpoints
from ._base import AsyncResource


class AsyncUsers(AsyncResource):
    """Those who may log in."""

    async def list(self) -> builtins.list[models.User]:
        """
        Return all users with their roles.

        Calls ``GET /get/users``. Documented in 2026 only, never tried.
        """
        users: builtins.list[models.User] = await self._caller.call(endpoints.LIST_USERS, {})
        return users
