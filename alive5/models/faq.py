"""FAQ categories and articles."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import attrs

from ._base import Model, at, made_on_access, text, texts
from ._required import Identified


@made_on_access
@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class FaqCategory(Identified, Model):
    """
    A category of the FAQ.
    """

    _id: ClassVar[str] = "category_id"
    _shown: ClassVar[tuple[str, ...]] = ("category_id",)

    category_id: str | None = text()
    category_name: str | None = text()
    channel_ids: list[str] = texts()
    created_at: datetime | None = at()
    label: str | None = text()
    org_name: str | None = text()


@made_on_access
@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class FaqArticle(Identified, Model):
    """
    An article of the FAQ.
    """

    _id: ClassVar[str] = "article_id"
    _shown: ClassVar[tuple[str, ...]] = ("article_id",)

    article_id: str | None = text()
    body: str | None = text()
    category_name: str | None = text()
    created_at: datetime | None = at()
    updated_at: datetime | None = at()
    org_name: str | None = text()
    title: str | None = text()
    channel_ids: list[str] = texts()
