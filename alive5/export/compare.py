"""
Comparison of an export with the service: finished windows are read again, with other bounds.

With other bounds a conversation stands on another page, so a page that was
skipped once is not skipped in the same way again.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import attrs

from .._core.caller import Caller
from ..errors import ExportError, OtherJobError
from .account import account_of, key_of
from .fetch.collector import WindowRows
from .fetch.limiter import Limiter
from .fetch.paging import Page
from .fetch.source import Source
from .fetch.window_reader import WindowReader
from .fetch.window_reading import read_window
from .plan.job import Job
from .plan.planner import Habits
from .plan.span import DAY, ZONE_SECONDS, Span
from .plan.window import StoredWindow
from .pseudonym_key import pseudonyms_of
from .rows.apart import id_of
from .rows.encode import Encoded
from .rows.pseudonyms import Pseudonyms
from .state.directory import peek
from .state.read_only_store import ReadOnlyStore

# Windows at a time: a check beside other work takes half of the requests an export has in flight by default.
_TOGETHER: Final = 4
_SECOND: Final = 1_000_000
# Ids of each sort in a report: enough to look some up, short enough to read.
_SHOWN: Final = 5
# What is left of a doubt at 95 % confidence.
_DOUBT: Final = 0.05


@attrs.frozen(kw_only=True)
class Difference:
    """
    The difference of one window, with at most five ids of each sort.

    ``missing`` is not in the export, ``extra`` no longer on the service,
    ``changed`` differs though it was over when it was exported.
    """

    kind: str
    window: str
    compared: int
    missing: int
    extra: int
    changed: int
    ids: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Samples:
    """
    The comparison of windows that were read again; ``seed`` draws the same ones.
    """

    seed: int
    windows: int
    of: int
    compared: int
    missing: int
    extra: int
    changed: int
    differences: tuple[Difference, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing differs."""
        return not self.differences

    @property
    def at_most(self) -> float | None:
        """The share of windows that may differ, with 95 % confidence, when none of those drawn does."""
        return None if not self.ok or not self.windows else self.unseen / self.of

    @property
    def unseen(self) -> int:
        """How many windows may differ at most, with 95 % confidence, when none of those drawn does."""
        others, differing, chance = self.of - self.windows, 0, 1.0
        while differing < others and (chance := chance * (others - differing) / (self.of - differing)) > _DOUBT:
            differing += 1
        return differing

    def to_dict(self) -> dict[str, Any]:
        """
        Return the comparison as JSON-ready values.
        """
        return {"ok": self.ok, "at_most": self.at_most, **attrs.asdict(self)}


async def compare(
    caller: Caller,
    directory: str | os.PathLike[str],
    *,
    count: int,
    seed: int,
    pseudonym_key: str | os.PathLike[str] | None = None,
) -> Samples:
    """
    Return how ids and content of *count* finished windows compare when they are read again.

    An export of pseudonyms is compared with the key it was made with.

    :raises ExportError: when the directory holds no state, or another account's.
    """
    with peek(Path(directory)) as held:
        if held is None:
            raise ExportError(f"{directory}: there is no state to draw windows from: verify without a sample")
        store, job = held
        await _check_account(caller, store, job, directory)
        windows = [window for kind in job.kinds for window in store.windows(kind) if _is_finished(window)]
        drawn = random.Random(seed).sample(windows, min(count, len(windows)))
        found = await _Comparison(caller, store, job, pseudonyms_of(job, pseudonym_key)).all(
            sorted(drawn, key=lambda one: (one.kind, one.span))
        )
    return Samples(
        seed=seed,
        windows=len(drawn),
        of=len(windows),
        compared=sum(one.compared for one in found),
        missing=sum(one.missing for one in found),
        extra=sum(one.extra for one in found),
        changed=sum(one.changed for one in found),
        differences=tuple(one for one in found if one.ids),
    )


