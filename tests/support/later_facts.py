"""
The operations documented after 2020 as facts, typed in from what the vendor wrote and its staff's clients do.

``values`` says where a documented value sits, as in ``facts``; ``answer`` is a
response with all of them. Names are the wire's.
"""

from __future__ import annotations

from typing import Any

import attrs

LINE, CUSTOMER = "+12025550100", "+12025550123"
MOMENT = 1767225600000


@attrs.frozen(kw_only=True)
class Later:
    """
    One operation: where it is, a call of it, what the call sends, and what comes back.
    """

    call: str
    method: str
    path: str
    shown: str = ""
    host: str = "base"
    version: str = "1.0"
    arguments: dict[str, Any] = attrs.field(factory=dict)
    query: dict[str, str] = attrs.field(factory=dict)
    body: dict[str, Any] | None = None
    values: dict[str, str]
    answer: Any

    def __str__(self) -> str:
        return self.call


def _row(names: str) -> dict[str, Any]:
    return {name: sample(name) for name in names.split()}


def sample(name: str) -> Any:
    """
    Make a value of a documented name.
    """
    if name == "tags":
        return ["vip", "new"]
    if name.startswith("total"):
        return 7
    return MOMENT if name.endswith(("_at", "_timestamp")) else f"value of {name}"


_CONTACT = (
    "address billing_address billing_city billing_country billing_state billing_zip city company companytitle country"
    " created_at crm_id email facebook first_name last_name linkedin instagram snapchat whatsapp accountid wechat"
    " viber faq_question youtube notes org_name phone_mobile state thread_id twitter updated_at xip crm_type"
    " last_interaction_at tags"
)
_CREATED = "created_at crm_id updated_at email first_name last_name org_name phone_mobile"
_UPDATED = "crm_id phone_mobile updated_at email last_name first_name message"
_USER = "agent_email agent_first_name agent_last_name agent_role"
_MESSAGE = "thread_id channel_id created_at created_by message_content media_url"
_BOT = (
    "alivesms_phone_number botchain_name bot_timestamp from_phone_number org_name orgbot_name orgbot_type thread_id"
    " init_messageid init_message_content init_orgbot_name bot_message user_reply keyword_found transaction_id"
    " report_id donaterequest_status donate_amount question_type"
)
_FAQ = "botflow visitor_question bot_response"
_PERIOD = {"start": "2026-01-02", "end": "2026-01-31"}
_BOT_QUERY = {"from_datetime": "01-02-2026", "to_datetime": "01-31-2026", "botflowFilter": "All"}
_HOOK = {"url": "https://example.com/texts", "interceptorUuid": "i1"}
_CHANGED = {"channelUpdate": {"Attributes": {"interceptor": [_HOOK]}}}


def _bots(name: str, path: str) -> Later:
    thread = {name: value for name, value in _row(_BOT).items() if name != "thread_id"}
    return Later(
        call=f"reports.{name}",
        method="GET",
        path=path,
        host="read",
        arguments=_PERIOD,
        query=_BOT_QUERY,
        values={"": _BOT},
        answer={"Items": {sample("thread_id"): [thread]}},
    )


