"""Before a kind is read: its habits are probed, and its windows are planned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from .._core.caller import Caller
from ..errors import FilterIgnoredError
from .engine.committer import Committer
from .fetch.evidence import DateEvidence
from .fetch.probes import Probed, probe_known
from .fetch.source import Source
from .fetch.window_reader import WindowReader
from .plan.job import Job
from .plan.lookback import OPEN_DAYS
from .plan.now import Now, doubted
from .plan.planner import Density, Habits, plan
from .plan.relearn import differences, merged, sentences, shaken
from .plan.request import Request
from .plan.span import DAY, Span
from .plan.upkeep import joined
from .plan.window import FetchedWindow, StoredWindow
from .state.store import Store


@attrs.frozen
class Prepared:
    """A kind ready to be read; ``beyond`` are the days to add when the host goes by the end."""

    kind: str
    reader: WindowReader
    density: Density
    tiles: list[StoredWindow]
    beyond: Span | None
    ignored: bool


@attrs.define(eq=False)
class Preparation:
    """
    The preparation of a run's kinds; ``anomalies`` collects what it finds.
    """

    request: Request
    caller: Caller
    origin: str
    job: Job
    store: Store
    committer: Committer
    run: int
    now: Now
    anomalies: list[str] = attrs.field(factory=list)

    async def prepare(self, source: Source) -> Prepared:
        """
        Plan a kind's windows, those included that what the probes find makes doubtful.

        :raises FilterIgnoredError: when the dates are ignored, and that was not accepted.
        """
        kind, ask = source.kind, self.committer.ask
        facts = await ask(self.store.facts, kind)
        windows = await ask(self.store.windows, kind)
        evidence = DateEvidence.of(facts, windows)
        span, beyond = self._spans(evidence)
        again: list[Span] = []
        if self.request.since_last:
            again = await ask(self.store.to_read_again, kind, windows, span, self.now())
        source.edition = self.caller.chosen_edition or facts.get("edition", "documented")
        tiles, probed = plan(doubted(windows, self.now()), span, again, kind), None
        if any(tile.state == "todo" for tile in tiles):
            probed = await self._probe(source, facts, span, tiles)
            again += self._shaken(kind, facts, windows, probed.habits)
            tiles = plan(doubted(windows, self.now()), span, again, kind)
            tiles = [StoredWindow(kind=kind, span=span)] if probed.ignored else tiles
        if not (probed and probed.ignored):
            habits = Habits(**facts.get("habits", {})) if probed is None else probed.habits
            tiles = joined(tiles, habits.page, int(self.now()) - OPEN_DAYS * DAY)
        if tiles != windows:
            await ask(self.store.replan, kind, [window.span for window in windows], tiles)
        if probed is not None:
            # After the windows: what made them doubtful is forgotten with it.
            await self._remember(source, span, facts, probed)
        reader, density = self._reader(source, facts, probed, evidence)
        return Prepared(kind, reader, density, tiles, beyond, ignored=reader.accept)

    def _spans(self, evidence: DateEvidence) -> tuple[Span, Span | None]:
        """Return the days to be read, and those to add should the host turn out to go by the end."""
        # By our own clock, though it may be ahead: days that have not begun have no rows, and cost little.
        now = self.now.own()
        span, wide = self.job.span(now), attrs.evolve(self.job, last=None, upper_us=None).span(now)
        if not span.seconds or wide.high <= span.high:
            return span, None
        return (span, Span(span.high, wide.high)) if evidence.fits_start else (Span(span.low, wide.high), None)

    def _shaken(self, kind: str, facts: dict[str, Any], windows: list[StoredWindow], found: Habits) -> list[Span]:
        if facts.get("origin") != self.origin:
            return []
        changed = differences(Habits(**facts.get("habits", {})), found)
        self.anomalies += sentences(kind, changed)
        return shaken(windows, changed, found)

    async def _probe(self, source: Source, facts: dict[str, Any], span: Span, tiles: Sequence[StoredWindow]) -> Probed:
        """Probe the edition that was chosen or found before; when its dates are ignored, find out again."""
        known = facts.get("edition") if facts.get("origin") == self.origin and not facts.get("ignored") else None
        if known:
            todo = [tile.span for tile in tiles if tile.state == "todo"]
            span = Span(todo[0].low, todo[-1].high)
        probed = await probe_known(source, span, chosen=self.caller.chosen_edition, known=known)
        if probed.ignored and not self.request.accept_recent:
            raise FilterIgnoredError(
                "the server ignores the dates, so this would be no export of the period: nothing was written",
                operation=f"conversations.{source.kind}",
            )
        return probed

    def _reader(
        self, source: Source, facts: dict[str, Any], probed: Probed | None, evidence: DateEvidence
    ) -> tuple[WindowReader, Density]:
        if probed is None:
            habits, density = Habits(**facts.get("habits", {})), Density(**facts.get("density", {}))
        else:
            habits, density = probed.habits, probed.density
            for page in probed.pages:
                evidence.note(page)
        source.whole_days = habits.whole_days is True
        ignored = probed is not None and probed.ignored
        reader = WindowReader(
            source,
            habits,
            self.committer.set_aside,
            prove=self.request.require == "A",
            accept=ignored,
            tolerant=ignored or self.request.accept_recent,
            evidence=evidence,
            probed=None if probed is None else probed.span,
            sizes=() if probed is None else probed.sizes,
            seen=0 if probed is None else probed.seen,
        )
        return reader, density

    async def _remember(self, source: Source, span: Span, before: dict[str, Any], probed: Probed) -> None:
        kind = source.kind
        known = before.get("habits", {}) if before.get("origin") == self.origin else {}
        facts = {
            "origin": self.origin,
            "edition": source.edition,
            "habits": attrs.asdict(merged(Habits(**known), probed.habits)),
            "density": attrs.asdict(probed.density),
            "ignored": probed.ignored,
        }
        rows = {(row.id, row.start_us): row for page in probed.pages for row in page.rows}
        seen = FetchedWindow(kind=kind, span=span, rows=list(rows.values()), observed_us=int(self.now() * 1_000_000))
        await self.committer.ask(self.store.remember, kind, facts, seen, self.run)
