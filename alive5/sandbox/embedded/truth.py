"""What is true in a sandbox, whatever its answers say: to look at, and to change."""

from __future__ import annotations

import threading
from copy import deepcopy
from typing import Any

from ..data.conversations import KINDS, Row
from ..data.store import Gone, Put, Store
from .clock import Clock


class Truth:
    """
    The conversations, tags and channels behind the answers, and the present.
    """

    def __init__(
        self, seed: int, counts: dict[str, int], now: int, *, rhythm: bool = False, skips: bool = True
    ) -> None:
        self._store = Store(seed, counts, now, rhythm=rhythm)
        self._changes = 0
        self._taken = 0
        self._lock = threading.RLock()
        self._clock = Clock(self._pass, skips=skips)

    def advance(self, *, seconds: float) -> None:
        """
        Move the sandbox's present; later texts and rows bear the later time, and its clients see it pass.
        """
        self._clock.ahead += seconds
        self._pass(seconds)

    def _pass(self, seconds: float) -> None:
        with self._lock:
            self._store.present += round(seconds * 1_000)

    def conversations(self, kind: str) -> list[Row]:
        """
        Return the true conversations of a kind in the documented shape, oldest first, without quirks.
        """
        with self._lock:
            refs = self._store.select(_kind(kind))
            # Generated rows are made anew each time; only those held need a copy.
            return [deepcopy(row) if ref < 0 else row for ref in refs for row in [self._store.row(kind, ref)]]

    def conversation(self, kind: str, session_id: str) -> Row:
        """
        Return one true conversation in the documented shape.

        :raises KeyError: when there is none with that id.
        """
        with self._lock:
            return deepcopy(self._store.row(_kind(kind), self._ref(kind, session_id)))

    def tags(self) -> list[Row]:
        """
        Return the true tags.
        """
        with self._lock:
            return deepcopy(self._store.tags)

    def channels(self) -> list[Row]:
        """
        Return the true channels with their agents.
        """
        with self._lock:
            return deepcopy(self._store.channels)

    def add(self, kind: str, **values: Any) -> Row:
        """
        Add a conversation; *values* are wire names, ``start_time`` in epoch milliseconds.
        """
        with self._lock:
            self._changes += 1
            start = values.get("start_time", self._store.moment(self._taken))
            row = {**self._store.fresh(_kind(kind), 1_000_000_000 + self._changes, start), **values}
            self._store.apply(Put(kind, row))
            return deepcopy(row)

    def change(self, kind: str, session_id: str, **values: Any) -> Row:
        """
        Change a conversation.

        :raises KeyError: when there is none with that id.
        """
        with self._lock:
            row = {**self._store.row(kind, self._ref(kind, session_id)), **values, "alive5_sessionID": session_id}
            self._store.apply(Put(kind, row))
            return deepcopy(row)

    def remove(self, kind: str, session_id: str) -> None:
        """
        Remove a conversation.

        :raises KeyError: when there is none with that id.
        """
        with self._lock:
            self._ref(kind, session_id)
            self._store.apply(Gone(kind, session_id))

    def _ref(self, kind: str, session_id: str) -> int:
        ref = self._store.find(_kind(kind), session_id)
        if ref is None:
            raise KeyError(session_id)
        return ref


def _kind(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"no such kind: {kind!r}; there are {', '.join(KINDS)}")
    return kind
