"""A directory belongs to an account, not to a key; the first hour of somebody who exports for the first time."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import attrs
import pytest
from support.exporting import QUICK, digests, truth

from alive5 import AsyncAlive5, AuthenticationError, ExportError, ExportReport, OtherJobError, TransportError
from alive5._port.verbs import AsyncVerbs
from alive5._sansio.redact import Secret
from alive5._sansio.wire import Call, Failure, Reply
from alive5.export.plan.job import account_name, fingerprint
from alive5.export.read.reader import open_export
from alive5.export.state.store import Store
from alive5.sandbox import Sandbox
from alive5.sandbox.data.ledger import Served
from alive5.sandbox.embedded.port import SandboxPort

FIRST_KEY, SECOND_KEY, WRONG_KEY = "test_key_of_march_2026", "test_key_of_june_2026", "test_key_that_is_wrong"
JANUARY = {"start": "2026-01-01", "end": "2026-01-31"}


class RealPort(SandboxPort):
    """A sandbox that does not say that it is one, and checks keys."""

    is_sandbox = False  # type: ignore[misc]


class Service:
    """A service with one key at a time; ``away`` is a network that does not answer."""

    def __init__(self) -> None:
        self.sandbox = Sandbox(livechat=150, sms=40, fbm=20, api_key=FIRST_KEY)
        self.email = "owner@example.com"
        self.away = False
        self.has_account = True

    def rotate(self, key: str) -> None:
        self.sandbox.settings = attrs.evolve(self.sandbox.settings, api_key=key)

    def exchange(self, key: str, call: Call) -> Served:
        if self.away:
            return Served(Failure(left=False, kind="connect", detail="no"), 0.0, "", "")
        if key != self.sandbox.settings.api_key:
            return Served(Reply(status=400, body=b'{"code": 400, "error": "Invalid token"}'), 0.0, "", "")
        served = self.sandbox.exchange(call)
        if served.operation != "account.get" or not isinstance(served.answer, Reply):
            return served
        if not self.has_account:
            return attrs.evolve(served, answer=attrs.evolve(served.answer, status=404, body=b"{}"))
        content = served.answer.body.replace(b"owner@example.com", self.email.encode())
        return attrs.evolve(served, answer=attrs.evolve(served.answer, body=content))

    def export(self, directory: Path, key: str = FIRST_KEY, **options: Any) -> ExportReport:
        async def main() -> ExportReport:
            async with AsyncAlive5(
                key, port=RealPort(partial(self.exchange, key), AsyncVerbs()), retry=QUICK
            ) as client:
                return await client.export(directory, **{**JANUARY, **options})

        return anyio.run(main)

    def asked(self) -> int:
        return sum(request.operation == "account.get" for request in self.sandbox.requests)


@pytest.fixture
def service() -> Service:
    return Service()


def held(directory: Path) -> set[Any]:
    return {row["session_id"] for row in open_export(directory).conversations()}


def test_the_first_hour(service: Service, tmp_path: Path) -> None:
    """Wrong key, network away, other dates, right key, rotated key, other format, backup without dot files."""
    out = tmp_path / "out"
    with pytest.raises(AuthenticationError):
        service.export(out, WRONG_KEY)
    service.away = True
    with pytest.raises(TransportError):
        service.export(out)
    service.away = False
    # Nothing was fetched for the dates of before, so there is nothing they could be held against.
    with pytest.raises(AuthenticationError):
        service.export(out, WRONG_KEY, start="2025-12-01")
    assert service.export(out).exit_code == 0
    service.rotate(SECOND_KEY)
    assert service.export(out, SECOND_KEY).exit_code == 0
    assert service.export(out, SECOND_KEY, formats=("jsonl", "csv")).exit_code == 0
    shutil.copytree(out, tmp_path / "backup", ignore=shutil.ignore_patterns(".alive5"))
    report = service.export(tmp_path / "backup", SECOND_KEY, start=None, end=None, since_last=True, sweep="none")
    assert report.exit_code == 0
    assert held(out) == set().union(*truth(service.sandbox).values())
    assert set(open_export(tmp_path / "backup").manifest.formats) == {"jsonl", "csv"}
    assert held(tmp_path / "backup") >= held(out)


def test_the_account_is_asked_for_once_a_key(service: Service, tmp_path: Path) -> None:
    for key in (FIRST_KEY, SECOND_KEY):
        service.rotate(key)
        for _ in range(3):
            service.export(tmp_path, key)
    assert service.asked() == 2


def test_another_account_is_refused_and_may_be_said_to_be_the_same(service: Service, tmp_path: Path) -> None:
    service.export(tmp_path)
    before = digests(tmp_path)
    service.rotate(SECOND_KEY)
    service.email = "somebody.else@example.com"
    with pytest.raises(OtherJobError, match="account"):
        service.export(tmp_path, SECOND_KEY)
    assert digests(tmp_path) == before
    assert service.export(tmp_path, SECOND_KEY, same_account=True).exit_code == 0
    assert service.export(tmp_path, SECOND_KEY).exit_code == 0


def bind(directory: Path, account: str) -> None:
    """
    Bind a directory as older versions did.
    """
    with closing(sqlite3.connect(directory / ".alive5" / "state.db")) as database, database:
        spec = json.loads(database.execute("SELECT spec FROM job").fetchone()[0])
        database.execute("UPDATE job SET spec = ?", (json.dumps({**spec, "account": account}, sort_keys=True),))
        database.execute("DELETE FROM facts WHERE kind = ''")


def test_a_directory_bound_to_a_key_goes_on_with_it_and_then_with_its_account(service: Service, tmp_path: Path) -> None:
    service.export(tmp_path)
    bind(tmp_path, fingerprint(Secret(FIRST_KEY), sandbox=False))
    assert service.export(tmp_path).exit_code == 0
    service.rotate(SECOND_KEY)
    assert service.export(tmp_path, SECOND_KEY).exit_code == 0


def test_a_directory_bound_to_a_lost_key_goes_on_when_told(service: Service, tmp_path: Path) -> None:
    service.export(tmp_path)
    bind(tmp_path, fingerprint(Secret(FIRST_KEY), sandbox=False))
    service.rotate(SECOND_KEY)
    with pytest.raises(OtherJobError, match="account"):
        service.export(tmp_path, SECOND_KEY)
    assert service.export(tmp_path, SECOND_KEY, same_account=True).exit_code == 0


def test_a_host_that_does_not_show_the_account_leaves_the_key(service: Service, tmp_path: Path) -> None:
    service.has_account = False
    service.export(tmp_path)
    assert service.export(tmp_path).exit_code == 0
    service.rotate(SECOND_KEY)
    with pytest.raises(OtherJobError, match="account"):
        service.export(tmp_path, SECOND_KEY)


def test_a_sandbox_is_no_account_of_anybody(service: Service, tmp_path: Path) -> None:
    service.export(tmp_path)

    async def main() -> ExportReport:
        async with service.sandbox.async_client() as client:
            return await client.export(tmp_path, **JANUARY, same_account=True)

    with pytest.raises(OtherJobError, match="account"):
        anyio.run(main)


def test_the_name_of_an_account_reveals_nothing_and_is_the_same_in_any_case() -> None:
    name = account_name("Example Org", "owner@example.com")
    assert name == account_name("example org ", "OWNER@example.com")
    assert name != account_name("example org", "other@example.com")
    assert account_name(None, "") is None
    assert name is not None
    assert len(name) == 16


@pytest.mark.parametrize("formats", [("csv",), ("sqlite",)])
def test_only_delivered_rows_make_a_state_again(formats: tuple[str, ...], service: Service, tmp_path: Path) -> None:
    service.export(tmp_path, formats=formats)
    shutil.rmtree(tmp_path / ".alive5")
    before = digests(tmp_path)
    with pytest.raises(ExportError, match="only JSON Lines"):
        service.export(tmp_path)
    assert digests(tmp_path) == before


def test_damaged_files_are_not_gone_on_with(service: Service, tmp_path: Path) -> None:
    report = service.export(tmp_path)
    shutil.rmtree(tmp_path / ".alive5")
    (tmp_path / report.files[0]).write_bytes(b"damaged")
    with pytest.raises(ExportError, match="cannot be gone on with"):
        service.export(tmp_path)


def test_what_the_service_has_no_more_survives_the_loss_of_the_state(service: Service, tmp_path: Path) -> None:
    service.export(tmp_path)
    shutil.rmtree(tmp_path / ".alive5")
    gone = sorted(truth(service.sandbox)["sms"])[0]
    service.sandbox.remove("sms", gone)
    report = service.export(tmp_path)
    assert report.exit_code == 0
    assert gone in held(tmp_path)
    assert service.export(tmp_path).counts == report.counts


def test_a_nightly_run_keeps_the_formats(service: Service, tmp_path: Path) -> None:
    service.export(tmp_path, formats=("csv", "sqlite"))
    service.export(tmp_path, start=None, end=None, since_last=True, sweep="none")
    assert set(open_export(tmp_path).manifest.formats) == {"csv", "sqlite"}
    service.export(tmp_path, start=None, end=None, since_last=True, sweep="none", formats=("csv",))
    assert set(open_export(tmp_path).manifest.formats) == {"csv"}


@pytest.mark.parametrize("after", range(5))
def test_an_adoption_that_was_cut_off_is_made_again(
    after: int, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the service has no more is in the files alone, which the next run replaces."""
    service.export(tmp_path)
    before = held(tmp_path)
    shutil.rmtree(tmp_path / ".alive5")
    for kind in ("livechat", "sms", "fbm"):
        for name in truth(service.sandbox)[kind]:
            service.sandbox.remove(kind, name)
    remember, calls = Store.remember, iter(range(1000))

    def cut_off(*arguments: Any) -> None:
        if next(calls) == after:
            raise KeyboardInterrupt
        remember(*arguments)

    monkeypatch.setattr(Store, "remember", cut_off)
    with pytest.raises(KeyboardInterrupt):
        service.export(tmp_path)
    monkeypatch.undo()
    service.export(tmp_path)
    assert before == held(tmp_path)
