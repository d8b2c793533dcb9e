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
from .dataset.formats import choose
from .disk.files import Disk
from .engine.cancellable import cancellable
from .engine.committer import Committer
from .engine.progress import Progress
from .engine.workers import Engine
from .fetch.limiter import Limiter
from .fetch.source import Source
from .plan import grades
from .plan.job import Job, fingerprint
from .plan.now import Now
from .plan.request import Request
from .plan.span import Span
from .prepare import Preparation
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
    _now: Now = attrs.field(init=False)
    _preparation: Preparation = attrs.field(init=False)

    async def run(self) -> ExportReport:
        """
        Export and return the report; what was fetched is kept however it ends.

        :raises ExportError: when the directory, the disk or the server's habits prevent it.
        """
        self.caller.check_open("export")
        choose(self.request.formats)
        self._now = Now(self.clock)
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
            self._now.note(event.server_time)
            limiter.note(event, port.now())
            progress.notify()

        self._committer = Committer(self._store, self._run, progress)
        self._engine = Engine(
            store=self._store,
            committer=self._committer,
            progress=progress,
            clock=self._now,
            workers=request.concurrency,
        )
        ignored = await self._prepare(self.caller.overheard(hear), limiter)
        progress.phase = "fetching"
        progress.notify(at_once=True)
        await self._engine.run()
        return await self._finish(self._job.span(self.clock()), ignored=ignored)

    async def _prepare(self, caller: Caller, limiter: Limiter) -> bool:
        """Prepare every kind; return whether one ignores the dates."""
        self._preparation = Preparation(
            *(self.request, self.caller, self.origin, self._job, self._store, self._committer, self._run, self._now)
        )
        ignored = False
        for kind in self._job.kinds:
            prepared = await self._preparation.prepare(Source(kind, caller, limiter, self._now))
            self._engine.add(kind, prepared.reader, prepared.density, prepared.tiles, prepared.beyond)
            ignored = ignored or prepared.ignored
        return ignored

    async def _finish(self, span: Span, *, ignored: bool) -> ExportReport:
        ask, store, progress = self._committer.ask, self._store, self._progress
        windows = [window for kind in self._job.kinds for window in await ask(store.windows, kind)]
        complete = all(window.state == "done" for window in windows)
        anomalies = [*grades.anomalies(windows), *self._preparation.anomalies, *self._oddities()]
        tally, grade = grades.tally(windows), "C" if self._misses_open else grades.worst(windows)
        progress.phase = "rendering"
        progress.notify(at_once=True)
        manifest = await self._render(
            grades={"grade": grade, "windows": tally, "complete": complete},
            complete=complete,
            anomalies=anomalies,
        )
        if not ignored:
            await self._remember(span)
        progress.phase = "done"
        progress.notify(at_once=True)
        return ExportReport(
            complete=complete,
            grade=grade,
            windows=tally,
            counts={kind: await ask(store.counts, kind) for kind in self._job.kinds},
            anomalies=tuple(anomalies),
            # A database holds both tables.
            files=tuple(dict.fromkeys(entry.path for entry in manifest.files)),
            path=str(store.directory),
            required=self.request.require,
        )

    @property
    def _misses_open(self) -> bool:
        return any(backlog.reader.evidence.misses_open for backlog in self._engine.backlogs.values())

    async def _remember(self, span: Span) -> None:
        """Remember how far each kind is complete, which the manifest says by now."""
        for kind, backlog in self._engine.backlogs.items():
            windows = await self._committer.ask(self._store.windows, kind)
            through = grades.complete_through(windows, span.low)
            facts = {"goes_by": backlog.reader.evidence.goes_by, "complete_through": through}
            await self._committer.ask(self._store.remember, kind, facts)

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
        yield from self._now.anomalies()
        for kind, backlog in self._engine.backlogs.items():
            yield from (f"{kind}: {text}" for text in backlog.reader.evidence.anomalies())
            if shrunk := self._committer.shrunk[kind]:
                yield f"{kind}: {shrunk} conversations came with fewer messages than before"
            if united := self._committer.united[kind]:
                yield f"{kind}: {united} conversations came in several deliveries, which were united"
            without = self._store.counts(kind)["without_id"]
            if without:
                yield f"{kind}: {without} rows came without an id and were given one"
