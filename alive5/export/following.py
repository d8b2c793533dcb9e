"""
Reading again so that an export stays true: conversations somebody wrote in, and windows of the oldest readings.

Listings show a conversation by its start alone. What was written into it later
is named by the feed of messages, where a host has one; all else that changed
is found by a sweep of the windows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import attrs

from .. import errors
from .engine.committer import Committer
from .fetch import feed
from .fetch.feed import Feed, read_feed, text_of
from .fetch.source import Source
from .plan.span import DAY, ZONE_SECONDS, Span, floor_day
from .plan.upkeep import feed_start, is_proven, sweep, touched_windows
from .plan.window import FetchedWindow, StoredWindow
from .rows.encode import Encoded
from .rows.json_lines import messages_of, read_line
from .rows.suppression import unnamed
from .state.store import Store

_SECOND: Final = 1_000_000
# Before the windows, as probes are.
_RANK: Final = -1
# Conversations asked for one by one at a time, as an export has requests in flight by default.
_TOGETHER: Final = 8
# Long before the service existed: a conversation found by its id may have begun at any time.
_FIRST: Final = 946_684_800
_NO_FEED: Final = "no feed of messages, so conversations of the period that began before it are not found"


@attrs.define(eq=False)
class Following:
    """
    What one run reads again of a kind; ``budget`` is that of the sweep, None for all.

    ``touched`` reads the feed; ``active`` are the epoch microseconds in which a
    message makes a conversation part of the export, whenever it began.
    """

    source: Source
    committer: Committer
    store: Store
    run: int
    budget: int | None = 0
    touched: bool = False
    active: tuple[int, int] | None = None
    _began_us: int = 0
    _feed: Feed | None = None
    _awaited: list[Span] = attrs.field(factory=list)
    _span: Span = attrs.field(init=False)
    _found: bool = False
    _failed: bool = False

    @property
    def kind(self) -> str:
        """The kind."""
        return self.source.kind

    async def choose(self, windows: Sequence[StoredWindow]) -> list[Span]:
        """
        Return the proven windows to read again, once touched conversations outside of them were read.
        """
        touched: list[Span] = []
        self._span = Span(windows[0].span.low, windows[-1].span.high)
        if self.kind == feed.KIND and (self.touched or self.active):
            touched = await self._read_touched(windows)
        again = [*touched, *(window.span for window in windows if not is_proven(window))]
        return sorted({*touched, *sweep(windows, again, self.budget)})

    async def finish(self) -> list[str]:
        """
        Read the conversations the feed names that no window had, and return what is not known of them.
        """
        if self._feed is None:
            return [f"{self.kind}: {_NO_FEED}"] if self.active else []
        facts = await self._ask(self.store.facts, self.kind)
        known = await self._ask(self.store.starts, self.kind, self._feed.threads)
        beyond = {*map(unnamed, facts.get("beyond", ()))}
        named = set(self._feed.threads)
        unknown = [name for name in named - set(known) if self.active or unnamed(name) not in beyond]
        lost = await self._read_each(dict.fromkeys(unknown), self._everything)
        if lost and not (self._found or facts.get("finds_threads")):
            # Whether a conversation can be found by its id at all, a known one shows.
            await self._read_each(dict(sorted(known.items())[:1]), self._span)
        if self.active:
            await self._ask(self.store.mark_active, self.kind, named - lost)
        sure = bool(self._found or facts.get("finds_threads")) and not self._failed
        if sure:
            # Asked for by its id and not there: it began before this export, which need not be asked again.
            news = {"beyond": sorted(beyond.union(map(unnamed, lost))), "finds_threads": True}
            await self._ask(self.store.remember, self.kind, news)
        sentences = self._sentences(lost, sure=sure)
        if not sentences and await self._is_read():
            await self._ask(self.store.remember, self.kind, {"followed_us": self._began_us})
        return sentences

    async def _read_touched(self, windows: Sequence[StoredWindow]) -> list[Span]:
        facts = await self._ask(self.store.facts, self.kind)
        now = self.source.clock()
        self._began_us = int(now * _SECOND)
        begin = self._span.low if self.active is None else floor_day(self.active[0] / _SECOND)
        start = feed_start(windows, facts.get("followed_us"), begin)
        days = Span(floor_day(start), max(floor_day(now + ZONE_SECONDS) + DAY, floor_day(start) + DAY))
        self._feed = await read_feed(self.source, days, self.active)
        if self._feed is None:
            return []
        gone = await self._ask(self.store.forgotten_ids, self.kind, self._feed.threads)
        threads = {name: texts for name, texts in self._feed.threads.items() if name not in gone}
        self._feed = attrs.evolve(self._feed, threads=threads)
        known = await self._ask(self.store.starts, self.kind, self._feed.threads)
        stale = await self._ask(self._stale, self._feed, known)
        starts = {name: start for name, start in stale.items() if start is not None}
        whole, single = touched_windows(starts, windows, one_by_one=self._has_filter)
        lost = await self._read_each(
            {name: stale[name] for name in stale if name in single or name not in starts}, self._span
        )
        more, _ = touched_windows({name: starts[name] for name in lost & set(starts)}, windows, one_by_one=False)
        self._awaited = sorted({*whole, *more})
        return self._awaited

    def _stale(self, found: Feed, known: Mapping[str, int | None]) -> dict[str, int | None]:
        """Return the starts of those conversations that lack a message the feed has; run in the store's thread."""
        return {
            name: known[name]
            for name, line in self.store.lines(self.kind, known)
            if not found.threads[name] <= {text_of(message) for message in messages_of(read_line(line)[2])}
        }

    async def _read_each(self, starts: Mapping[str, int | None], span: Span) -> set[str]:
        """Read conversations by their ids, and return those that did not come."""
        if not self._has_filter:
            return set(starts)
        asked = sorted(starts.items())
        came: list[FetchedWindow] = []

        async def one(entry: tuple[str, int | None]) -> None:
            name, start = entry
            days = span if start is None else _around(start)
            rows = await self._read_one(name, days)
            if rows:
                observed = int(self.source.clock() * _SECOND)
                came.append(FetchedWindow(kind=self.kind, span=days, rows=rows, observed_us=observed))

        await self.source.together(one, asked, _TOGETHER)
        for found in came:
            await self._ask(self.store.remember, self.kind, {}, found, self.run)
        return set(starts) - {row.id for found in came for row in found.rows}

    async def _read_one(self, name: str, days: Span) -> list[Encoded]:
        try:
            page = await self.source.page(days, self.source.base or 1, _RANK, session_id=name)
        except (errors.AuthenticationError, errors.ClientClosedError):
            raise
        except (errors.ApiError, errors.ResponseError, errors.TransportError):
            self._failed = True
            return []
        # Other rows beside it would say that ids are no filter here.
        self._found = self._found or {row.id for row in page.rows} == {name}
        return [row for row in page.rows if row.id == name]

    async def _is_read(self) -> bool:
        """Whether all windows of touched conversations were read since the feed was."""
        windows = await self._ask(self.store.windows, self.kind)
        old = [window.span for window in windows if window.read_us < self._began_us]
        return not any(one.low < span.high and span.low < one.high for one in self._awaited for span in old)

    def _sentences(self, lost: Iterable[str], *, sure: bool) -> list[str]:
        said = []
        if self._feed is not None and not self._feed.whole:
            said.append(f"{self.kind}: the feed of messages may have been cut, and other threads have changed")
        missing = len([*lost])
        if missing and (not sure or self.active):
            said.append(f"{self.kind}: {missing} conversations the feed of messages names were not found by their ids")
        return said

    @property
    def _everything(self) -> Span:
        """The days in which a conversation of the export may have begun."""
        return Span(_FIRST, max(self._span.high, _FIRST + DAY)) if self.active else self._span

    @property
    def _has_filter(self) -> bool:
        return "session_id" in self.source.route.filters

    async def _ask(self, fn: Any, *arguments: Any) -> Any:
        return await self.committer.ask(fn, *arguments)


def _around(start_us: int) -> Span:
    """Return the days a host may show a conversation in."""
    start = start_us // _SECOND
    return Span(floor_day(start - ZONE_SECONDS), floor_day(start + ZONE_SECONDS) + DAY)
