"""
The data of a sandbox: generated rows by index, and changes to them.

The service reads a store and returns effects; only applying them changes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import attrs

from . import conversations, rhythm
from .conversations import DESKS, FIRST_MS, KINDS, LAST_MS, NOW_MS, TEXTERS, Row
from .phrases import TAGS

_FAR_MS = 1 << 62


@attrs.frozen(repr=False)
class Made:
    """A tag, channel or FAQ category was created."""

    what: Literal["tags", "channels", "categories"]
    row: Row


@attrs.frozen(repr=False)
class Hired:
    """An agent was created, for some channels."""

    agent: Row
    channels: tuple[str, ...]


@attrs.frozen(repr=False)
class Put:
    """A conversation was added, or replaces the one with its id."""

    kind: str
    row: Row
    thread: tuple[str, str] | None = None


@attrs.frozen(repr=False)
class Gone:
    """A conversation was removed."""

    kind: str
    session_id: str


@attrs.frozen(repr=False)
class Kept:
    """Something beside the conversations was kept under its id, or, without a row, let go."""

    what: Literal["contacts", "webhooks"]
    key: str
    row: Row | None


Effect = Made | Hired | Put | Gone | Kept


@attrs.define
class _Kind:
    """One kind's counts and changes; refs of added rows are negative, those of generated ones their index."""

    count: int
    added: dict[int, Row] = attrs.field(factory=dict)
    removed: set[int] = attrs.field(factory=set)
    refs: dict[str, int] = attrs.field(factory=dict)
    last: int = 0


class Store:
    """
    The truth of one sandbox; the generated conversations begin at least two hours before *now*.

    With *rhythm* they are those of weeks as people live them.
    """

    def __init__(self, seed: int, counts: dict[str, int], now: int = NOW_MS, *, rhythm: bool = False) -> None:
        self.seed = seed
        self.rhythm = rhythm
        self.present = now
        self._made_at = now
        self.tags: list[Row] = [{"tag_id": f"tag-{number}", "tag_label": label} for number, label in enumerate(TAGS, 1)]
        self.channels: list[Row] = [_channel(*entry) for entry in (*DESKS, *TEXTERS)]
        self.categories: list[Row] = []
        self.kept: dict[tuple[str, str], Row] = {}
        self.threads: dict[tuple[str, str], str] = {}
        self._kinds = {kind: _Kind(counts[kind]) for kind in KINDS}

    def moment(self, number: int) -> int:
        """
        Return when the request of that number is: the sandbox's clock moves by requests.
        """
        return self.present + number * 1_000

    def select(self, kind: str, low: int = -_FAR_MS, high: int = _FAR_MS) -> Sequence[int]:
        """
        Return the refs of the conversations that start in ``low <= start < high``, oldest first.
        """
        held = self._kinds[kind]
        first, last = self._bisect(kind, low), self._bisect(kind, high)
        if not held.added and not held.removed:
            return range(first, last)
        refs = [ref for ref in range(first, last) if ref not in held.removed]
        added = [ref for ref, row in held.added.items() if low <= row["start_time"] < high]
        return sorted(refs + added, key=lambda ref: (self.start(kind, ref), -ref)) if added else refs

    def start(self, kind: str, ref: int) -> int:
        """
        Return when a conversation begins.
        """
        held = self._kinds[kind]
        if ref < 0:
            return int(held.added[ref]["start_time"])
        shift = self._made_at - NOW_MS
        start = conversations.start_of(self.seed, kind, ref, held.count) + shift
        return rhythm.evened(start, FIRST_MS + shift, LAST_MS + shift) if self.rhythm else start

    def row(self, kind: str, ref: int) -> Row:
        """
        Return a conversation in the documented shape.
        """
        held = self._kinds[kind]
        if ref < 0:
            return held.added[ref]
        return self._made(kind, ref, self.start(kind, ref))

    def fresh(self, kind: str, number: int, start: int) -> Row:
        """
        Return a conversation that no index of this store generates.
        """
        return self._made(kind, 1_000_000_000 + number, start)

    def reachable(self, kind: str, ref: int) -> bool:
        """
        Whether a conversation has an e-mail address or a phone number.
        """
        if ref >= 0:
            return any(conversations.reachable(self.seed, kind, ref))
        row = self._kinds[kind].added[ref]
        return bool(row.get("contacts_email") or row.get("contacts_phone"))

    def find(self, kind: str, session_id: str) -> int | None:
        """
        Return the ref of a conversation by its id.
        """
        held = self._kinds[kind]
        if session_id in held.refs:
            return held.refs[session_id]
        try:
            index = int(session_id.rpartition("-")[2], 16)
        except ValueError:
            return None
        known = index < held.count and index not in held.removed
        return index if known and conversations.session_id(self.seed, kind, index) == session_id else None

    def agents(self) -> Iterator[Row]:
        """
        Yield the agents of all channels.
        """
        return (agent for channel in self.channels for agent in channel["agents"])

    def apply(self, effect: Effect) -> None:
        """
        Apply an effect.
        """
        if isinstance(effect, Made):
            getattr(self, effect.what).append(effect.row)
        elif isinstance(effect, Hired):
            for channel in self.channels:
                if {channel["channel_id"], channel["channel_label"]} & set(effect.channels):
                    channel["agents"] = [*channel["agents"], effect.agent]
        elif isinstance(effect, Gone):
            self._remove(effect.kind, effect.session_id)
        elif isinstance(effect, Kept):
            self.kept.pop((effect.what, effect.key), None)
            self.kept |= {} if effect.row is None else {(effect.what, effect.key): effect.row}
        else:
            self._put(effect)

    def _made(self, kind: str, index: int, start: int) -> Row:
        row = conversations.conversation(self.seed, kind, index, start, self._made_at)
        return rhythm.lived(row, kind, self._made_at) if self.rhythm else row

    def _put(self, effect: Put) -> None:
        identity: str = effect.row["alive5_sessionID"]
        self._remove(effect.kind, identity)
        held = self._kinds[effect.kind]
        held.last -= 1
        held.added[held.last] = effect.row
        held.refs[identity] = held.last
        if effect.thread is not None:
            self.threads[effect.thread] = identity

    def _remove(self, kind: str, session_id: str) -> None:
        ref = self.find(kind, session_id)
        held = self._kinds[kind]
        if ref is None:
            return
        if ref < 0:
            del held.added[ref]
            del held.refs[session_id]
        else:
            held.removed.add(ref)

    def _bisect(self, kind: str, moment: int) -> int:
        low, high = 0, self._kinds[kind].count
        while low < high:
            middle = (low + high) // 2
            if self.start(kind, middle) < moment:
                low = middle + 1
            else:
                high = middle
        return low


def _channel(channel_id: str, label: str, agent_id: str, agent: str) -> dict[str, Any]:
    first_name = agent.partition(" ")[0].lower()
    member = {
        "user_id": agent_id,
        "email": f"{first_name}@example.com",
        "screen_name": agent,
        "created_at": FIRST_MS - 86_400_000,
    }
    channel = {"channel_id": channel_id, "channel_label": label, "agents": [member], "created_at": FIRST_MS}
    texting = channel_id in {entry[0] for entry in TEXTERS}
    return {**channel, "channel_phone_number": conversations.line_of(channel_id)} if texting else channel