OPERATIONS = (
    Later(
        call="contacts.list",
        method="GET",
        path="/objects/contact/get-all",
        host="read",
        query={"page": "1", "limit": "100"},
        values={"": _CONTACT},
        answer={"Items": [_row(_CONTACT)], "page": 1, "totalPages": 1, "totalRecord": 1},
    ),
    Later(
        call="contacts.create",
        method="POST",
        path="/contact/create-new",
        arguments={
            "email": "ada@example.com",
            "first_name": "Ada",
            "last_name": "King",
            "phone_mobile": "+1 (202) 555-0123",
            "org_name": "Example Org",
            "account_id": "a1",
            "title": "Dr",
            "company": "Engines",
        },
        query={
            "email": "ada@example.com",
            "first_name": "Ada",
            "last_name": "King",
            "phone_mobile": CUSTOMER,
            "org_name": "Example Org",
            "account_id": "a1",
            "title": "Dr",
            "company": "Engines",
        },
        values={"": _CREATED},
        answer=_row(_CREATED),
    ),
    Later(
        call="contacts.update",
        method="PUT",
        path="/contact/update-contact",
        arguments={"crm_id": "p1", "phone_mobile": "+1.202.555.0123", "tags": ("vip", "new")},
        body={"crm_id": "p1", "phone_mobile": CUSTOMER, "tags": ["vip", "new"]},
        values={"": _UPDATED},
        answer=_row(_UPDATED),
    ),
    Later(
        call="users.list",
        method="GET",
        path="/get/users",
        host="read",
        values={"": _USER},
        answer=[_row(_USER)],
    ),
    Later(
        call="conversations.messages",
        method="GET",
        path="/conversations/sms",
        host="read",
        version="1.2",
        arguments={"start": "2026-01-01", "end": "2026-01-02"},
        query={"date_start": "12-31-2025", "date_end": "01-04-2026"},
        values={"": _MESSAGE},
        answer=[_row(_MESSAGE)],
    ),
    Later(
        call="reports.performance",
        method="GET",
        path="/performance-reporting",
        host="read",
        arguments={**_PERIOD, "timezone_offset": "-500"},
        query={"date_start": "01-02-2026", "date_end": "01-31-2026", "timezone_offset": "-500"},
        values={
            "": "channelsReport agentsReport tagsReport",
            "channels_report": "channel_name total total_completed total_missed",
            "agents_report": "screen_name total_completed",
        },
        answer={
            "channelsReport": [_row("channel_name total total_completed total_missed")],
            "agentsReport": [_row("screen_name total_completed")],
            "tagsReport": [{"any": "thing"}],
        },
    ),
    _bots("bots", "/get-bots-reporting"),
    _bots("free_text", "/get-freetext-reporting"),
    _bots("multiple_choice", "/get-multiplequestion-reporting"),
    Later(
        call="reports.faq",
        method="GET",
        path="/get-faq-reporting",
        host="read",
        arguments={**_PERIOD, "botflow": "Hours"},
        query={**_BOT_QUERY, "botflowFilter": "Hours"},
        values={"": f"{_FAQ} {_BOT}"},
        answer=[_row(f"{_FAQ} {_BOT}")],
    ),
    Later(
        call="webhooks.sms.register",
        method="POST",
        path="/register/webhook/sms",
        arguments={"phone_number": "+1 202 555 0100", "url": _HOOK["url"]},
        body={"phoneNumber": LINE, "url": _HOOK["url"], "direction": "inbound", "method": "POST"},
        values={"": "interceptorUuid url"},
        answer=_CHANGED,
    ),
    Later(
        call="webhooks.sms.list",
        method="GET",
        path="/register/webhook/sms/%2B12025550100",
        shown="/register/webhook/sms/{phone_number}",
        arguments={"phone_number": "+1 202 555 0100"},
        values={"": "interceptorUuid url"},
        answer={"interceptors": [_HOOK]},
    ),
    Later(
        call="webhooks.sms.delete",
        method="DELETE",
        path="/register/webhook/sms",
        arguments={"phone_number": LINE, "interceptor_uuid": "i1"},
        body={"phoneNumber": LINE, "interceptorUuid": "i1"},
        values={"": "channelUpdate"},
        answer=_CHANGED,
    ),
)
# The values of each model, by its name.
MODELS = {
    "CrmContact": f"{_CONTACT} message",
    "User": _USER,
    "FeedMessage": f"{_MESSAGE} message_id",
    "PerformanceReport": "channelsReport agentsReport tagsReport",
    "ChannelPerformance": "channel_name total total_completed total_missed",
    "AgentPerformance": "screen_name total_completed",
    "BotExchange": _BOT,
    "FaqExchange": f"{_FAQ} {_BOT}",
    "LineWebhooks": "interceptors channelUpdate",
    "ChannelUpdate": "Attributes",
    "ChannelAttributes": "interceptor",
    "SmsWebhook": "url interceptorUuid",
}
# Attributes are the wire's names, save these.
RENAMED = {
    "channelsReport": "channels_report",
    "agentsReport": "agents_report",
    "tagsReport": "tags_report",
    "interceptorUuid": "interceptor_uuid",
    "channelUpdate": "channel_update",
    "Attributes": "attributes",
}
