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
from .account import account_of, key_of, settled
from .adopt import kept_formats
from .dataset.formats import DEFAULT_FORMATS, choose
from .disk.files import Disk
from .engine.cancellable import cancellable
from .engine.committer import Committer
from .engine.progress import Progress
from .engine.workers import Engine
from .fetch.limiter import Limiter
from .fetch.source import Source
from .following import Following
from .keep_out import write_list
from .opening import opened, orphan_of
from .plan import grades
from .plan.job import Job
from .plan.now import Now
from .plan.request import Request
from .plan.span import Span
from .plan.standing import Standing, standing
from .prepare import Preparation, Prepared
from .pseudonym_key import with_pseudonyms
from .render.render import render
from .report import ExportReport
from .rows.pseudonyms import Pseudonyms
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
    _resumed: bool = False
    _job: Job = attrs.field(init=False)
    _formats: tuple[str, ...] = attrs.field(init=False)
    _single: bool = attrs.field(init=False)
    _run: int = attrs.field(init=False)
    _progress: Progress = attrs.field(init=False)
    _committer: Committer = attrs.field(init=False)
    _engine: Engine = attrs.field(init=False)
    _now: Now = attrs.field(init=False)
    _pseudonyms: Pseudonyms | None = None
    _preparation: Preparation = attrs.field(init=False)
    _followed: list[Following] = attrs.field(factory=list)

    async def run(self) -> ExportReport:
        """
        Export and return the report; what was fetched is kept however it ends.

        :raises ExportError: when the directory, the disk or the server's habits prevent it.
        """
        self.caller.check_ready("export")
        choose(self.request.formats or DEFAULT_FORMATS, single=self.request.single and bool(self.request.formats))
        self._now = Now(self.clock)
        self.request, self._pseudonyms = await in_thread(with_pseudonyms, self.request, self.disk)
        output = await in_thread(self._open)
        try:
            await self._bind()
            return await self._lead()
        finally:
            output.leave()

    def _open(self) -> OutputDirectory:
        request = self.request
        begun, orphan = is_begun(request.directory), orphan_of(request.directory)
        if request.start is not None or not (begun or orphan):
            # Refused before anything is created: an argument, or a first run without a start.
            request.asked("", self.caller.tz)
        output, self._resumed = opened(request.directory, self.disk, orphan)
        self._store = output.store
        return output

    async def _bind(self) -> None:
        await in_thread(self._begin, await account_of(self.caller, self._store))

    def _begin(self, account: str) -> None:
        """Settle the job and begin a run of it; what was there is of this account, or refused."""
        request, store = self.request, self._store
        facts = store.facts("")
        self._job = settled(request, store, account, self.caller)
        self._formats = request.formats or tuple(facts.get("formats", ())) or kept_formats(store.directory)
        self._single = request.single or (request.formats is None and facts.get("single") is True)
        choose(self._formats, single=self._single)
        store.bounds = self._job.bounds_by(self.clock())
        self._run = store.begin(self._job.spec())
        store.remember("", {"key": key_of(self.caller), "formats": list(self._formats), "single": self._single})

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
        progress.enter("fetching")
        await self._engine.run()
        return await self._finish(self._job.span(self.clock()), ignored=ignored)

    async def _prepare(self, caller: Caller, limiter: Limiter) -> bool:
        """Prepare every kind; return whether one ignores the dates."""
        self._preparation = Preparation(
            *(self.request, self.caller, self.origin, self._job, self._store, self._committer, self._run, self._now)
        )
        ignored = False
        for kind in self._job.kinds:
            source = Source(kind, caller, limiter, self._now, pseudonyms=self._pseudonyms)
            prepared = await self._preparation.prepare(source)
            self._progress.begin(kind, await self._committer.ask(self._store.counts, kind))
            again = await self._follow(prepared)
            self._engine.add(
                kind, prepared.reader, prepared.density, prepared.tiles, beyond=prepared.beyond, again=again
            )
            ignored = ignored or prepared.ignored
        return ignored

    async def _follow(self, prepared: Prepared) -> list[Span]:
        """Return the proven windows of a kind to read again, so that the export stays true."""
        request = self.request
        if prepared.ignored or not prepared.tiles:
            return []
        following = Following(
            source=prepared.reader.source,
            committer=self._committer,
            store=self._store,
            run=self._run,
            budget=request.sweep_budget,
            touched=request.since_last,
            active=self._job.bounds if self._job.by == "active" else None,
        )
        self._followed.append(following)
        return await following.choose(prepared.tiles)

    async def _finish(self, span: Span, *, ignored: bool) -> ExportReport:
        for kind in self._job.kinds:
            await self._committer.ask(self._store.settle_names, kind)
        now, progress = await self._standing(), self._progress
        progress.enter("rendering")
        manifest = await self._render(
            grades={"grade": now.grade, "windows": now.windows, "complete": now.complete},
            complete=now.complete,
            anomalies=now.anomalies,
            as_of=now.as_of,
            sweep_runs=now.sweep_runs,
        )
        if not ignored:
            await self._remember(span)
        counts = {kind: await self._committer.ask(self._store.counts, kind) for kind in self._job.kinds}
        progress.finish(counts)
        return ExportReport(
            **attrs.asdict(now, recurse=False),
            counts=counts,
            # A database holds both tables.
            files=tuple(dict.fromkeys(entry.path for entry in manifest.files)),
            path=str(self._store.directory),
            required=self.request.require,
        )

    async def _standing(self) -> Standing:
        said, doubts = await self._sentences()
        return standing(
            {kind: await self._committer.ask(self._store.windows, kind) for kind in self._job.kinds},
            said=said,
            doubts=doubts,
            doubtful=self._misses_open,
            budget=self.request.sweep_budget,
            max_age=self.request.max_age,
            now=self._now(),
        )

    async def _sentences(self) -> tuple[list[str], list[str]]:
        """Return the anomalies beside those of windows, and those by which rows of the period may be missing."""
        followed = [sentence for one in self._followed for sentence in await one.finish()]
        said = [*self._preparation.anomalies, *self._oddities()]
        return (said, followed) if self._job.by == "active" else ([*said, *followed], [])

    @property
    def _misses_open(self) -> bool:
        return any(backlog.reader.evidence.misses_open for backlog in self._engine.backlogs.values())

    async def _remember(self, span: Span) -> None:
        """Remember how far each kind is complete, which the manifest says by now."""
        for kind, backlog in self._engine.backlogs.items():
            windows = await self._committer.ask(self._store.windows, kind)
            through = grades.complete_through(windows, span.low)
            evidence = backlog.reader.evidence
            # What a window that was committed early seemed to tell of how long they go on, others may have explained.
            known = {"goes_by": evidence.goes_by, "lasting_us": evidence.lasting_us}
            facts = {**known, "complete_through": through}
            await self._committer.ask(self._store.remember, kind, facts)

    async def _render(self, **facts: Any) -> Any:
        def write() -> Any:
            return render(
                self._store,
                self._store.directory,
                self.disk,
                formats=self._formats,
                single=self._single,
                job={**self._job.spec(), "id": self._job.id},
                sandbox=self.sandbox,
                forgotten=write_list(self._store, self._store.directory, self.disk),
                finished_at=datetime.fromtimestamp(self.clock(), timezone.utc).isoformat(timespec="seconds"),
                **facts,
            )

        return await cancellable(write, self._store)

    def _oddities(self) -> Iterable[str]:
        if self._resumed:
            yield "forgetting a person had been cut off in this directory, and was finished"
        yield from self._now.anomalies()
        for kind, backlog in self._engine.backlogs.items():
            yield from (f"{kind}: {text}" for text in backlog.reader.evidence.anomalies())
            if shrunk := self._committer.shrunk[kind]:
                yield f"{kind}: {shrunk} conversations came with fewer messages than before"
            if united := self._committer.united[kind]:
                yield f"{kind}: {united} conversations came in several deliveries, which were united"
            if sharing := self._store.sharing_ids(kind):
                yield f"{kind}: {sharing} conversations share the id of another one, and are kept apart by start"
            without = self._store.counts(kind)["without_id"]
            if without:
                yield f"{kind}: {without} rows came without an id and were given one"