class _Comparison:
    """The readers of a comparison, and the limit they share."""

    def __init__(self, caller: Caller, store: ReadOnlyStore, job: Job, hidden: Pseudonyms | None) -> None:
        self._store = store
        self._job = job
        self._edges = {kind: store.windows(kind) for kind in job.kinds}
        self._forgotten = store.suppression()
        self._aside: dict[Span, list[Encoded]] = {}
        limiter = Limiter(_TOGETHER)
        self._readers = {
            kind: self._reader(Source(kind, caller, limiter, _no_clock, pseudonyms=hidden)) for kind in job.kinds
        }
        self._port = caller.port

    def _reader(self, source: Source) -> WindowReader:
        facts = self._store.facts(source.kind)
        habits = Habits(**facts.get("habits", {}))
        source.edition = source.caller.chosen_edition or facts.get("edition", "documented")
        source.whole_days = habits.whole_days is True
        return WindowReader(source, habits, self._set_aside)

    async def all(self, windows: Sequence[StoredWindow]) -> list[Difference]:
        return list(await self._port.fan_out(self._one, list(windows), _TOGETHER)) if windows else []

    async def _set_aside(self, kind: str, span: Span, rows: Sequence[Encoded]) -> None:
        self._aside.setdefault(span, []).extend(rows)

    async def _one(self, window: StoredWindow) -> Difference:
        low, high = self._compared(window)
        wide = Span(window.span.low - DAY, window.span.high + DAY)
        theirs = await self._united(await self._read(self._readers[window.kind], wide))
        inside = {name: row for name, row in theirs.items() if row.start_us is not None and low <= row.start_us < high}
        ours = {
            (id_of(name), start): (sha, is_open)
            for name, start, sha, is_open in self._store.digests(window.kind, low, high)
        }
        missing = sorted(inside.keys() - ours.keys())
        extra = sorted(ours.keys() - theirs.keys())
        both = inside.keys() & ours.keys()
        changed = sorted(name for name in both if not ours[name][1] and ours[name][0] != inside[name].sha)
        ids = [name for names in (missing, extra, changed) for name, _ in names[:_SHOWN]]
        return Difference(
            kind=window.kind, window=str(window.span), compared=len(inside.keys() | ours.keys()),
            missing=len(missing), extra=len(extra), changed=len(changed), ids=tuple(ids),
        )  # fmt: skip

    async def _read(self, reader: WindowReader, span: Span) -> Iterable[Encoded]:
        found = await read_window(reader, span, 0)
        if isinstance(found, list):
            return [row for part in found for row in await self._read(reader, part)]
        rows = [*self._aside.pop(span, ()), *found.rows]
        return rows if self._forgotten is None else self._forgotten.sift(reader.source.kind, rows).rows

    async def _united(self, rows: Iterable[Encoded]) -> dict[tuple[str, int], Encoded]:
        """Return the rows by id and start, several deliveries of one as an export keeps them."""
        aside: list[Encoded] = []

        async def keep(some: Sequence[Encoded]) -> None:
            aside.extend(some)

        together = WindowRows(keep)
        await together.add(Page(0, list(rows)))
        return {(id_of(row.id), row.start_us or 0): row for row in (*aside, *together.rows)}

    def _compared(self, window: StoredWindow) -> tuple[int, int]:
        """Return the bounds that surely belong to it; at the ends of the period the server's zone decides."""
        low, high = window.span.low, window.span.high
        windows = self._edges[window.kind]
        low += ZONE_SECONDS if window.span.low == windows[0].span.low else 0
        high -= ZONE_SECONDS if window.span.high == windows[-1].span.high else 0
        first, last = self._job.bounds
        return max(low * _SECOND, first), min(high * _SECOND, last)


def _is_finished(window: StoredWindow) -> bool:
    return window.state == "done" and not window.open


async def _check_account(caller: Caller, store: ReadOnlyStore, job: Job, directory: object) -> None:
    if job.account not in (key_of(caller), await account_of(caller, store)):
        raise OtherJobError(
            f"{directory} is an export of another account: use the key it was made with",
            differences=("account",),
        )


def _no_clock() -> float:
    return 0.0
