"""
The contract as facts: the sixteen operations of the Alive5 API 1.0, typed in from its document.

What the current edition has in another place or spells otherwise is typed in
beside it, from what the vendor's staff was seen to send.

``values`` says where a documented value sits: "" is the model an operation
gives, "agents" the models in its field ``agents``, "new_thread.crm_data" a
model two steps down. Names are the wire's.
"""

from __future__ import annotations

from typing import Any

import attrs

from support.later_facts import RENAMED as LATER_RENAMED

FROM, TO, TEXT = "+12025550100", "+12025550123", "Hello"
ORG = "Example Org"


@attrs.frozen(kw_only=True)
class Current:
    """
    An operation in the current edition: where it is and what is sent there for the same arguments.
    """

    version: str | None = None
    parameters: str = ""
    filters: str = ""
    sent: dict[str, str] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Operation:
    """
    One documented operation, and a call of it: Python's arguments and the wire's fields.

    ``beyond`` are parameters that are sent and not documented; ``current`` is
    None where the current edition has the operation as it is documented.
    """

    call: str
    method: str
    path: str
    documented: int
    parameters: str = ""
    beyond: str = ""
    arguments: dict[str, Any] = attrs.field(factory=dict)
    sent: dict[str, str] = attrs.field(factory=dict)
    current: Current | None = None
    values: dict[str, str]

    def __str__(self) -> str:
        return self.call


_WINDOW = {"start": "2026-01-02", "end": "2026-01-31"}
# The document spells dates with hyphens, a later edition of it with underscores: both are sent.
_DATES = {"date-start": "01-02-2026", "date_start": "01-02-2026", "date-end": "01-31-2026", "date_end": "01-31-2026"}
# A listing asks a day before and two days after, and keeps what starts in the period.
_ASKED = {"date-start": "01-01-2026", "date_start": "01-01-2026", "date-end": "02-02-2026", "date_end": "02-02-2026"}
_FILTERS = "channel_id channel_name crm_id agent_id assigned_to"
_TEXTS = Current(
    parameters="date_start date_end page limit",
    filters=f"{_FILTERS} alive5_sessionID",
    sent={"date_start": "01-01-2026", "date_end": "02-02-2026", "page": "1", "limit": "100"},
)
_NUMBERS = {"phone_number_from": FROM, "phone_number_to": TO}
_BOTCHAIN = {"botchain_name": "Welcome", "bot_type": "faq", "widget_id": "w1", "channel_id": "c1", "org_name": ORG}
_ADA = {"email": "ada@example.com", "screenname": "Ada", "role": "agent"}
_CONVERSATION = (
    "org_name alive5_sessionID start_time end_time channel_id channel_name crm_id agent_id assigned_to"
    " contacts_first_name contacts_last_name contacts_email contacts_phone contacts_notes chat_conversation"
)
_MESSAGE = "created_at created_by message_content"
_PERSON = "last_name first_name crm_type email"
_THREAD = (
    "phone_mobile created_at thread_id thread_type assignedTo timestamp updated_at crm_id platform channel_id"
    f" status_timestamp org_name lastmessage_at thread_status crmData {_PERSON}"
)

