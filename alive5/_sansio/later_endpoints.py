"""
The operations documented after 2020, each declared once; both editions have them alike.

Those of contacts and webhooks stand at the base URL, all other reads at the
URL of reads. What is optional goes by its own name and is not declared.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

import attrs

from .. import models
from .endpoint import Endpoint, Names, Returns, Route

_READ_DATES: Final[Names] = {"start": ("date_start",), "end": ("date_end",)}
_BOT_DATES: Final[Names] = {"start": ("from_datetime",), "end": ("to_datetime",), "botflow": ("botflowFilter",)}
_WEBHOOK: Final = "/register/webhook/sms"
# More is not given a page, by the document.
LARGEST_PAGE: Final = 100

LIST_CONTACTS = Endpoint(
    operation="contacts.list",
    method="GET",
    returns=lambda: models.CrmContact,
    shape="listing",
    documented=Route(
        path="/objects/contact/get-all",
        host="read",
        version="1.0",
        parameters={"page": ("page",), "limit": ("limit",)},
        page_base=1,
        page_size=LARGEST_PAGE,
    ),
)
CREATE_CONTACT = Endpoint(
    operation="contacts.create",
    method="POST",
    returns=lambda: models.CrmContact,
    documented=Route(
        path="/contact/create-new",
        version="1.0",
        parameters={name: (name,) for name in ("org_name", "email", "first_name", "phone_mobile", "last_name")},
        in_query=True,
    ),
)
UPDATE_CONTACT = Endpoint(
    operation="contacts.update",
    method="PUT",
    returns=lambda: models.CrmContact,
    documented=Route(path="/contact/update-contact", version="1.0", parameters={"crm_id": ("crm_id",)}),
    doubtful_errors=True,  # written in 2026: it may answer so though the change was made
)
LIST_USERS = Endpoint(
    operation="users.list",
    method="GET",
    returns=lambda: models.User,
    shape="list",
    documented=Route(path="/get/users", host="read", version="1.0"),
)
LIST_MESSAGES = Endpoint(
    operation="conversations.messages",
    method="GET",
    returns=lambda: models.FeedMessage,
    shape="listing",
    documented=Route(
        path="/conversations/sms",
        host="read",
        version="1.2",
        parameters=_READ_DATES,
        page_base=1,
        may_be_whole=True,
    ),
)
GET_PERFORMANCE = Endpoint(
    operation="reports.performance",
    method="GET",
    returns=lambda: models.PerformanceReport,
    documented=Route(path="/performance-reporting", host="read", version="1.0", parameters=_READ_DATES),
)


def _bots(operation: str, path: str, returns: Returns = lambda: models.BotExchange) -> Endpoint:
    route = Route(path=path, host="read", version="1.0", parameters=_BOT_DATES)
    return Endpoint(operation=operation, method="GET", returns=returns, shape="list", documented=route)


GET_BOTS = _bots("reports.bots", "/get-bots-reporting")
GET_FREE_TEXT = _bots("reports.free_text", "/get-freetext-reporting")
GET_MULTIPLE_CHOICE = _bots("reports.multiple_choice", "/get-multiplequestion-reporting")
GET_FAQ = _bots("reports.faq", "/get-faq-reporting", lambda: models.FaqExchange)
REGISTER_SMS_WEBHOOK = Endpoint(
    operation="webhooks.sms.register",
    method="POST",
    returns=lambda: models.LineWebhooks,
    documented=Route(path=_WEBHOOK, version="1.0", parameters={"phone_number": ("phoneNumber",), "url": ("url",)}),
)
LIST_SMS_WEBHOOKS = Endpoint(
    operation="webhooks.sms.list",
    method="GET",
    returns=lambda: models.LineWebhooks,
    documented=Route(path=f"{_WEBHOOK}/{{phone_number}}", version="1.0"),
)
DELETE_SMS_WEBHOOK = Endpoint(
    operation="webhooks.sms.delete",
    method="DELETE",
    returns=lambda: models.LineWebhooks,
    documented=Route(
        path=_WEBHOOK,
        version="1.0",
        parameters={"phone_number": ("phoneNumber",), "interceptor_uuid": ("interceptorUuid",)},
    ),
)

LATER: Final = tuple(value for value in list(globals().values()) if isinstance(value, Endpoint))


def placed(endpoint: Endpoint, **values: str) -> Endpoint:
    """
    Return an endpoint whose path holds the values named in it.
    """
    path = endpoint.documented.path.format(**{name: quote(value, safe="") for name, value in values.items()})
    return attrs.evolve(endpoint, documented=attrs.evolve(endpoint.documented, path=path))
