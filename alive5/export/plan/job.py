"""Jobs of exports: account, kinds and period; pure."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import Any, Final

import attrs

from ..._json import codec as json
from ..._sansio.redact import Secret
from ..._sansio.validate import refuse
from ..._sansio.window import Window
from ..._zones import read_zone
from ...errors import OtherJobError
from ...models.conversation import KINDS
from .span import DAY, ZONE_SECONDS, Span, day_span, day_start, floor_day

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_END_OF_TIME: Final = 1 << 62
SANDBOX: Final = "sandbox"
_SECOND: Final = 1_000_000
_DAY: Final = timedelta(days=1)
_TICK: Final = timedelta(microseconds=1)


@attrs.frozen(kw_only=True)
class Job:
    """
    Account x kinds x period; ``last`` is None for a period that goes on.

    ``lower_us <= start_time < upper_us`` are the rows that belong when
    ``exact``, and ``first`` and ``last`` lie a day further out; otherwise they
    are the days of UTC that belong. By "active" a conversation belongs, too, that
    has a message in the period.
    """

    account: str
    kinds: tuple[str, ...]
    first: date
    last: date | None = None
    exact: bool = False
    lower_us: int | None = None
    upper_us: int | None = None
    tz: str | None = None
    by: str = "started"
    pseudonyms: str | None = None

    @property
    def id(self) -> str:
        """A short name of the job."""
        return hashlib.sha256(json.document(self.spec(), sort_keys=True).encode()).hexdigest()[:16]

    @property
    def bounds(self) -> tuple[int, int]:
        """The epoch microseconds rows have to start in."""
        if self.lower_us is not None:
            return self.lower_us, _END_OF_TIME if self.upper_us is None else self.upper_us
        high = _END_OF_TIME if self.last is None else day_span(self.first, self.last).high * _SECOND
        return day_start(self.first) * _SECOND, high

    def bounds_by(self, now: float) -> tuple[int, int]:
        """
        Return the epoch microseconds rows have to start in by now: nothing is of a day that has not begun.
        """
        lower, upper = self.bounds
        return lower, min(upper, (floor_day(now + ZONE_SECONDS) + DAY) * _SECOND)

    def span(self, now: float) -> Span:
        """
        Return the days to be read by now: none that have not begun anywhere on earth.

        One more on each side, since the server's days may be of any zone.
        """
        lower, upper = self.bounds
        begun = floor_day(now + ZONE_SECONDS) + DAY
        low = floor_day(lower / _SECOND) - DAY
        high = begun if upper == _END_OF_TIME else min(floor_day((upper - 1) / _SECOND) + 2 * DAY, begun)
        return Span(low, high) if high > low + DAY else Span(low, low)

    def spec(self) -> dict[str, Any]:
        """
        Return the job as JSON-ready facts.
        """
        facts = attrs.asdict(self)
        days = {"first": self.first.isoformat(), "last": self.last and self.last.isoformat()}
        # Left out where an older version would not have had it, so that a job keeps its id.
        by = {} if facts.pop("by") == "started" else {"by": self.by}
        hidden = {} if facts.pop("pseudonyms") is None else {"pseudonyms": self.pseudonyms}
        return {**facts, **days, "kinds": list(self.kinds), **by, **hidden}

    @classmethod
    def read(cls, spec: Mapping[str, Any]) -> Job:
        """
        Return the job of a :meth:`spec`.
        """
        days = {name: spec[name] and date.fromisoformat(spec[name]) for name in ("first", "last")}
        return cls(**{**spec, **days, "kinds": tuple(spec["kinds"])})

    def words(self, zone: tzinfo) -> dict[str, str]:
        """
        Return what tells it from another, as a person says it, with exact bounds as times of *zone*.
        """
        last = None if self.upper_us is None else _moment(self.upper_us - 1, zone)
        return {
            "account": self.account,
            "kinds": ", ".join(self.kinds),
            "start": _show(self.first if self.lower_us is None else _moment(self.lower_us, zone), time.min),
            "end": _show(self.last if last is None and not self.exact else last, time.max),
            "bounds": "exact times" if self.exact else "whole days",
            "tz": self.tz or "none",
            "by": self.by,
            "pseudonyms": self.pseudonyms or "none",
        }

    def check(self, stored: Job, directory: object) -> None:
        """
        Refuse a directory that holds another job.

        :raises OtherJobError: with what differs.
        """
        if self != stored:
            zone = read_zone(stored.tz) or timezone.utc
            mine, theirs = self.words(zone), stored.words(zone)
            sentences = tuple(
                f"{name}: there {theirs[name]}, asked {mine[name]}" for name in mine if mine[name] != theirs[name]
            )
            raise OtherJobError(
                f"{directory} holds another export ({'; '.join(sentences)}): take another directory",
                differences=sentences,
            )

    def of(self, account: str) -> Job:
        """
        Return this job of another account.
        """
        return attrs.evolve(self, account=account)

    def until(self, other: Job) -> Job:
        """
        Return this job, extended to the later of both ends.
        """
        if self.last is None or other.last is None:
            return attrs.evolve(self, last=None, upper_us=None)
        upper = max(self.upper_us or 0, other.upper_us or 0) if self.exact else None
        return attrs.evolve(self, last=max(self.last, other.last), upper_us=upper)


def read_kinds(kinds: Iterable[str]) -> tuple[str, ...]:
    """
    Return the kinds to export, checked and in order.
    """
    chosen = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    if not chosen or any(kind not in KINDS for kind in chosen):
        raise refuse("kinds", f"must name some of {', '.join(KINDS)}")
    return tuple(kind for kind in KINDS if kind in chosen)


def make_job(window: Window, kinds: tuple[str, ...], account: str, zone: tzinfo | None, by: str = "started") -> Job:
    """
    Return the job of a period, refusing one without a start.
    """
    if window.first is None:
        raise refuse("start", "is needed: the first day to export")
    exact = not window.days
    return Job(
        account=account,
        kinds=kinds,
        first=(window.lower - (_DAY if exact else timedelta())).date(),
        last=last_day(window, exact=exact),
        exact=exact,
        lower_us=_us(window.lower) if exact else None,
        upper_us=upper_us(window) if exact else None,
        tz=None if zone is None else str(zone),
        by=by,
    )


def last_day(window: Window, *, exact: bool) -> date | None:
    """
    Return the last day of a job: a day further out than exact bounds; None without an end.
    """
    if window.last is None:
        return None
    return (window.upper - _TICK + (_DAY if exact else timedelta())).date()


def upper_us(window: Window) -> int | None:
    """
    Return the end of exact bounds in epoch microseconds; None without one.
    """
    return None if window.last is None else _us(window.upper)


def account_name(org_name: str | None, email: str | None) -> str | None:
    """
    Return sixteen digits that name an account without revealing it; None when nothing is known of it.
    """
    facts = [(fact or "").strip().casefold() for fact in (org_name, email)]
    return hashlib.sha256(json.document(facts).encode()).hexdigest()[:16] if any(facts) else None


def fingerprint(key: Secret | None, *, sandbox: bool) -> str:
    """
    Return eight digits by which a key is known again, which do not reveal it.
    """
    if sandbox:
        return SANDBOX
    secret = b"" if key is None else key.reveal().encode()
    return hmac.new(secret, b"alive5 export account", hashlib.sha256).hexdigest()[:8]


def is_sandbox(port: object) -> bool:
    """
    Whether a port answers from the embedded Alive5.
    """
    return getattr(port, "is_sandbox", False) is True


def _us(moment: datetime) -> int:
    passed = moment - _EPOCH
    return (passed.days * DAY + passed.seconds) * 1_000_000 + passed.microseconds


def _moment(us: int, zone: tzinfo) -> datetime:
    return (_EPOCH + us * _TICK).astimezone(zone)


def _show(bound: date | None, edge: time) -> str:
    """Return a bound as a date where it is one, or the *edge* of one, else as a time; "none" without one."""
    if bound is None:
        return "none"
    if isinstance(bound, datetime):
        bound = bound.date() if bound.time() == edge else bound
    return bound.isoformat()
