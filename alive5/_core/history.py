"""The conversations of one person, out of several listings."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Iterable

from .. import models
from .._sansio.person import Person, conversation_keys


class History:
    """
    The conversations of listings whose contact is a person, one listing after the other.

    Nothing is in flight between two of them.
    """

    def __init__(self, person: Person, listings: Iterable[AsyncIterable[models.Conversation]]) -> None:
        self._keys = person.keys
        self._rows = deque(aiter(listing) for listing in listings)

    def __aiter__(self) -> AsyncIterator[models.Conversation]:
        return self

    async def __anext__(self) -> models.Conversation:
        while self._rows:
            try:
                row = await anext(self._rows[0])
            except StopAsyncIteration:
                self._rows.popleft()
                continue
            if not self._keys.isdisjoint(conversation_keys(row)):
                return row
        raise StopAsyncIteration
