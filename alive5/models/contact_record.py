"""Contacts as the account keeps them."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import attrs

from ._base import Model, at, made_on_access, text, texts
from ._required import Identified


@made_on_access
@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class CrmContact(Identified, Model):
    """
    A person in the account's contacts; ``message`` stands only on what an update gives.

    Not to be confused with ``Contact``, the person of one conversation.
    """

    _id: ClassVar[str] = "crm_id"
    _shown: ClassVar[tuple[str, ...]] = ("crm_id",)

    crm_id: str | None = text()
    first_name: str | None = text()
    last_name: str | None = text()
    email: str | None = text()
    phone_mobile: str | None = text()
    company: str | None = text()
    companytitle: str | None = text()
    tags: list[str] = texts()
    address: str | None = text()
    city: str | None = text()
    state: str | None = text()
    country: str | None = text()
    billing_address: str | None = text()
    billing_city: str | None = text()
    billing_state: str | None = text()
    billing_zip: str | None = text()
    billing_country: str | None = text()
    facebook: str | None = text()
    linkedin: str | None = text()
    instagram: str | None = text()
    snapchat: str | None = text()
    whatsapp: str | None = text()
    wechat: str | None = text()
    viber: str | None = text()
    youtube: str | None = text()
    twitter: str | None = text()
    accountid: str | None = text()
    faq_question: str | None = text()
    notes: str | None = text()
    org_name: str | None = text()
    thread_id: str | None = text()
    xip: str | None = text()
    crm_type: str | None = text()
    created_at: datetime | None = at()
    updated_at: datetime | None = at()
    last_interaction_at: datetime | None = at()
    message: str | None = text()

    @property
    def id(self) -> str | None:
        """The contact's id, if the service delivered one."""
        return self.crm_id or None

    @property
    def start_time(self) -> None:
        """None: contacts are listed whatever their age."""
        return None

    @property
    def end_time(self) -> None:
        """None: it has no end."""
        return None

    @property
    def chat_conversation(self) -> tuple[()]:
        """Nothing: it has no messages of its own."""
        return ()
