"""Ledgers: what left under which key, so that no key leaves twice from here."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from typing import Any, Final, Literal, NamedTuple

import attrs

from .._sansio.validate import identifier, refuse
from ..errors import KeyInUseError, OutcomeUnknownError
from ..export.disk.files import Disk
from .database import LedgerFile
from .owner import is_over, owner
from .plan.states import RESOLUTIONS, Fate, LedgerEntry, State, step_of

# Seconds a line is occupied ahead at most: a long text at one part a minute, for some processes at once.
_FARTHEST: Final = 3600.0
_COLUMNS: Final = "key, state, changed, phone_number_to, message"


@attrs.define(eq=False)
class Claim:
    """
    The right to let one key leave; ``withdrawn`` ends it before it is given.

    ``result`` is what is known of a key that was accepted before, as JSON.
    """

    id: str = attrs.field(factory=lambda: os.urandom(16).hex())
    withdrawn: bool = False
    result: str | None = None


@attrs.frozen(repr=False)
class Intent:
    """A text that is to leave under a key."""

    key: str
    phone_number_to: str
    message: str
    line: int = 0


class Planned(NamedTuple):
    """What a ledger knows of a text that is going to leave."""

    key: str
    state: State
    result: str


class Ledger:
    """
    A file that remembers what left under which key: a key never leaves twice from here.

    Processes, threads and restarts share it. The intent is durable before a
    text leaves; one whose process died meanwhile is unknown, and stays so until
    :meth:`resolve`. The service knows nothing of keys: a text sent without this
    ledger is not seen, and an unknown one may have arrived.

    Numbers and texts are stored as digests, made with a secret in the file,
    unless ``keep_text``: it hides them from a glance, not from somebody who has
    the file. Keys are stored as they are.

    :raises LedgerError: when the file cannot be used, which the text explains.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        keep_text: bool = False,
        clock: Callable[[], float] = time.time,
        disk: Disk | None = None,
    ) -> None:
        try:
            path = os.fspath(path)
        except TypeError:
            raise refuse("path", "must be a path") from None
        if not path:
            raise refuse("path", "must not be empty")
        self._keep_text = keep_text
        self._clock = clock
        self._file = LedgerFile(path, disk or Disk())

    @property
    def file(self) -> LedgerFile:
        """The file, which holds what was received, too."""
        return self._file

    def now(self) -> float:
        """
        Return the time of this ledger's clock, in seconds since 1970.
        """
        return self._clock()

    def unknown(self) -> list[LedgerEntry]:
        """
        Return the keys whose fate is unknown, oldest first: look at each, then :meth:`resolve` it.
        """
        with self._file.transaction() as connection:
            self._bury(connection)
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM entry WHERE state = 'unknown' ORDER BY changed, key"  # noqa: S608 - constant
            ).fetchall()
        return [_entry(row) for row in rows]

    def entry(self, key: str) -> LedgerEntry | None:
        """
        Return what is known of a key; None when it was never used.
        """
        with self._file.transaction() as connection:
            self._bury(connection)
            found = connection.execute(
                f"SELECT {_COLUMNS} FROM entry WHERE key = ?",  # noqa: S608 - a constant
                (identifier("key", key),),
            ).fetchone()
        return None if found is None else _entry(found)

    def resolve(self, key: str, outcome: Literal["sent", "not_sent"]) -> None:
        """
        Record what became of an unknown key: "sent" never leaves again, "not_sent" may.
        """
        if outcome not in RESOLUTIONS:
            raise refuse("outcome", 'must be "sent" or "not_sent"')
        with self._file.transaction() as connection:
            self._bury(connection)
            done = connection.execute(
                "UPDATE entry SET state = ?, claim = '', changed = ? WHERE key = ? AND state = 'unknown'",
                (RESOLUTIONS[outcome], self._clock(), identifier("key", key)),
            )
            if done.rowcount != 1:
                raise refuse("key", "is not unknown to this ledger: there is nothing to resolve")

    def plan(self, texts: Iterable[Intent]) -> list[Planned]:
        """
        Store what is going to leave, all or nothing, and return what is known of each; "" as a key has one derived.
        """
        planned = []
        with self._file.transaction() as connection:
            self._bury(connection)
            for text in texts:
                intent = text if text.key else attrs.evolve(text, key=self._derived(connection, text))
                found = self._find(connection, intent)
                if found is None:
                    self._insert(connection, intent, "planned", Claim(id=""), 0.0)
                planned.append(Planned(intent.key, *(found or ("planned", "{}"))))
        return planned

    def begin(self, intent: Intent, claim: Claim, seconds: float) -> Claim:
        """
        Store durably that a text leaves now, for at most *seconds*; a ``result`` says that it did before.

        :raises KeyInUseError: while another call with the key is on its way.
        :raises OutcomeUnknownError: when an earlier one ended unknown.
        """
        with self._file.transaction() as connection:
            if claim.withdrawn:
                return claim
            self._bury(connection)
            found = self._find(connection, intent)
            state, result = found or ("planned", "")
            step = step_of(state)
            if step == "leave":
                self._insert(connection, intent, "leaving", claim, self._clock() + seconds)
            claim.result = result if step == "known" else None
        if step == "refuse":
            raise KeyInUseError("another call with this key is on its way: nothing was sent", operation="sms.send")
        if step == "unknown":
            raise OutcomeUnknownError(
                "an earlier call with this key may have been applied, so nothing was sent now: look, then resolve the"
                " key in the ledger",
                operation="sms.send",
            )
        return claim

    def finish(self, claim: Claim, fate: Fate, result: str = "{}") -> None:
        """
        Store what became of a text that left; what somebody resolved meanwhile stays.
        """
        with self._file.transaction() as connection:
            connection.execute(
                "UPDATE entry SET state = ?, changed = ?, result = ?"
                " WHERE claim = ? AND state IN ('leaving', 'unknown')",
                (fate, self._clock(), result, claim.id),
            )

    def reserve(self, line: str, seconds: float) -> float:
        """
        Return when a line is free, by this ledger's clock, and occupy it for *seconds* from then on.
        """
        now = self._clock()
        with self._file.transaction() as connection:
            name = self._digest(connection, line)
            found = connection.execute("SELECT next FROM pace WHERE line = ?", (name,)).fetchone()
            # A clock that was put back must not keep a line waiting.
            at = found[0] if found and now < found[0] <= now + _FARTHEST else now
            connection.execute("INSERT OR REPLACE INTO pace VALUES(?, ?)", (name, at + seconds))
        return at

    def _find(self, connection: sqlite3.Connection, intent: Intent) -> tuple[State, str] | None:
        found = connection.execute(
            "SELECT state, result, number, text FROM entry WHERE key = ?", (intent.key,)
        ).fetchone()
        if found is None:
            return None
        mine = (self._digest(connection, intent.phone_number_to), self._digest(connection, intent.message))
        if (found[2], found[3]) != mine:
            where = f"of line {intent.line} " if intent.line else ""
            raise refuse("key", f"{where}was used for another number or text: a key names one text", "sms.send")
        return found[0], found[1]

    def _insert(self, connection: sqlite3.Connection, intent: Intent, state: State, claim: Claim, until: float) -> None:
        digests = (self._digest(connection, intent.phone_number_to), self._digest(connection, intent.message))
        shown = (intent.phone_number_to, intent.message) if self._keep_text else (None, None)
        connection.execute(
            "INSERT OR REPLACE INTO entry VALUES(?, ?, ?, ?, ?, ?, ?, ?, '{}', ?, ?)",
            (intent.key, *digests, state, claim.id, owner(), until, self._clock(), *shown),
        )

    def _derived(self, connection: sqlite3.Connection, text: Intent) -> str:
        """Return the key of a text that has none: the same number and text give the same one in this ledger."""
        return f"text-{self._digest(connection, f'{text.phone_number_to} {text.message}').hex()[:32]}"

    def _digest(self, connection: sqlite3.Connection, text: str) -> bytes:
        return self._file.digest(connection, text)

    def _bury(self, connection: sqlite3.Connection) -> None:
        """Mark as unknown what was leaving when its process ended, or ran out of its time."""
        now = self._clock()
        leaving = connection.execute("SELECT key, owner, until FROM entry WHERE state = 'leaving'").fetchall()
        for key, who, until in leaving:
            if until < now or is_over(who):
                connection.execute("UPDATE entry SET state = 'unknown', changed = ? WHERE key = ?", (now, key))


def _entry(row: tuple[Any, ...]) -> LedgerEntry:
    key, state, changed, number, text = row
    at = datetime.fromtimestamp(changed, timezone.utc)
    return LedgerEntry(key=key, state=state, changed_at=at, phone_number_to=number, message=text)
