"""Create operations, which name the organisation: looked up once when nobody gave it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import errors
from .._sansio.endpoint import Endpoint
from .._sansio.endpoints import GET_ACCOUNT
from .caller import Caller


async def create(caller: Caller, endpoint: Endpoint, arguments: Mapping[str, Any]) -> Any:
    """
    Call a create operation, with the account's ``org_name`` when none is given.
    """
    if arguments.get("org_name") is not None:
        return await caller.call(endpoint, arguments)
    caller.check_ready(endpoint.operation)
    deadline = caller.deadline()
    name = caller.org_name or caller.shared.org_name or await _look_up(caller, endpoint, deadline)
    return await caller.call(endpoint, {**arguments, "org_name": name}, deadline=deadline)


async def _look_up(caller: Caller, endpoint: Endpoint, deadline: float) -> str:
    try:
        account = await caller.call(GET_ACCOUNT, {}, deadline=deadline)
    except errors.Alive5Error as error:
        # The create itself never left, whatever became of the look-up.
        error.operation, error.outcome = endpoint.operation, "not_sent"
        raise
    name = account.org_name
    if not name:
        raise errors.ConfigurationError(
            "the account names no organisation: pass org_name", operation=endpoint.operation
        )
    caller.shared.org_name = name
    return str(name)
