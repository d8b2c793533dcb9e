"""Widgets and botchains."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import attrs

from ._base import Model, at, free, made_on_access, text, texts
from ._required import Identified


@made_on_access
@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class Widget(Identified, Model):
    """
    A widget of a website; ``access_channels`` is text and may hold several ids.
    """

    _id: ClassVar[str] = "widget_id"
    _shown: ClassVar[tuple[str, ...]] = ("widget_id",)

    access_channels: str | None = text("accessChannels")
    access_type: str | None = text()
    channel_id: str | None = text()
    wimg: str | None = text()
    wname: str | None = text()
    wscript: str | None = text()
    created_at: datetime | None = at()
    id: str | None = text()
    is_alive5_phone_number: str | None = text()
    org_name: str | None = text()
    qr_config: Any = free()
    short_code: str | None = text()
    sms_phone_number: str | None = text()
    website_url: str | None = text()
    widget_auto_msg: Any = free()
    widget_id: str | None = text()
    widget_name: str | None = text()
    botusername: str | None = text()
    widget_type: str | None = text()
    window_settings: Any = free()
    icon_url: str | None = text()
    banner_top_bg: str | None = text()
    banner_bottom_bg: str | None = text()
    banner_divider_bg: str | None = text()
    logo_top_bg: str | None = text()
    logo_bottom_bg: str | None = text()
    logo_bg_pattern_type: str | None = text()
    chat_bg_pattern_type: str | None = text()
    footer_bg_pattern_type: str | None = text()
    footer_bg: str | None = text()
    footer_btn_border: str | None = text()
    footer_btn_font: str | None = text()
    footer_btn_bg: str | None = text()
    banner_font: str | None = text()
    chat_body_bg: str | None = text()
    agent_bubble_bg: str | None = text()
    agent_font: str | None = text()
    visitor_bubble_bg: str | None = text()
    visitor_font: str | None = text()
    header_m1: str | None = text()
    header_m2: str | None = text()
    banner_top_bg_sms: str | None = text()
    banner_bottom_bg_sms: str | None = text()
    banner_font_sms: str | None = text()
    button_background_sms: str | None = text()
    button_font_sms: str | None = text()
    logo_bg_color_type: str | None = text()
    title_banner_bg_color_type: str | None = text()


@made_on_access
@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class Botchain(Identified, Model):
    """
    A chain of a bot's questions and answers.
    """

    _id: ClassVar[str] = "botchain_id"
    _shown: ClassVar[tuple[str, ...]] = ("botchain_id",)

    bot_type: str | None = text()
    botchain_label: str | None = text()
    botchain_name: str | None = text()
    channel_ids: list[str] = texts()
    org_name: str | None = text()
    widget_ids: list[str] = texts()
    botchain_id: str | None = text()
    created_at: datetime | None = at()
