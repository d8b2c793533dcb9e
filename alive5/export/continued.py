"""
A kind of conversations that is read on from run to run without a directory.

What an export keeps in its state file is here a value that goes to JSON: what
was read, how far it is proven, and what was open. Engines keep it where their
rows go, so that both are of the same run. Rows that did not change may come
again; one that comes replaces the one before, with all of its messages.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import attrs

from .._core.caller import Caller
from .._sansio.step import step
from ..errors import OtherJobError
from .account import account_of
from .entry import bridged
from .fetched import FetchedSlice, SliceRun
from .plan.job import is_sandbox
from .plan.lookback import open_since_us
from .plan.request import Request
from .plan.slices import Slice
from .plan.window import StoredWindow
from .state.database import TemporaryDatabase
from .state.named import owners_of, settle_by_owners
from .state.store import Store

_VERSION: Final = 1

Known = Mapping[str, Any]
"""What is known of a kind, as JSON has it; empty before the first run."""


@attrs.frozen(kw_only=True)
class Continued:
    """Rows that are new or were read again, and what is known after them."""

    fetched: FetchedSlice
    known: Known


@contextmanager
def continued(
    client: Any, kind: str, known: Known, *, clock: Callable[[], float] = time.time, **request: Any
) -> Iterator[Continued]:
    """
    Fetch with a blocking client what is to be read of a kind; its rows are there until the end of the block.

    Takes ``start``, ``end``, ``require``, ``sweep`` and ``concurrency`` as an export does.

    :raises ExportError: when it is not whole, or not proven as required.
    :raises OtherJobError: when *known* is of another account.
    """
    asked = Request(directory=".", kinds=(kind,), since_last=True, **request)
    origin = client._core._origins.base.url
    work = partial(_fetch, request=asked, known=known, origin=origin, clock=clock)
    found: Continued = step(bridged(client._core._caller, work, blocking=True))
    try:
        yield found
    finally:
        found.fetched.store.close()


async def _fetch(
    caller: Caller, *, request: Request, known: Known, origin: str, clock: Callable[[], float]
) -> Continued:
    known = known if known.get("version") == _VERSION else {}
    account = await account_of(caller, None)
    if known and known["account"] != account:
        raise OtherJobError("what was read before is of another account: load into another place", differences=())
    job = request.asked(account, caller.tz)
    run = ContinuedRun(
        request=request,
        caller=caller,
        origin=origin,
        clock=clock,
        sandbox=is_sandbox(caller.port),
        slice=Slice(job=job, facts=known.get("facts", {})),
        known=known,
    )
    return Continued(fetched=await run.fetched(), known={"account": account, **run.knowledge()})


class _Store(Store):
    """A temporary state that remembers what was open, and who has an id that is shared, though rows are elsewhere."""

    opened: tuple[int, ...] = ()
    owners: Mapping[str, int] = {}

    def settle_names(self, kind: str) -> None:
        """
        Rename the conversations that share an id, as they were named before.
        """
        super().settle_names(kind)
        with self._database.transaction() as connection:
            settle_by_owners(connection, kind, self.owners)
            self.owners = {**owners_of(connection, kind), **self.owners}

    def open_starts(self, kind: str, since_us: int) -> list[int]:
        """
        Return when those conversations began that were open when they were last seen.
        """
        return [*super().open_starts(kind, since_us), *(start for start in self.opened if start >= since_us)]


@attrs.define(eq=False, kw_only=True)
class ContinuedRun(SliceRun):
    """A run over what is new, what may have changed, and what a sweep reads again."""

    known: Known

    def knowledge(self) -> dict[str, Any]:
        """
        Return what is known after the run.
        """
        kind, store = self.slice.kind, self._store
        assert isinstance(store, _Store)
        return {
            "version": _VERSION,
            "facts": store.facts(kind),
            "windows": [[*window.values()[1:]] for window in store.windows(kind)],
            # All that were open were read again, so those of this run are all there are.
            "owners": dict(store.owners),
            "open": Store.open_starts(store, kind, open_since_us(self.clock())),
        }

    def _open(self) -> Any:
        self._store = store = _Store(Path(), TemporaryDatabase())
        store.opened = tuple(self.known.get("open", ()))
        store.owners = self.known.get("owners", {})
        return self

    async def _bind(self) -> None:
        await super()._bind()
        kind = self.slice.kind
        self._store.replan(kind, (), [StoredWindow.read((kind, *values)) for values in self.known.get("windows", ())])
