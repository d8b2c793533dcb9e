"""Webhooks: addresses of yours that the service calls."""

from __future__ import annotations

import builtins
from typing import Any
from urllib.parse import urlsplit

from .. import models
from .._core.caller import Caller
from .._sansio import later_endpoints as endpoints
from .._sansio.decode import shape
from .._sansio.later_answers import webhooks_of
from .._sansio.origins import is_loopback
from .._sansio.validate import identifier, phone, refuse
from ..errors import ResponseError
from ._base import AsyncResource


class AsyncSmsWebhooks(AsyncResource):
    """
    Webhooks of incoming texts.

    Each text is delivered once, unsigned, without a second try, and one that is
    only an image not at all: a webhook hastens what a listing finds, and proves
    nothing. Whoever knows the address can call it.
    """

    async def register(self, *, phone_number: str, url: str) -> models.SmsWebhook:
        """
        Register an address to be called with each incoming text of a line, and return it with its id.

        ``interceptor_uuid`` is None when the service did not say it: list them.
        Calls ``POST /register/webhook/sms``. Written by the vendor's staff.

        :param phone_number: Your line.
        :param url: Where texts are delivered, https.
        """
        address = _address(url)
        arguments = {
            "phone_number": phone("phone_number", phone_number),
            "url": address,
            "direction": "inbound",
            "method": "POST",
        }
        answer: models.LineWebhooks = await self._caller.call(endpoints.REGISTER_SMS_WEBHOOK, arguments)
        made = (hook for hook in reversed(answer.webhooks) if hook.url == address)
        return next(made, models.SmsWebhook(url=address, extra=answer.extra))

    async def list(self, *, phone_number: str) -> builtins.list[models.SmsWebhook]:
        """
        Return the webhooks of a line.

        Calls ``GET /register/webhook/sms/{phone_number}``. Written by the vendor's staff.
        """
        endpoint = endpoints.placed(endpoints.LIST_SMS_WEBHOOKS, phone_number=phone("phone_number", phone_number))
        data = webhooks_of((await self._caller.fetch(endpoint, {})).data)
        if data is None:
            raise ResponseError("the response holds no list where one belongs", operation=endpoint.operation)
        return shape(models.LineWebhooks, data).webhooks

    async def delete(self, *, phone_number: str, interceptor_uuid: str) -> models.LineWebhooks:
        """
        Remove a webhook of a line, and return what the service says of it.

        Calls ``DELETE /register/webhook/sms``. Written by the vendor's staff.

        :param phone_number: Your line.
        :param interceptor_uuid: Id; see webhooks sms list.
        """
        arguments = {
            "phone_number": phone("phone_number", phone_number),
            "interceptor_uuid": identifier("interceptor_uuid", interceptor_uuid),
        }
        answer: models.LineWebhooks = await self._caller.call(endpoints.DELETE_SMS_WEBHOOK, arguments)
        return answer


class AsyncWebhooks(AsyncResource):
    """Webhooks, by what they tell of."""

    sms: AsyncSmsWebhooks

    def __init__(self, caller: Caller) -> None:
        super().__init__(caller)
        self.sms = AsyncSmsWebhooks(caller)


def _address(url: Any) -> str:
    text = identifier("url", url)
    try:
        parts = urlsplit(text)
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port
    except ValueError:
        scheme, host, port = "", "", None
    secure = scheme == "https" or (scheme == "http" and is_loopback(host))
    if not secure or not host or port == 0 or " " in text:
        raise refuse("url", "must start with https:// and name a host; http is for loopback only")
    return text
