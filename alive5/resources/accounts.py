"""The account."""

from __future__ import annotations

from .. import models
from .._sansio import endpoints
from ._base import AsyncResource


class AsyncAccounts(AsyncResource):
    """The account the key belongs to."""

    async def get(self) -> models.Account:
        """
        Return the account; its ``api_key`` is the secret itself.

        Calls ``GET /account``.
        """
        account: models.Account = await self._caller.call(endpoints.GET_ACCOUNT, {})
        return account
