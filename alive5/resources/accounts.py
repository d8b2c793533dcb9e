"""The account."""

from __future__ import annotations

from .. import _endpoints
from ..models import Account
from ._base import AsyncResource


class AsyncAccounts(AsyncResource):
    """The account the key belongs to."""

    async def get(self) -> Account:
        """
        Get the account; its ``api_key`` is the secret itself.

        Calls ``GET /account``.
        """
        account: Account = await self._caller.call(_endpoints.GET_ACCOUNT, {})
        return account
