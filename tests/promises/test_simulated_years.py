"""
An account lives for years in minutes: texts by a ledger and an export each night, with one seed for all that happens.

Clock, network, disk and the death of the process are drawn from the seed. A night's export may fail, or die at any
operation on the disk or any request; texts are sent again each day until their fate is known. What has to hold:
no text arrives twice and every word of the ledger is true; no night that calls itself good lacks a conversation, or
holds one that never was; nothing that was there is gone; and the first good night gives the files of a whole export.
"""

from __future__ import annotations

import errno
import json
import os
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import attrs
import pytest
from support.account_year import Account, chats, threads
from support.counts import FULL, Seeded, count, measured
from support.exporting import DAY_MS, FIRST_MS, KINDS, QUICK, digests, export, found
from support.scripted import TEXT

from alive5 import Alive5Error, ExportReport, Ledger, LedgerError
from alive5.export.dataset.manifest import MANIFEST
from alive5.export.disk.files import Disk
from alive5.sandbox import FAULTS, Sandbox

DAYS = 365 if FULL else 14
PEOPLE = 30
# Of a night or a text: more would leave hardly any that succeeds, and nothing to compare.
TROUBLE = 0.25
# A fault by which a text is delivered, or is not, with every word the caller may be told.
SENDING = [name for name in FAULTS if name not in ("slow", "rate_limited", "rate_limited_date")]
READING = ["server_error_before", "html", "garbage", "truncated", "disconnect_before", "reset_after", "refused"]


class Death(BaseException):
    """The process ends here."""


@attrs.define(eq=False)
class Fate(Disk):
    """A disk that fails for good at an operation, or at which the process dies."""

    at: int | None
    dies: bool

    def __attrs_pre_init__(self) -> None:
        super().__init__(self.strike)

    def strike(self, number: int, name: str, path: Path) -> None:
        if self.at is None or number < self.at:
            return
        if self.dies:
            raise Death
        raise OSError(errno.ENOSPC, "full", str(path))