OPERATIONS = (
    Operation(call="account.get", method="GET", path="/account", documented=3, values={"": "email api_key org_name"}),
    Operation(
        call="tags.list",
        method="GET",
        path="/objects/tags/list",
        documented=2,
        current=Current(),
        values={"": "tag_id tag_label"},
    ),
    Operation(
        call="channels.list",
        method="GET",
        path="/objects/channels-and-users/list",
        documented=6,
        current=Current(),
        values={"": "channel_id channel_label agents", "agents": "email created_at screen_name"},
    ),
    Operation(
        call="conversations.sms",
        method="GET",
        path="/conversations/sms",
        documented=20,
        parameters="date-start date-end",
        beyond="page limit",
        arguments=_WINDOW,
        sent={**_ASKED, "page": "1", "limit": "100"},
        current=_TEXTS,
        values={"": f"{_CONVERSATION} tags alive_sms_phone_number", "chat_conversation": _MESSAGE},
    ),
    Operation(
        call="sms.send",
        method="POST",
        path="/conversations/sms/send",
        documented=21,
        parameters="phone_number_from phone_number_to message channel_id user_id",
        arguments={**_NUMBERS, "message": TEXT, "channel_id": "c1", "user_id": "u1"},
        sent={**_NUMBERS, "message": TEXT, "channel_id": "c1", "user_id": "u1"},
        values={"": f"error newThread {_THREAD}", "new_thread": _THREAD, "new_thread.crm_data": _PERSON},
    ),
    Operation(
        call="sms.push",
        method="POST",
        path="/conversations/sms/push",
        documented=30,
        parameters="phone_number_from phone_number_to message",
        arguments={"phone_number_from": TO, "phone_number_to": FROM, "message": TEXT},
        sent={"phone_number_from": TO, "phone_number_to": FROM, "message": TEXT},
        values={
            "": "assignedTo channel_id created_by direction event_mode media_url message_content message_type org_name"
            " route thread_id user_id From To phone_mobile created_at thread_type timestamp visible_to_channel"
            " updated_at crm_id status_timestamp first_name last_name thread_status crm_type email"
            " alivesms_phone_number init_messageid init_message_content"
        },
    ),
    Operation(
        call="conversations.livechat",
        method="GET",
        path="/conversations/livechat",
        documented=26,
        parameters="date-start date-end page limit",
        arguments={**_WINDOW, "page": 1, "limit": 50},
        sent={**_ASKED, "page": "1", "limit": "50"},
        current=Current(
            version="2.0",
            parameters="datetime_from datetime_to page",
            filters=_FILTERS,
            sent={
                "datetime_from": "01-01-2026",
                "datetime_to": "02-02-2026",
                "timezone_offset": "+0:00",
                "page": "0",
            },
        ),
        values={
            "": f"{_CONVERSATION} alive_sms_phone_number ip_address city state country zip referrer_url page_url",
            "chat_conversation": _MESSAGE,
        },
    ),
    Operation(
        call="conversations.fbm",
        method="GET",
        path="/conversations/fbm",
        documented=18,
        parameters="date-start date-end",
        beyond="page limit",
        arguments=_WINDOW,
        sent={**_ASKED, "page": "1", "limit": "100"},
        current=_TEXTS,
        values={"": _CONVERSATION, "chat_conversation": _MESSAGE},
    ),
    Operation(
        call="conversations.summary",
        method="GET",
        path="/conversations/summary",
        documented=6,
        parameters="date-start date-end",
        arguments=_WINDOW,
        sent=_DATES,
        current=Current(
            parameters="from_datetime date_end", sent={"from_datetime": "01-02-2026", "date_end": "01-31-2026"}
        ),
        values={"": "visitors_web visitors_fbm visitors_sms contacts_web contacts_fbm contacts_sms"},
    ),
    Operation(
        call="channels.create",
        method="POST",
        path="/create/channel",
        documented=9,
        parameters="channel_name org_name",
        arguments={"channel_name": "Support", "org_name": ORG},
        sent={"channel_name": "Support", "org_name": ORG},
        values={
            "": "agents channel_id channel_name channel_status created_at label org_name system_generated updated_at"
        },
    ),
    Operation(
        call="agents.create",
        method="POST",
        path="/create/agent",
        documented=6,
        parameters="email screenname org_name role channels",
        arguments={**_ADA, "channels": ["c1", "c2"], "org_name": ORG},
        sent={**_ADA, "channels": "c1,c2", "org_name": ORG},
        values={"": "created_at email org_name user_email user_id user_status"},
    ),
    Operation(
        call="faq.create_category",
        method="POST",
        path="/create/faq-category",
        documented=6,
        parameters="title channel org_name",
        arguments={"title": "Billing", "channel": "c1", "org_name": ORG},
        sent={"title": "Billing", "channel": "c1", "org_name": ORG},
        values={"": "category_id category_name channel_ids created_at label org_name"},
    ),
    Operation(
        call="faq.create_article",
        method="POST",
        path="/create/faq-article",
        documented=8,
        parameters="content category org_name title",
        arguments={"title": "Refunds", "content": "In a week.", "category": "k1", "org_name": ORG},
        sent={"title": "Refunds", "content": "In a week.", "category": "k1", "org_name": ORG},
        values={"": "article_id body category_name created_at updated_at org_name title channel_ids"},
    ),
    Operation(
        call="tags.create",
        method="POST",
        path="/create/tag",
        documented=6,
        parameters="email org_name name",
        arguments={"name": "vip", "email": "ada@example.com", "org_name": ORG},
        sent={"name": "vip", "email": "ada@example.com", "org_name": ORG},
        values={"": "created_at label org_name tag_id tagname email"},
    ),
    Operation(
        call="widgets.create",
        method="POST",
        path="/create/widget",
        documented=48,
        parameters="widget_name widget_type botname accessChannels channel_id org_name shortCode",
        arguments={
            "widget_name": "Home",
            "widget_type": "chat",
            "botname": "Bot",
            "access_channels": ("c1", "c2"),
            "channel_id": "c1",
            "short_code": "12345",
            "org_name": ORG,
        },
        sent={
            "widget_name": "Home",
            "widget_type": "chat",
            "botname": "Bot",
            "accessChannels": "c1,c2",
            "channel_id": "c1",
            "shortCode": "12345",
            "org_name": ORG,
        },
        values={
            "": "accessChannels access_type channel_id wimg wname wscript created_at id is_alive5_phone_number org_name"
            " qr_config short_code sms_phone_number website_url widget_auto_msg widget_id widget_name botusername"
            " widget_type window_settings icon_url banner_top_bg banner_bottom_bg banner_divider_bg logo_top_bg"
            " logo_bottom_bg logo_bg_pattern_type chat_bg_pattern_type footer_bg_pattern_type footer_bg"
            " footer_btn_border footer_btn_font footer_btn_bg banner_font chat_body_bg agent_bubble_bg agent_font"
            " visitor_bubble_bg visitor_font header_m1 header_m2 banner_top_bg_sms banner_bottom_bg_sms"
            " banner_font_sms button_background_sms button_font_sms logo_bg_color_type title_banner_bg_color_type"
        },
    ),
    Operation(
        call="botchains.create",
        method="POST",
        path="/create/botchain",
        documented=8,
        parameters="widget_id org_name channel_id botchain_name bot_type",
        arguments=_BOTCHAIN,
        sent=_BOTCHAIN,
        values={"": "bot_type botchain_label botchain_name channel_ids org_name widget_ids botchain_id created_at"},
    ),
)
DOCUMENTED_VALUES = 223
# Values no contract documents, by the model that has them too.
_TALK = "contacts_phone_mobile"
OBSERVED = {
    "Account": "user_role bot_user_id",
    "Agent": "user_role",
    "Channel": "channel_phone_number",
    "FbmConversation": _TALK,
    "LivechatConversation": f"{_TALK} tags",
    "Message": "message_id media_url",
    "SentSms": "message_id message_status From To direction message_content",
    "SmsConversation": _TALK,
}
# Attributes are the wire's names, save these.
RENAMED = {
    "alive5_sessionID": "alive5_session_id",
    "assignedTo": "assigned_to",
    "crmData": "crm_data",
    "newThread": "new_thread",
    "From": "from_",
    "To": "to",
    "accessChannels": "access_channels",
    "channel_phone_number": "phone_number",
    **LATER_RENAMED,
}
# Arguments are the wire's names, save these.
ARGUMENTS = {
    "date-start": "start",
    "date-end": "end",
    "date_start": "start",
    "date_end": "end",
    "datetime_from": "start",
    "datetime_to": "end",
    "from_datetime": "start",
    "alive5_sessionID": "session_id",
    "accessChannels": "access_channels",
    "shortCode": "short_code",
}
# Arguments of the listings that belong to the reading, not to the wire.
OF_OURS = {"strict", "prefetch", "ledger", "key", "confirm"}
"""Arguments that say how to read or send, which the service never sees."""
