"""The account, and the operations that create something; pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from ..data.conversations import ORG_NAME, Row
from ..data.people import mix
from ..data.store import Effect, Hired, Made, Store
from ..settings import Settings
from .envelope import Result
from .request import Asked

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_COLOURS: Final = (
    *("banner_top_bg", "banner_bottom_bg", "banner_divider_bg", "banner_font", "logo_top_bg", "logo_bottom_bg"),
    *("footer_bg", "footer_btn_border", "footer_btn_font", "footer_btn_bg", "chat_body_bg"),
    *("agent_bubble_bg", "agent_font", "visitor_bubble_bg", "visitor_font"),
    *("banner_top_bg_sms", "banner_bottom_bg_sms", "banner_font_sms", "button_background_sms", "button_font_sms"),
)
_PATTERNS: Final = (
    *("logo_bg_pattern_type", "chat_bg_pattern_type", "footer_bg_pattern_type"),
    *("logo_bg_color_type", "title_banner_bg_color_type"),
)


def account(store: Store, asked: Asked, settings: Settings, number: int) -> Result:
    """
    Return the result of ``account.get``.
    """
    data = {"email": "owner@example.com", "api_key": settings.key, "org_name": ORG_NAME}
    if asked.edition == "current":
        data |= {"user_role": "admin", "bot_user_id": "agent-bot"}
    return Result(data=data)


def create(store: Store, asked: Asked, settings: Settings, number: int) -> Result:
    """
    Return the result of a create operation; its id is made of *number*.
    """
    fields = asked.arguments or {}
    maker = _MAKERS[asked.operation]
    wrong = _wrong(store, fields) if settings.strict_ids else ""
    if wrong:
        return Result(code=400, error=wrong)
    data, *effects = maker(store, fields, f"{mix(store.seed, number):016x}", store.moment(number))
    return Result(data=data, effects=tuple(effects))


def names_in(value: Any) -> tuple[str, ...]:
    """
    Return several ids: a sequence, or text with commas.
    """
    items = value if isinstance(value, list) else str(value).split(",")
    return tuple(str(item).strip() for item in items if str(item).strip())


def _wrong(store: Store, fields: Row) -> str:
    """Return what cannot be, "" when all can."""
    asked = [
        name
        for key in ("channels", "channel", "accessChannels", "channel_id")
        for name in names_in(fields.get(key, ""))
    ]
    if not set(asked) <= {channel[key] for channel in store.channels for key in ("channel_id", "channel_label")}:
        return f"Unknown channel: there are {', '.join(channel['channel_id'] for channel in store.channels)}"
    email = fields.get("email")
    return "" if email is None or _EMAIL.fullmatch(str(email)) else "Invalid email"


def _tag(store: Store, fields: Row, identity: str, now: int) -> tuple[Row, Effect]:
    tag_id, name = f"tag-{identity}", fields["name"]
    made = Made("tags", {"tag_id": tag_id, "tag_label": name})
    return {
        "created_at": now,
        "label": name,
        "org_name": fields["org_name"],
        "tag_id": tag_id,
        "tagname": name,
        "email": fields["email"],
    }, made


def _channel(store: Store, fields: Row, identity: str, now: int) -> tuple[Row, Effect]:
    channel_id, name = f"channel-{identity}", fields["channel_name"]
    made = Made("channels", {"channel_id": channel_id, "channel_label": name, "agents": [], "created_at": now})
    return {
        "agents": [],
        "channel_id": channel_id,
        "channel_name": name,
        "channel_status": "active",
        "created_at": now,
        "label": name,
        "org_name": fields["org_name"],
        "system_generated": False,
        "updated_at": now,
    }, made


def _agent(store: Store, fields: Row, identity: str, now: int) -> tuple[Row, Effect]:
    user_id, email = f"agent-{identity}", fields["email"]
    listed = {"user_id": user_id, "email": email, "screen_name": fields["screenname"], "created_at": now}
    return {
        "created_at": now,
        "email": email,
        "org_name": fields["org_name"],
        "user_email": email,
        "user_id": user_id,
        "user_status": "invited",
    }, Hired(listed, names_in(fields["channels"]))


def _category(store: Store, fields: Row, identity: str, now: int) -> tuple[Row, Effect]:
    row = {
        "category_id": f"category-{identity}",
        "category_name": fields["title"],
        "channel_ids": list(names_in(fields["channel"])),
        "created_at": now,
        "label": fields["title"],
        "org_name": fields["org_name"],
    }
    return row, Made("categories", row)


def _article(store: Store, fields: Row, identity: str, now: int) -> tuple[Row]:
    wanted = fields["category"]
    known = (row for row in store.categories if wanted in (row["category_id"], row["category_name"]))
    category = next(known, {"category_name": wanted, "channel_ids": []})
    return ({
        "article_id": f"article-{identity}",
        "body": fields["content"],
        "category_name": category["category_name"],
        "created_at": now,
        "updated_at": now,
        "org_name": fields["org_name"],
        "title": fields["title"],
        "channel_ids": category["channel_ids"],
    },)  # fmt: skip


def _widget(store: Store, fields: Row, identity: str, now: int) -> tuple[Row]:
    look: Row = dict.fromkeys(_COLOURS, "#1A73E8") | dict.fromkeys(_PATTERNS, "solid")
    return ({
        **look,
        "accessChannels": fields["accessChannels"],
        "access_type": "public",
        "channel_id": fields["channel_id"],
        "wimg": "https://www.example.com/widget.png",
        "wname": fields["widget_name"],
        "wscript": f'<script src="https://www.example.com/w/{identity}.js"></script>',
        "created_at": now,
        "id": identity,
        "is_alive5_phone_number": "no",
        "org_name": fields["org_name"],
        "qr_config": {"size": 256},
        "short_code": fields["shortCode"],
        "sms_phone_number": "+12025550100",
        "website_url": "https://www.example.com",
        "widget_auto_msg": {"enabled": False, "text": ""},
        "widget_id": f"widget-{identity}",
        "widget_name": fields["widget_name"],
        "botusername": fields["botname"],
        "widget_type": fields["widget_type"],
        "window_settings": {"position": "right", "open": False},
        "icon_url": "https://www.example.com/icon.svg",
        "header_m1": "Welcome",
        "header_m2": "How can we help?",
    },)  # fmt: skip


def _botchain(store: Store, fields: Row, identity: str, now: int) -> tuple[Row]:
    return ({
        "bot_type": fields["bot_type"],
        "botchain_label": fields["botchain_name"],
        "botchain_name": fields["botchain_name"],
        "channel_ids": list(names_in(fields["channel_id"])),
        "org_name": fields["org_name"],
        "widget_ids": list(names_in(fields["widget_id"])),
        "botchain_id": f"botchain-{identity}",
        "created_at": now,
    },)  # fmt: skip


_MAKERS: Final[dict[str, Callable[[Store, Row, str, int], tuple[Any, ...]]]] = {
    "tags.create": _tag,
    "channels.create": _channel,
    "agents.create": _agent,
    "faq.create_category": _category,
    "faq.create_article": _article,
    "widgets.create": _widget,
    "botchains.create": _botchain,
}
CREATES: Final = tuple(_MAKERS)
