"""Which page a request asks for, by the habits of its edition; pure."""

from __future__ import annotations

from typing import Final

import attrs

from ..settings import Settings
from .envelope import MISSING_FIELD, Result
from .request import Asked

_BAD_PAGE: Final = Result(code=400, error="Invalid page or limit")
_LIVECHAT_SIZE: Final = 50
_USUAL_LIMIT: Final = "100"


@attrs.frozen(kw_only=True)
class Wanted:
    """
    A page: its number, the number of the first one, its rows at most, and what stands beside them.
    """

    page: int
    base: int
    size: int
    style: str


def read_wanted(kind: str, asked: Asked, settings: Settings) -> Wanted | Result | None:
    """
    Return the page wanted, a refusal, or None for a listing in one piece.
    """
    if kind == "livechat":
        return _current_livechat(asked, settings) if asked.edition == "current" else _livechat(asked, settings)
    return _current_texts(asked, settings) if asked.edition == "current" else _texts(kind, asked, settings)


def _current_livechat(asked: Asked, settings: Settings) -> Wanted | Result:
    size = settings.ignored_limit or min(_LIVECHAT_SIZE, settings.clamped_limit or _LIVECHAT_SIZE)
    return _page(asked.query.get("page") or "0", 0, size, _style("pages", settings), settings)


def _livechat(asked: Asked, settings: Settings) -> Wanted | Result:
    page, size = asked.query.get("page"), _size(asked.query.get("limit"), settings)
    if not page or size is None:
        return MISSING_FIELD
    return _page(page, settings.base_of("livechat"), size, _style("none", settings), settings)


def _current_texts(asked: Asked, settings: Settings) -> Wanted | Result:
    page, limit = asked.query.get("page"), asked.query.get("limit")
    required = not asked.guessed if settings.require_pages is None else settings.require_pages
    if required and not (page and limit):
        return MISSING_FIELD
    size = _size(limit or _USUAL_LIMIT, settings) or 0
    return _page(page or "1", 1, size, _style("totals", settings), settings)


def _texts(kind: str, asked: Asked, settings: Settings) -> Wanted | Result | None:
    page, limit, size = asked.query.get("page"), asked.query.get("limit"), settings.sms_fbm_pages
    if settings.require_pages:
        if not (page and limit):
            return MISSING_FIELD
        size = size or _size(limit, settings)
    if size is None:
        return None
    base = settings.base_of(kind)
    return _page(page or str(base), base, size, _style("pages", settings), settings)


def _page(text: str, base: int, size: int, style: str, settings: Settings) -> Wanted | Result:
    page = _whole(text)
    if page is None or page < 0 or size < 1:
        return _BAD_PAGE
    if page < base and settings.page_zero == "refused":
        return _BAD_PAGE
    if page < base and settings.page_zero == "server_error":
        return Result(code=500, error="Internal error", status=500)
    return Wanted(page=page, base=base, size=size, style=style)


def _size(text: str | None, settings: Settings) -> int | None:
    """Return the rows a limit gives, None without one and 0 for nonsense."""
    if not text:
        return None
    limit = _whole(text)
    if limit is None or limit < 1:
        return 0
    return settings.ignored_limit or min(limit, settings.clamped_limit or limit)


def _style(usual: str, settings: Settings) -> str:
    return usual if settings.metadata == "usual" else settings.metadata


def _whole(text: str) -> int | None:
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None
