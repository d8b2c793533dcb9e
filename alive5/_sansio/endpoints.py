"""
The operations of the API, each declared once, for both editions of the service.

The documented edition is the contract of 2020; the current one is what clients
published by the vendor's staff speak since: another host for reads, other
names for dates, required pages.
"""

from __future__ import annotations

from typing import Final

from .. import models
from .endpoint import Endpoint, Names, Returns, Route
from .later_endpoints import LATER


def _names(*names: str, **renamed: str) -> dict[str, tuple[str, ...]]:
    return {name: (renamed.get(name, name),) for name in (*names, *renamed)}


# Hosts differ in the spelling they read; one was seen to ignore the documented one.
_DATES: Final[Names] = {"start": ("date-start", "date_start"), "end": ("date-end", "date_end")}
_READ_DATES: Final = _names(start="date_start", end="date_end")
_PAGES: Final = _names("page", "limit")
_FILTERS: Final = _names("channel_id", "channel_name", "crm_id", "agent_id", "assigned_to")
_SESSION: Final = _names(session_id="alive5_sessionID")
# The largest page the service was seen to give.
PAGE_SIZE: Final = 100

GET_ACCOUNT = Endpoint(
    operation="account.get", method="GET", returns=lambda: models.Account, documented=Route(path="/account")
)
LIST_TAGS = Endpoint(
    operation="tags.list",
    method="GET",
    returns=lambda: models.Tag,
    shape="list",
    documented=Route(path="/objects/tags/list"),
    current=Route(path="/objects/tags/list", host="read"),
)
LIST_CHANNELS = Endpoint(
    operation="channels.list",
    method="GET",
    returns=lambda: models.Channel,
    shape="list",
    documented=Route(path="/objects/channels-and-users/list"),
    current=Route(path="/objects/channels-and-users/list", host="read"),
)


def _texts(operation: str, path: str, returns: Returns) -> Endpoint:
    """Return the listing of texts or of Messenger, which are alike."""
    return Endpoint(
        operation=operation,
        method="GET",
        returns=returns,
        shape="listing",
        documented=Route(path=path, parameters={**_DATES, **_PAGES}, page_size=PAGE_SIZE, may_be_whole=True),
        current=Route(
            path=path,
            host="read",
            parameters={**_READ_DATES, **_PAGES},
            filters={**_FILTERS, **_SESSION},
            page_base=1,
            page_size=PAGE_SIZE,
        ),
    )


LIST_SMS = _texts("conversations.sms", "/conversations/sms", lambda: models.SmsConversation)
LIST_FBM = _texts("conversations.fbm", "/conversations/fbm", lambda: models.FbmConversation)
LIST_LIVECHAT = Endpoint(
    operation="conversations.livechat",
    method="GET",
    returns=lambda: models.LivechatConversation,
    shape="listing",
    documented=Route(path="/conversations/livechat", parameters={**_DATES, **_PAGES}, page_size=PAGE_SIZE),
    current=Route(
        path="/conversations/livechat",
        host="read",
        version="2.0",
        parameters=_names("page", start="datetime_from", end="datetime_to"),
        filters=_FILTERS,
        fixed=(("timezone_offset", "+0:00"),),
        page_base=0,
    ),
)
GET_SUMMARY = Endpoint(
    operation="conversations.summary",
    method="GET",
    returns=lambda: models.Summary,
    documented=Route(path="/conversations/summary", parameters=_DATES),
    current=Route(path="/conversations/summary", host="read", parameters=_names(start="from_datetime", end="date_end")),
)


def _write(operation: str, path: str, returns: Returns, parameters: Names, *, form: bool = False) -> Endpoint:
    return Endpoint(
        operation=operation,
        method="POST",
        returns=returns,
        documented=Route(path=path, parameters=parameters),
        # The only form of a text that was seen to work live.
        body_format="multipart" if form else "json",
    )


SEND_SMS = _write(
    "sms.send",
    "/conversations/sms/send",
    lambda: models.SentSms,
    _names("phone_number_from", "phone_number_to", "message", "channel_id", "user_id"),
    form=True,
)
PUSH_SMS = _write(
    "sms.push",
    "/conversations/sms/push",
    lambda: models.PushedSms,
    _names("phone_number_from", "phone_number_to", "message"),
    form=True,
)
CREATE_CHANNEL = _write(
    "channels.create", "/create/channel", lambda: models.Channel, _names("channel_name", "org_name")
)
CREATE_AGENT = _write(
    "agents.create",
    "/create/agent",
    lambda: models.Agent,
    _names("email", "screenname", "org_name", "role", "channels"),
)
CREATE_FAQ_CATEGORY = _write(
    "faq.create_category", "/create/faq-category", lambda: models.FaqCategory, _names("title", "channel", "org_name")
)
CREATE_FAQ_ARTICLE = _write(
    "faq.create_article",
    "/create/faq-article",
    lambda: models.FaqArticle,
    _names("content", "category", "org_name", "title"),
)
CREATE_TAG = _write("tags.create", "/create/tag", lambda: models.Tag, _names("email", "org_name", "name"))
CREATE_WIDGET = _write(
    "widgets.create",
    "/create/widget",
    lambda: models.Widget,
    _names(
        "widget_name",
        "widget_type",
        "botname",
        "channel_id",
        "org_name",
        access_channels="accessChannels",
        short_code="shortCode",
    ),
)
CREATE_BOTCHAIN = _write(
    "botchains.create",
    "/create/botchain",
    lambda: models.Botchain,
    _names("widget_id", "org_name", "channel_id", "botchain_name", "bot_type"),
)

ENDPOINTS: tuple[Endpoint, ...] = (
    *(value for value in list(globals().values()) if isinstance(value, Endpoint)),
    *LATER,
)
