"""The lines of an account, and a sender on one of them."""

from __future__ import annotations

from typing import Final

import attrs

from .. import errors
from .._core.caller import Caller
from .._sansio import endpoints
from .._sansio.endpoint import Endpoint, Route
from ..models import Channel, SmsLine
from .plan.lines import choose_agent, choose_line, has_number, lines_of
from .sender import AsyncSender, Sends

# The only place that was seen to tell numbers; the vendor's own client asks there.
_WITH_NUMBERS: Final[Endpoint] = attrs.evolve(
    endpoints.LIST_CHANNELS,
    documented=Route(path=endpoints.LIST_CHANNELS.documented.path, version="1.1"),
    current=None,
)
# What a host without that version says.
_NOT_THERE: Final = (
    errors.BadRequestError,
    errors.NotFoundError,
    errors.PermissionDeniedError,
    errors.ResponseError,
)


async def read_lines(caller: Caller) -> list[SmsLine]:
    """
    Return the lines of the directory.
    """
    channels: list[Channel] = await caller.call(endpoints.LIST_CHANNELS, {})
    if not all(has_number(channel) for channel in channels):
        try:
            channels = [*channels, *await caller.call(_WITH_NUMBERS, {})]
        except _NOT_THERE:
            pass
    return lines_of(channels)


async def find_sender(caller: Caller, sms: Sends, line: str, agent: str | None) -> AsyncSender:
    """
    Return a sender for the line and the agent that are meant.
    """
    found = choose_line(await read_lines(caller), line)
    who = choose_agent(found, agent)
    return AsyncSender(
        sms,
        phone_number_from=found.phone_number,
        channel_id=found.channel_id,
        user_id=str(who.user_id),
        agent=who.screen_name,
    )
