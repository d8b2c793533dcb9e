"""One conversation of the service, by its id."""

from __future__ import annotations

from typing import Any, Final

from .._sansio.validate import refuse
from ..models import Conversation
from ..models.conversation import KINDS
from ._dates import read_period
from ._session import Session

# Long before the service existed: a conversation that is asked for by its id may have begun at any time.
_FIRST: Final = "2000-01-01"
# The current edition finds these by their id; no edition finds a chat from a website.
_BY_ID: Final = ("sms", "fbm")
_DAYS: Final = "give the days it may have begun in, with --start and --end"


def look_up(session: Session, session_id: str, *, kind: str | None, start: str | None, end: str | None) -> Conversation:
    """
    Return a conversation of the service: asked for by its id, or looked for among those of some days.

    :raises InvalidArgumentError: when there is none, or it cannot be asked for so.
    """
    kinds = KINDS if kind is None else (kind,)
    if start is None and end is None:
        return _by_id(session, session_id, kinds)
    with session.client() as client:
        for each in kinds:
            listing: Any = getattr(client.conversations, each)
            for row in listing(**read_period(start, end, session.zone), strict=True):
                if row.id == session_id:
                    found: Conversation = row
                    return found
    raise refuse("session_id", "is of no conversation that began in these days")


def _by_id(session: Session, session_id: str, kinds: tuple[str, ...]) -> Conversation:
    asked = [kind for kind in kinds if kind in _BY_ID]
    if not asked:
        raise refuse("session_id", f"of a chat from a website cannot be asked for: {_DAYS}")
    if session.edition != "current":
        raise refuse("session_id", f"can be asked for in the current edition alone: say --edition current, or {_DAYS}")
    with session.client() as client:
        for each in asked:
            listing: Any = getattr(client.conversations, each)
            found: Conversation | None = listing(session_id=session_id, start=_FIRST).first()
            if found is not None and found.id == session_id:
                return found
    raise refuse("session_id", f"is of no {' or '.join(asked)} conversation of the service; of another one, {_DAYS}")
