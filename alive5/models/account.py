"""The account behind the key."""

from __future__ import annotations

from typing import ClassVar

import attrs

from ._base import Model, text


@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class Account(Model):
    """
    The account; ``api_key`` is the secret itself and is masked by ``to_dict()``.

    ``user_role`` and ``bot_user_id`` are in no documentation; they were seen live.
    """

    _secret: ClassVar[frozenset[str]] = frozenset({"api_key"})

    email: str | None = text()
    api_key: str | None = text()
    org_name: str | None = text()
    user_role: str | None = text()
    bot_user_id: str | None = text()
