"""
Slices of an export, each fetched alone and without a directory: for engines that divide work among processes.

The engine is an export's own, with its state in a temporary file; a slice that
is not proven as far as asked raises.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine, Iterable
from datetime import date, datetime, tzinfo
from functools import partial
from types import TracebackType
from typing import Any, Final, Protocol, overload

from .._core.caller import Caller
from .._sansio.step import step
from .._sansio.validate import count, refuse
from .._sansio.window import Bound
from ..errors import FilterIgnoredError
from ..models.conversation import KINDS
from .entry import bridged
from .fetch.limiter import Limiter
from .fetch.probes import probe_editions
from .fetch.source import Source
from .fetched import FetchedSlice, SliceRun
from .plan.job import fingerprint, is_sandbox
from .plan.planner import Density, Habits
from .plan.request import Request
from .plan.slices import Slice, divided, shares
from .plan.span import Span

# Requests in flight while a period is divided, as many as an export begins with: there are six a kind.
_PROBING: Final = 4


class _Asynchronous(Protocol):
    async def aclose(self) -> None: ...


class _Blocking(Protocol):
    def close(self) -> None: ...


@overload
def plan_slices(
    client: _Asynchronous,
    *,
    start: date | datetime | str,
    end: date | datetime | str | None = ...,
    kinds: Iterable[str] = ...,
    tz: str | tzinfo | None = ...,
    slices: int = ...,
) -> Coroutine[Any, Any, list[Slice]]: ...
@overload
def plan_slices(
    client: _Blocking,
    *,
    start: date | datetime | str,
    end: date | datetime | str | None = ...,
    kinds: Iterable[str] = ...,
    tz: str | tzinfo | None = ...,
    slices: int = ...,
) -> list[Slice]: ...
def plan_slices(
    client: Any,
    *,
    start: Bound,
    end: Bound = None,
    kinds: Iterable[str] = KINDS,
    tz: str | tzinfo | None = None,
    slices: int = 8,
) -> Any:
    """
    Return about *slices* slices of a period, whole days of one kind each; with ``AsyncAlive5`` it is awaited.

    Each kind is probed first. One that has no pages is one slice, since its
    answers are judged together. ``end`` defaults to now.

    :raises FilterIgnoredError: when the server ignores the dates.
    """
    count("slices", slices)
    request = Request(directory=".", start=start, end=end, kinds=kinds, tz=tz)
    return _fronted(client, partial(_plan, request=request, slices=slices, origin=_origin(client)))


def fetch_slice(client: Any, slice: Slice, *, require: str = "B", concurrency: int = 4) -> SliceFetch:  # noqa: A002
    """
    Return the fetching of a slice, to be entered by ``with``, or by ``async with`` with ``AsyncAlive5``.

    Its rows are there until the end of the block. A conversation whose start cannot
    be read may come in two slices; its kind and id are the same.

    :raises ExportError: with the slice's name, when it is not whole, or not proven as *require* asks.
    """
    request = Request(directory=".", start=slice.job.first, require=require, concurrency=concurrency)  # type: ignore[arg-type]
    return SliceFetch(client, slice, request)


class SliceFetch:
    """A slice that is fetched when it is entered."""

    def __init__(self, client: Any, slice: Slice, request: Request) -> None:  # noqa: A002
        self._client = client
        self._run = partial(SliceRun, request=request, slice=slice, origin=_origin(client))

    def __enter__(self) -> FetchedSlice:
        if not _is_blocking(self._client):
            raise refuse("client", "of async code needs: async with")
        fetched: FetchedSlice = _fronted(self._client, self._fetch)
        self._fetched = fetched
        return fetched

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._fetched.store.close()

    async def __aenter__(self) -> FetchedSlice:
        if _is_blocking(self._client):
            raise refuse("client", "of blocking code needs: with")
        self._fetched = await self._fetch(self._client._caller)
        return self._fetched

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._fetched.store.close()

    async def _fetch(self, caller: Caller) -> FetchedSlice:
        run: SliceRun = self._run(caller=caller, sandbox=is_sandbox(caller.port))
        return await run.fetched()


async def _plan(caller: Caller, request: Request, slices: int, origin: str) -> list[Slice]:
    job = request.asked(fingerprint(caller.shared.key, sandbox=is_sandbox(caller.port)), caller.tz)
    now, limiter, planned = time.time(), Limiter(_PROBING), list[Slice]()
    span = job.span(now)
    sources = [Source(kind, caller, limiter, time.time) for kind in job.kinds] if span.seconds else []
    found = {source.kind: await _probe(source, span) for source in sources}
    parts = shares({kind: density.rate for kind, (_, density) in found.items()}, slices)
    for source in sources:
        facts = {"origin": origin, "edition": source.edition}
        most = 1 if found[source.kind][0].paged is False else parts[source.kind]
        planned += [Slice(job=part, facts=facts) for part in divided(job, source.kind, most, now)]
    return planned


async def _probe(source: Source, span: Span) -> tuple[Habits, Density]:
    probed = await probe_editions(source, span, chosen=source.caller.chosen_edition)
    if probed.ignored:
        raise FilterIgnoredError(
            "the server ignores the dates, so slices would be of no period", operation=f"conversations.{source.kind}"
        )
    return probed.habits, probed.density


def _fronted(client: Any, work: Callable[[Caller], Coroutine[Any, Any, Any]]) -> Any:
    core, blocking = getattr(client, "_core", client), _is_blocking(client)
    made = bridged(core._caller, work, blocking=blocking)
    return step(made) if blocking else made


def _is_blocking(client: Any) -> bool:
    return hasattr(client, "close")


def _origin(client: Any) -> str:
    origin: str = getattr(client, "_core", client)._origins.base.url
    return origin
