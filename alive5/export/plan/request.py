"""The arguments of an export, checked, and merged with the job a directory holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo
from pathlib import PurePath
from typing import Any

import attrs

from ..._sansio.validate import count, positive, refuse
from ..._sansio.window import Bound, read_window
from ..._zones import read_zone
from ...models.conversation import KINDS
from ..report import Grade, OnProgress
from ..rows.pseudonyms import read_sorts
from .job import Job, last_day, make_job, read_kinds, upper_us
from .upkeep import DEFAULT_SWEEP


def _names(formats: Iterable[str] | None) -> tuple[str, ...] | None:
    if formats is None:
        return None
    return (formats,) if isinstance(formats, str) else tuple(formats)


def _check_concurrency(_: Any, field: attrs.Attribute[Any], value: Any) -> None:
    count(field.name, value)


def _check_require(_: Any, __: Any, value: str) -> None:
    if value not in ("A", "B", "C"):
        raise refuse("require", 'must be "A" or "B"')


_RATE = positive(float, of="requests a second")
_DAYS = positive(float, of="days")


def _check_sweep(_: Any, __: Any, value: Any) -> None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if not (is_count or value in (None, "all", "none")):
        raise refuse("sweep", 'must be a number of requests a run, "all" or "none"')


def _check_by(_: Any, __: Any, value: Any) -> None:
    if value not in (None, "started", "active"):
        raise refuse("by", 'must be "started" or "active"')


def _check_key(request: Any, _: Any, value: Any) -> None:
    if request.pseudonymise and value is None:
        raise refuse("pseudonym_key", "is needed with pseudonymise: a file outside of the export")
    if value is not None and not request.pseudonymise:
        raise refuse("pseudonym_key", "is of no use without pseudonymise: say which values it is for")


@attrs.frozen(kw_only=True)
class Request:
    """
    The arguments of ``client.export``; without ``formats`` those are kept that are there.

    ``pseudonyms`` tells those of the key, once it was read.
    """

    directory: str | PurePath
    kinds: tuple[str, ...] = attrs.field(default=KINDS, converter=read_kinds)
    start: Bound = None
    end: Bound = None
    since_last: bool = False
    formats: tuple[str, ...] | None = attrs.field(default=None, converter=_names)
    single: bool = False
    concurrency: int = attrs.field(default=8, validator=_check_concurrency)
    require: Grade = attrs.field(default="B", validator=_check_require)
    accept_recent: bool = False
    tz: str | tzinfo | None = None
    progress: OnProgress | None = None
    sweep: int | str | None = attrs.field(default=None, validator=_check_sweep)
    by: str | None = attrs.field(default=None, validator=_check_by)
    same_account: bool = False
    max_age: float | None = attrs.field(default=None, validator=attrs.validators.optional(_DAYS))
    max_rps: float | None = attrs.field(default=None, validator=attrs.validators.optional(_RATE))
    pseudonymise: tuple[str, ...] = attrs.field(default=None, converter=read_sorts)
    pseudonym_key: str | PurePath | None = attrs.field(default=None, validator=_check_key)
    pseudonyms: str | None = None

    @property
    def sweep_budget(self) -> int | None:
        """Requests for windows read again in turn, None for all of them; unasked only an extending run has some."""
        if self.sweep is None:
            return DEFAULT_SWEEP if self.since_last else 0
        return None if self.sweep == "all" else 0 if self.sweep == "none" else int(self.sweep)

    def asked(self, account: str, zone: tzinfo | None) -> Job:
        """
        Return the job that was asked for; *zone* is the client's.
        """
        if self.since_last and self.start is None:
            why = f"extends an export, and {self.directory} holds none yet: say the start, its first day, this once"
            raise refuse("since_last", why)
        own = zone if self.tz is None else read_zone(self.tz)
        job = make_job(read_window(self.start, self.end, own), self.kinds, account, own, self.by or "started")
        return attrs.evolve(job, pseudonyms=self.pseudonyms)

    def settle(self, stored: Job | None, account: str, zone: tzinfo | None) -> Job:
        """
        Return the job to run in a directory that holds *stored*.

        :raises OtherJobError: when that is another one.
        """
        if stored is None:
            return self.asked(account, zone)
        asked = self._from_stored(stored, account) if self.start is None else self.asked(account, zone)
        asked = asked if self.by else attrs.evolve(asked, by=stored.by)
        if not self.since_last:
            asked.check(stored, self.directory)
            return asked
        if self.kinds == KINDS:
            asked = attrs.evolve(asked, kinds=stored.kinds)
        later = stored.until(asked)
        attrs.evolve(asked, last=later.last, upper_us=later.upper_us).check(later, self.directory)
        return later

    def _from_stored(self, stored: Job, account: str) -> Job:
        kinds = stored.kinds if self.kinds == KINDS else self.kinds
        # A zone that is given is compared with the one stored; the client's is but a default.
        zone = stored.tz if self.tz is None else str(read_zone(self.tz))
        asked = attrs.evolve(
            stored, account=account, kinds=kinds, tz=zone, by=self.by or stored.by, pseudonyms=self.pseudonyms
        )
        if self.end is None and not self.since_last:
            return asked
        window = read_window(None, self.end, read_zone(stored.tz))
        exact = stored.exact or not window.days
        # Plain days are exact bounds, too, where the job has some: of UTC, if it has no zone.
        return attrs.evolve(
            asked, last=last_day(window, exact=exact), upper_us=upper_us(window) if exact else None, exact=exact
        )
