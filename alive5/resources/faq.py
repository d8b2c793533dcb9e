"""The FAQ."""

from __future__ import annotations

from .. import models
from .._sansio import endpoints
from .._sansio.validate import identifier, words
from ._base import AsyncResource


class AsyncFaq(AsyncResource):
    """Categories and articles of the FAQ."""

    async def create_category(self, *, title: str, channel: str, org_name: str | None = None) -> models.FaqCategory:
        """
        Create an FAQ category in a channel.

        Calls ``POST /create/faq-category``.

        :param title: Title of the category.
        :param channel: Id of its channel.
        """
        arguments = {"title": identifier("title", title), "channel": identifier("channel", channel)}
        category: models.FaqCategory = await self._create(endpoints.CREATE_FAQ_CATEGORY, arguments, org_name)
        return category

    async def create_article(
        self, *, title: str, content: str, category: str, org_name: str | None = None
    ) -> models.FaqArticle:
        """
        Create an FAQ article in a category.

        Calls ``POST /create/faq-article``.

        :param title: Title of the article.
        :param content: Text of the article.
        :param category: Its category.
        """
        arguments = {
            "title": identifier("title", title),
            "content": words("content", content),
            "category": identifier("category", category),
        }
        article: models.FaqArticle = await self._create(endpoints.CREATE_FAQ_ARTICLE, arguments, org_name)
        return article
