"""The sixteen operations of the API, each declared once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import attrs

from .. import models
from ..models import Model
from .wire import BodyFormat, Call, encode_body

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Shape = Literal["one", "list", "listing"]


@attrs.frozen(kw_only=True)
class Endpoint:
    """
    One operation: its path, the wire names of its arguments, the model it returns.

    ``parameters`` maps an argument to its wire names; a "list" comes whole, a
    "listing" in pages, where 404 means that nothing matches.
    """

    operation: str
    method: Method
    path: str
    returns: type[Model]
    parameters: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    shape: Shape = "one"

    def write(
        self,
        arguments: Mapping[str, Any],
        *,
        body_format: BodyFormat = "json",
        connect: float = 5.0,
        read: float = 30.0,
    ) -> Call:
        """
        Return the call for *arguments*; those that are None are left out.
        """
        fields = {
            wire: value
            for name, value in arguments.items()
            if value is not None
            for wire in self.parameters.get(name, (name,))
        }
        call = Call(operation=self.operation, method=self.method, path=self.path, connect=connect, read=read)
        if not call.is_write:
            return attrs.evolve(call, query=tuple((name, str(value)) for name, value in fields.items()))
        headers, content = encode_body(fields, body_format)
        return attrs.evolve(call, headers=headers, content=content)


def _names(*names: str, **renamed: str) -> dict[str, tuple[str, ...]]:
    return {name: (renamed.get(name, name),) for name in (*names, *renamed)}


# Hosts differ in the spelling they read; one was seen to ignore the documented one.
_DATES = {"start": ("date-start", "date_start"), "end": ("date-end", "date_end")}

GET_ACCOUNT = Endpoint(operation="account.get", method="GET", path="/account", returns=models.Account)
LIST_TAGS = Endpoint(operation="tags.list", method="GET", path="/objects/tags/list", returns=models.Tag, shape="list")
LIST_CHANNELS = Endpoint(
    operation="channels.list",
    method="GET",
    path="/objects/channels-and-users/list",
    returns=models.Channel,
    shape="list",
)
LIST_SMS = Endpoint(
    operation="conversations.sms",
    method="GET",
    path="/conversations/sms",
    returns=models.SmsConversation,
    parameters=_DATES,
    shape="listing",
)
LIST_LIVECHAT = Endpoint(
    operation="conversations.livechat",
    method="GET",
    path="/conversations/livechat",
    returns=models.LivechatConversation,
    parameters={**_DATES, **_names("page", "limit")},
    shape="listing",
)
LIST_FBM = Endpoint(
    operation="conversations.fbm",
    method="GET",
    path="/conversations/fbm",
    returns=models.FbmConversation,
    parameters=_DATES,
    shape="listing",
)
GET_SUMMARY = Endpoint(
    operation="conversations.summary",
    method="GET",
    path="/conversations/summary",
    returns=models.Summary,
    parameters=_DATES,
)
SEND_SMS = Endpoint(
    operation="sms.send",
    method="POST",
    path="/conversations/sms/send",
    returns=models.SentSms,
    parameters=_names("phone_number_from", "phone_number_to", "message", "channel_id", "user_id"),
)
PUSH_SMS = Endpoint(
    operation="sms.push",
    method="POST",
    path="/conversations/sms/push",
    returns=models.PushedSms,
    parameters=_names("phone_number_from", "phone_number_to", "message"),
)
CREATE_CHANNEL = Endpoint(
    operation="channels.create",
    method="POST",
    path="/create/channel",
    returns=models.Channel,
    parameters=_names("channel_name", "org_name"),
)
CREATE_AGENT = Endpoint(
    operation="agents.create",
    method="POST",
    path="/create/agent",
    returns=models.Agent,
    parameters=_names("email", "screenname", "org_name", "role", "channels"),
)
CREATE_FAQ_CATEGORY = Endpoint(
    operation="faq.create_category",
    method="POST",
    path="/create/faq-category",
    returns=models.FaqCategory,
    parameters=_names("title", "channel", "org_name"),
)
CREATE_FAQ_ARTICLE = Endpoint(
    operation="faq.create_article",
    method="POST",
    path="/create/faq-article",
    returns=models.FaqArticle,
    parameters=_names("content", "category", "org_name", "title"),
)
CREATE_TAG = Endpoint(
    operation="tags.create",
    method="POST",
    path="/create/tag",
    returns=models.Tag,
    parameters=_names("email", "org_name", "name"),
)
CREATE_WIDGET = Endpoint(
    operation="widgets.create",
    method="POST",
    path="/create/widget",
    returns=models.Widget,
    parameters=_names(
        "widget_name",
        "widget_type",
        "botname",
        "channel_id",
        "org_name",
        access_channels="accessChannels",
        short_code="shortCode",
    ),
)
CREATE_BOTCHAIN = Endpoint(
    operation="botchains.create",
    method="POST",
    path="/create/botchain",
    returns=models.Botchain,
    parameters=_names("widget_id", "org_name", "channel_id", "botchain_name", "bot_type"),
)

ENDPOINTS: tuple[Endpoint, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Endpoint))
