"""One run of an export: directory, job, probes, windows, rendering, report."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from typing import Any

import attrs

from .._core.caller import Caller
from .._port.off_loop import in_thread
from .._sansio.events import Event
from ..errors import FilterIgnoredError
from .dataset.formats import choose
from .disk.files import Disk
from .engine.cancellable import cancellable
from .engine.committer import Committer
from .engine.progress import Progress
from .engine.workers import Engine
from .fetch.limiter import Limiter
from .fetch.probes import Probed, probe_editions
from .fetch.source import Source
from .fetch.window_reader import WindowReader
from .plan import grades
from .plan.job import Job, fingerprint
from .plan.planner import Density, Habits, plan
from .plan.request import Request
from .plan.span import Span
from .plan.window import FetchedWindow, StoredWindow
from .render.render import render
from .report import ExportReport
from .state.directory import OutputDirectory, is_begun
from .state.store import Store


@attrs.define(eq=False)
class Run:
    """
    One run of an export; ``clock`` returns the time of day, ``disk`` the files.
    """

    request: Request
    caller: Caller
    origin: str
    sandbox: bool
    disk: Disk = attrs.field(factory=Disk)
    clock: Callable[[], float] = time.time
    _store: Store = attrs.field(init=False)
    _job: Job = attrs.field(init=False)
    _run: int = attrs.field(init=False)
    _progress: Progress = attrs.field(init=False)
    _committer: Committer = attrs.field(init=False)
    _engine: Engine = attrs.field(init=False)

    async def run(self) -> ExportReport:
        """
        Export and return the report; what was fetched is kept however it ends.

        :raises ExportError: when the directory, the disk or the server's habits prevent it.
        """
        self.caller.check_open("export")
        choose(self.request.formats)
        output = await in_thread(self._enter)
        try:
            return await self._lead()
        finally:
            output.leave()

    def _enter(self) -> OutputDirectory:
        request = self.request
        account = fingerprint(self.caller.shared.key, sandbox=self.sandbox)
        if request.start is not None or not is_begun(request.directory):
            # Refused before anything is created: an argument, or a first run without a start.
            request.asked(account, self.caller.tz)
        output = OutputDirectory(request.directory, self.disk)
        try:
            self._store = output.store
            spec = output.store.job()
            self._job = request.settle(None if spec is None else Job.read(spec), account, self.caller.tz)
            self._store.bounds = self._job.bounds_by(self.clock())
            self._run = self._store.begin(self._job.spec())
        except BaseException:
            output.leave()
            raise
        return output

    async def _lead(self) -> ExportReport:
        request, port = self.request, self.caller.port
        limiter = Limiter(request.concurrency, request.max_rps)
        self._progress = progress = Progress(limiter, port.now, request.progress)

        def hear(event: Event) -> None:
            limiter.note(event, port.now())
            progress.notify()

        self._committer = Committer(self._store, self._run, progress)
        self._engine = Engine(
            store=self._store,
            committer=self._committer,
            progress=progress,
            clock=self.clock,
            workers=request.concurrency,
        )
        caller = self.caller.overheard(hear)
        span = self._job.span(self.clock())
        ignored = False
        for kind in self._job.kinds:
            source = Source(kind, caller, limiter, self.clock)
            ignored = await self._prepare(source, span) or ignored
        progress.phase = "fetching"
        progress.notify(at_once=True)
        await self._engine.run()
        return await self._finish(span, ignored=ignored)

    async def _prepare(self, source: Source, span: Span) -> bool:
        """Probe a kind, unless it is known already, and plan its windows; return whether dates are ignored."""
        kind, ask = source.kind, self._committer.ask
        habits, density, ignored = await self._learn(source, span)
        source.whole_days = habits.whole_days
        windows = await ask(self._store.windows, kind)
        again: list[Span] = []
        if self.request.since_last:
            again = await ask(self._store.to_read_again, kind, windows, span, self.clock())
        tiles = plan(windows, span, again, kind)
        if ignored:
            tiles = [StoredWindow(kind=kind, span=span)]
        if tiles != windows:
            await ask(self._store.replan, kind, [window.span for window in windows], tiles)
        reader = WindowReader(
            source, habits, self._committer.set_aside, prove=self.request.require == "A", accept=ignored
        )
        self._engine.add(kind, reader, density, tiles)
        return ignored

    async def _learn(self, source: Source, span: Span) -> tuple[Habits, Density, bool]:
        """Return a host's habits for a kind, as remembered with the job or probed, and whether dates are ignored."""
        facts = await self._committer.ask(self._store.facts, source.kind)
        remembered = facts.get("edition", "documented")
        source.edition = self.caller.chosen_edition or remembered
        known = facts.get("origin") == self.origin and source.edition == remembered and not facts.get("ignored")
        if known or not span.seconds:
            return Habits(**facts.get("habits", {})), Density(**facts.get("density", {})), False
        probed = await probe_editions(source, span, chosen=self.caller.chosen_edition)
        if probed.ignored and not self.request.accept_recent:
            raise FilterIgnoredError(
                "the server ignores the dates, so this would be no export of the period: nothing was written",
                operation=f"conversations.{source.kind}",
            )
        await self._remember(source, span, probed)
        return probed.habits, probed.density, probed.ignored

    async def _remember(self, source: Source, span: Span, probed: Probed) -> None:
        kind = source.kind
        facts = {
            "origin": self.origin,
            "edition": source.edition,
            "habits": attrs.asdict(probed.habits),
            "density": attrs.asdict(probed.density),
            "ignored": probed.ignored,
        }
        rows = {row.id: row for page in probed.pages for row in page.rows}
        seen = FetchedWindow(kind=kind, span=span, rows=list(rows.values()), observed_us=int(self.clock() * 1_000_000))
        await self._committer.ask(self._store.remember, kind, facts, seen, self._run)

    async def _finish(self, span: Span, *, ignored: bool) -> ExportReport:
        ask, store, progress = self._committer.ask, self._store, self._progress
        windows = [window for kind in self._job.kinds for window in await ask(store.windows, kind)]
        complete = all(window.state == "done" for window in windows)
        anomalies = [*grades.anomalies(windows), *self._oddities()]
        tally = grades.tally(windows)
        progress.phase = "rendering"
        progress.notify(at_once=True)
        manifest = await self._render(
            grades={"grade": grades.worst(windows), "windows": tally, "complete": complete},
            complete=complete,
            anomalies=anomalies,
        )
        for kind in self._job.kinds:
            through = grades.complete_through(await ask(store.windows, kind), span.low)
            if not ignored:
                await ask(store.remember, kind, {"complete_through": through})
        progress.phase = "done"
        progress.notify(at_once=True)
        return ExportReport(
            complete=complete,
            grade=grades.worst(windows),
            windows=tally,
            counts={kind: await ask(store.counts, kind) for kind in self._job.kinds},
            anomalies=tuple(anomalies),
            # A database holds both tables.
            files=tuple(dict.fromkeys(entry.path for entry in manifest.files)),
            path=str(store.directory),
            required=self.request.require,
        )

    async def _render(self, **facts: Any) -> Any:
        def write() -> Any:
            return render(
                self._store,
                self._store.directory,
                self.disk,
                formats=self.request.formats,
                job={**self._job.spec(), "id": self._job.id},
                sandbox=self.sandbox,
                finished_at=datetime.fromtimestamp(self.clock(), timezone.utc).isoformat(timespec="seconds"),
                **facts,
            )

        return await cancellable(write, self._store)

    def _oddities(self) -> Iterable[str]:
        for kind in self._engine.backlogs:
            if shrunk := self._committer.shrunk[kind]:
                yield f"{kind}: {shrunk} conversations came with fewer messages than before"
            if united := self._committer.united[kind]:
                yield f"{kind}: {united} conversations came in several deliveries, which were united"
            without = self._store.counts(kind)["without_id"]
            if without:
                yield f"{kind}: {without} rows came without an id and were given one"
