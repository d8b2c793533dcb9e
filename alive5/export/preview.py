"""Preview of an export: probes are made, the rest is estimated, and nothing is written."""

from __future__ import annotations

import time
from math import ceil
from pathlib import Path
from typing import Any, Final

import attrs

from .._core.caller import Caller
from .._sansio.events import Event
from .account import account_of, settled
from .disk.files import Disk
from .fetch.limiter import Limiter
from .fetch.probes import Probed, probe_editions
from .fetch.source import Source
from .plan.job import Job, is_sandbox
from .plan.now import doubted
from .plan.planner import Density, Habits, pieces, plan
from .plan.request import Request
from .plan.span import DAY, Span
from .plan.upkeep import cost, sweep
from .pseudonym_key import with_pseudonyms
from .state.directory import checked, peek
from .state.read_only_store import ReadOnlyStore

# Bytes on the disk for a compressed byte of a row, measured; the state file holds each row once.
_STATE: Final = 1.5
_FORMATS: Final = {"jsonl": 0.9, "csv": 3.5, "sqlite": 4.0, "parquet": 1.2, "duckdb": 3.0, "xlsx": 1.5}
# Compressed bytes of a row where the probes found none; then few rows are expected, and the guess hardly matters.
_ROW_BYTES: Final = 1500.0
# Requests of a paged window beside its pages, estimated: those that show its end, and pages read again.
_PAGED_EXTRA: Final = 4


@attrs.frozen(kw_only=True)
class KindPreview:
    """
    Facts and estimates for one kind; ``windows`` are those to be read, in ``days`` of ``all_days``.
    """

    kind: str
    all_days: float
    days: float
    windows: int
    conversations: int
    requests: int
    dates_ignored: bool
    habits: Habits


@attrs.frozen(kw_only=True)
class Preview:
    """
    A plan; ``requests``, ``seconds`` and ``bytes`` are estimates, ``probes`` were made.
    """

    path: str
    job: dict[str, Any]
    resumes: bool
    sandbox: bool
    kinds: tuple[KindPreview, ...]
    probes: int
    requests: int
    seconds: float
    bytes: int

    @property
    def ignored(self) -> tuple[str, ...]:
        """The kinds whose dates the server ignores."""
        return tuple(one.kind for one in self.kinds if one.dates_ignored)

    def to_dict(self) -> dict[str, Any]:
        """
        Return the plan as JSON-ready facts.
        """
        return attrs.asdict(self)


@attrs.define
class _Measured:
    """Time and size of the probes' attempts."""

    requests: int = 0
    seconds: float = 0.0
    rows: int = 0
    bytes: int = 0

    def hear(self, event: Event) -> None:
        self.requests += 1
        self.seconds += event.seconds

    def weigh(self, probed: Probed) -> None:
        for page in probed.pages:
            self.rows += len(page.rows)
            self.bytes += page.packed_size


async def preview(caller: Caller, **arguments: Any) -> Preview:
    """
    Probe the server and return the plan of an export with the arguments of ``client.export``.

    :raises OtherJobError: when the directory holds another export.
    """
    request, _ = with_pseudonyms(Request(**arguments), Disk(), create=False)
    caller.check_ready("export")
    directory = checked(request.directory)
    sandbox = is_sandbox(caller.port)
    measured = _Measured()
    with peek(directory) as held:
        store = None if held is None else held[0]
        account = await account_of(caller.overheard(measured.hear), store)
        job = settled(request, store, account, caller)
        span = job.span(time.time())
        limiter = Limiter(request.concurrency, request.max_rps)
        kinds = []
        for kind in job.kinds:
            source = Source(kind, caller.overheard(measured.hear), limiter, time.time)
            kinds.append(await _look(source, span, request, store, measured))
    return _add_up(request, directory, job, tuple(kinds), measured, resumes=held is not None, sandbox=sandbox)


async def _look(
    source: Source, span: Span, request: Request, store: ReadOnlyStore | None, measured: _Measured
) -> KindPreview:
    windows = [] if store is None else store.windows(source.kind)
    again: list[Span] = []
    if store is not None and request.since_last:
        again = store.to_read_again(source.kind, windows, span, time.time())
    planned = plan(doubted(windows, time.time()), span, again, source.kind)
    todo = [window.span for window in planned if window.state != "done"]
    swept = set(sweep(planned, todo, request.sweep_budget))
    sweeping = sum(cost(window) for window in planned if window.span in swept)
    habits, density, ignored = Habits(), Density(known=True), False
    if span.seconds:
        probed = await probe_editions(source, span, chosen=source.caller.chosen_edition)
        measured.weigh(probed)
        habits, density, ignored = probed.habits, probed.density, probed.ignored
    density = attrs.evolve(density, known=True)
    wanted = [piece for one in todo for piece in pieces(one, habits, density)]
    seconds = sum(one.seconds for one in todo)
    return KindPreview(
        kind=source.kind,
        all_days=span.seconds / DAY,
        days=seconds / DAY,
        windows=len(wanted),
        conversations=round(density.rate * seconds),
        requests=sum(_requests(one, habits, density) for one in wanted) + sweeping,
        dates_ignored=ignored,
        habits=habits,
    )


def _requests(span: Span, habits: Habits, density: Density) -> int:
    rows = density.rate * span.seconds
    return 1 if rows < habits.page else ceil(rows / habits.page) + _PAGED_EXTRA


def _add_up(
    request: Request,
    directory: Path,
    job: Job,
    kinds: tuple[KindPreview, ...],
    measured: _Measured,
    *,
    resumes: bool,
    sandbox: bool,
) -> Preview:
    requests = sum(one.requests for one in kinds)
    each = measured.seconds / measured.requests if measured.requests else 0.0
    seconds = requests * each / max(min(request.concurrency, requests), 1)
    row = measured.bytes / measured.rows if measured.rows else _ROW_BYTES
    factor = _STATE + sum(_FORMATS.get(name, 1.0) for name in request.formats or ("jsonl",))
    return Preview(
        path=str(directory),
        job={**job.spec(), "id": job.id},
        resumes=resumes,
        sandbox=sandbox,
        kinds=kinds,
        probes=measured.requests,
        requests=requests,
        seconds=max(seconds, requests / request.max_rps if request.max_rps else 0.0),
        bytes=round(sum(one.conversations for one in kinds) * row * factor),
    )