@attrs.define(eq=False)
class Life:
    """One account, and what was seen of it."""

    rng: random.Random
    directory: Path
    edition: Any
    lived: Account = attrs.field(init=False)
    held: dict[str, set[str]] = attrs.field(factory=dict)
    open_keys: dict[str, str] = attrs.field(factory=dict)
    words: dict[str, str] = attrs.field(factory=dict)
    came: Counter[str] = attrs.field(factory=Counter)

    def __attrs_post_init__(self) -> None:
        sandbox = Sandbox(livechat=0, sms=0, fbm=0, edition=self.edition, now=FIRST_MS, strict_ids=False)
        rng = self.rng
        others = [*chats(rng, "livechat", PEOPLE, DAYS), *chats(rng, "fbm", PEOPLE // 3, DAYS)]
        self.lived = Account(sandbox, [*threads(rng, PEOPLE, DAYS), *others])

    @property
    def sandbox(self) -> Sandbox:
        return self.lived.sandbox

    def trouble(self, names: list[str], on: str | None) -> Disk:
        """
        Draw what goes wrong with the next thing that is done.
        """
        kind = self.rng.choice(("network", "disk", "death", "wire")) if self.rng.random() < TROUBLE else ""
        if kind == "network":
            for _ in range(self.rng.randrange(1, 4)):
                name, times = self.rng.choice(names), self.rng.choice((1, 2, 9))
                self.sandbox.fail(name, times=times, on=on, after=self.rng.randrange(6))
        if kind == "wire":
            requests = len(self.sandbox.requests) + self.rng.randrange(8)

            def die(_: Any) -> None:
                if len(self.sandbox.requests) >= requests:
                    raise Death

            self.sandbox.on_request = die
        self.came[kind or "quiet"] += 1
        at = self.rng.randrange(1, 60 if on is None else 6) if kind in ("disk", "death") else None
        return Fate(at, dies=kind == "death")

    def calm(self) -> None:
        self.sandbox.clear_faults()
        self.sandbox.on_request = None

    def texts(self, day: int) -> None:
        """
        Send a day's texts, and again those of earlier days whose fate is open.
        """
        self.open_keys.update({f"{day}-{number}": f"Text {number} of day {day}" for number in range(2)})
        for key, message in list(self.open_keys.items()):
            word = self.text(key, message, self.trouble(SENDING, "sms.send"))
            self.calm()
            if word in ("accepted", "rejected", "unknown"):
                self.words[key] = word
                del self.open_keys[key]

    def text(self, key: str, message: str, disk: Disk) -> str:
        with self.sandbox.client(retry=QUICK) as client:
            try:
                ledger = Ledger(self.ledger, clock=self.seconds, disk=disk)
                given: dict[str, Any] = {**TEXT, "message": message}
                client.sms.send(**given, ledger=ledger, key=key)
            except LedgerError:
                return "not_sent"
            except Alive5Error as error:
                return error.outcome
            except Death:
                return "died"
        return "accepted"

    @property
    def ledger(self) -> Path:
        return self.directory / "texts.ledger"

    def seconds(self) -> float:
        return self.lived.now_ms / 1000

    def night(self, number: int) -> None:
        """
        Export what is new; a clock may be ahead by days.
        """
        self.lived.live_until(FIRST_MS + number * DAY_MS)
        before = {name: self.lived.changed[name] for name in self.lived.changed}
        disk, ahead = self.trouble(READING, None), self.rng.choice((0, 0, 0, 0, 4)) * 86_400.0
        report = None
        with suppress(Alive5Error, Death):
            report = self.export(self.out, disk=disk, clock=lambda: self.seconds() + ahead)
        self.calm()
        if (self.out / MANIFEST).exists():
            self.compare(report, before)

    @property
    def out(self) -> Path:
        return self.directory / "out"

    def export(self, directory: Path, **options: Any) -> ExportReport:
        again = {"since_last": True, "start": None} if (directory / MANIFEST).exists() else {"start": "2026-01-01"}
        sweep = self.rng.choice(("none", 2, "all"))
        return export(
            self.sandbox, directory, **{"end": None, "edition": self.edition, "sweep": sweep, **again, **options}
        )

    def compare(self, report: ExportReport | None, before: dict[str, int]) -> None:
        rows = {kind: set(of) for kind, of in found(self.out).items()}
        true = {kind: {row["alive5_sessionID"] for row in self.sandbox.conversations(kind)} for kind in KINDS}
        for kind in KINDS:
            assert rows[kind] <= true[kind], f"{kind}: what never was"
            assert self.held.get(kind, set()) <= rows[kind], f"{kind}: what was there is gone"
        self.held = rows
        if report is None or report.exit_code or report.grade not in ("A", "B"):
            return
        self.came["good night"] += 1
        for kind in KINDS:
            # Those that began before the export's first day are no part of it.
            starts = {row["alive5_sessionID"]: row["start_time"] for row in self.sandbox.conversations(kind)}
            missing = {name for name in before if name in true[kind] and starts[name] >= FIRST_MS} - rows[kind]
            assert not missing, f"{kind}: {len(missing)} are missing at grade {report.grade}"


def check(life: Life) -> None:
    """
    Compare the end: every word of the ledger, and the files of a whole export.
    """
    arrived = Counter(str(delivery.arguments["message"]) for delivery in life.sandbox.deliveries)
    assert [] == [text for text, times in arrived.items() if times > 1]
    ledger = Ledger(life.ledger, clock=lambda: life.seconds() + 86_400)
    entries = {key: ledger.entry(key) for key in life.words}
    named = {entry.key for entry in ledger.unknown()}
    for key, word in life.words.items():
        entry, (day, number) = entries[key], key.split("-")
        assert entry is not None
        came = arrived[f"Text {number} of day {day}"]
        assert came or entry.state != "accepted", key
        assert not came or entry.state in ("accepted", "unknown"), key
        assert (entry.state == "unknown") == (key in named), key
        assert word != "accepted" or came, key
    assert 0 == life.export(life.out, sweep="all", clock=life.seconds).exit_code
    life.export(life.directory / "whole", clock=life.seconds)
    assert digests(life.out) == digests(life.directory / "whole")


def years() -> Iterator[int]:
    """
    Yield the numbers of the years; ``nox -s simulate -- --years 100`` asks for so many.
    """
    yield from range(count(ci=1, full=int(os.environ.get("ALIVE5_YEARS", "10"))))


@pytest.mark.slow
@pytest.mark.timeout(36_000 if FULL else 120)
@pytest.mark.promise("S6", "E3", "E10")
@pytest.mark.parametrize("edition", ["documented", "current"])
def test_years_of_an_account(edition: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL", "alive5")
    first = Seeded.from_environment().seed_value
    came: Counter[str] = Counter()
    for number in years():
        life = Life(random.Random(first + number), tmp_path / str(number), edition)
        life.directory.mkdir()
        random.seed(first + number)
        for day in range(1, DAYS + 1):
            life.texts(day)
            life.night(day)
        check(life)
        came += life.came
        print(f"year {number} of {first}: {json.dumps(life.came)}")  # noqa: T201 - pytest shows it where a test fails
    measured(**{f"nights and texts with {name}": times for name, times in came.items()})
    assert came["good night"]
