"""Users of the account."""

from __future__ import annotations

import attrs

from ._base import Model, text


@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class User(Model):
    """
    Someone who may log in; the service gives no id here: ``channels.list()`` has those of agents.
    """

    agent_email: str | None = text()
    agent_first_name: str | None = text()
    agent_last_name: str | None = text()
    agent_role: str | None = text()
