"""A key in a ledger leaves at most once, and the ledger says what became of it."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import anyio
import pytest
from support.front import Front
from support.scripted import TEXT, Interrupt, refusal, reply
from support.texting import Failing
from support.watch import watching

from alive5 import (
    Alive5Error,
    BadRequestError,
    Failure,
    InvalidArgumentError,
    KeyInUseError,
    Ledger,
    LedgerError,
    NotSentError,
    OutcomeUnknownError,
    RetryPolicy,
)
from alive5.export.disk.files import Disk
from alive5.sandbox import Sandbox
from alive5.sending.ledger import Claim, Intent
from alive5.sending.owner import is_over, owner

ACCEPTED = reply({"message_id": "m1", "thread_id": "t1", "message_content": TEXT["message"], "To": "+12025550123"})
LOST = Failure(True, "read_timeout", "late")
NEVER_LEFT = Failure(False, "local", "no")
QUICK = RetryPolicy.none()
KEY = "order-4711"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "texts.ledger"


def sending(ledger: Ledger, *, key: str = KEY, **other: str) -> Any:
    return lambda client: client.sms.send(**{**TEXT, **other}, ledger=ledger, key=key)


def state(ledger: Ledger, key: str = KEY) -> str:
    found = ledger.entry(key)
    assert found is not None
    return found.state


@pytest.mark.promise("S6")
def test_an_accepted_key_never_leaves_again(front: Front, path: Path) -> None:
    port = front.port([ACCEPTED])
    first = front.run(sending(Ledger(path)), port=port)
    again = front.run(sending(Ledger(path)), port=port)
    assert 1 == len(port.calls)
    assert ("m1", "t1", {}) == (first.message_id, first.thread_id, dict(first.extra))
    assert ("m1", "t1", {"from_ledger": True}) == (again.message_id, again.thread_id, dict(again.extra))
    assert again.message_content is None
    assert "accepted" == state(Ledger(path))


def test_a_ledger_that_keeps_text_names_whom_it_was_for(front: Front, path: Path) -> None:
    front.run(sending(Ledger(path, keep_text=True)), port=front.port([ACCEPTED]))
    entry = Ledger(path).entry(KEY)
    assert entry is not None
    assert (TEXT["message"], TEXT["phone_number_to"]) == (entry.message, entry.phone_number_to)


@pytest.mark.parametrize(
    ("answer", "error", "fate"),
    [(refusal(400), BadRequestError, "rejected"), (NEVER_LEFT, NotSentError, "not_sent")],
)
def test_what_was_not_delivered_may_leave_again(
    front: Front, path: Path, answer: Any, error: type[Alive5Error], fate: str
) -> None:
    port = front.port([answer, ACCEPTED])
    front.fails(error, sending(Ledger(path)), port=port, retry=QUICK)
    assert fate == state(Ledger(path))
    assert "m1" == front.run(sending(Ledger(path)), port=port).message_id


@pytest.mark.promise("S6")
@pytest.mark.parametrize("outcome", ["sent", "not_sent"])
def test_an_unknown_key_waits_for_a_decision(front: Front, path: Path, outcome: Any) -> None:
    port, ledger = front.port([LOST, ACCEPTED]), Ledger(path)
    front.fails(OutcomeUnknownError, sending(ledger), port=port)
    again = front.fails(OutcomeUnknownError, sending(ledger), port=port)
    assert "resolve the key in the ledger" in str(again)
    assert 1 == len(port.calls)
    assert [KEY] == [entry.key for entry in ledger.unknown()]
    ledger.resolve(KEY, outcome)
    assert [] == ledger.unknown()
    sent = front.run(sending(ledger), port=port)
    assert (1 if outcome == "sent" else 2) == len(port.calls)
    assert (None if outcome == "sent" else "m1") == sent.message_id


@pytest.mark.parametrize("other", [{"message": "Another text"}, {"phone_number_to": "+12025550199"}])
def test_a_key_names_one_text(front: Front, path: Path, other: dict[str, str]) -> None:
    port = front.port([ACCEPTED])
    front.run(sending(Ledger(path)), port=port)
    error = front.fails(InvalidArgumentError, sending(Ledger(path), **other), port=port)
    assert "key" == error.argument
    assert 1 == len(port.calls)


@pytest.mark.parametrize("fate", ["accepted", "rejected", "not_sent", "unknown", "leaving"])
def test_a_key_is_compared_whatever_became_of_it(path: Path, fate: Any) -> None:
    ledger = Ledger(path)
    claim = ledger.begin(Intent(KEY, "+12025550123", "Hello"), Claim(), 60.0)
    if fate != "leaving":
        ledger.finish(claim, fate)
    with pytest.raises(InvalidArgumentError, match="another number or text"):
        ledger.begin(Intent(KEY, "+12025550123", "Hello!"), Claim(), 60.0)


def test_a_key_on_its_way_is_refused(front: Front, path: Path) -> None:
    ledger = Ledger(path)
    claim = ledger.begin(Intent(KEY, TEXT["phone_number_to"], TEXT["message"]), Claim(), 60.0)
    front.fails(KeyInUseError, sending(Ledger(path)), port=front.port())
    assert ("leaving", []) == (state(ledger), ledger.unknown())
    ledger.finish(claim, "not_sent")
    assert "m1" == front.run(sending(Ledger(path)), port=front.port([ACCEPTED])).message_id


def test_what_runs_out_of_its_time_is_unknown_and_its_end_is_still_stored(path: Path) -> None:
    now = [1000.0]
    ledger = Ledger(path, clock=lambda: now[0])
    intent = Intent(KEY, "+12025550123", "Hello")
    claim = ledger.begin(intent, Claim(), 60.0)
    now[0] += 61.0
    assert [KEY] == [entry.key for entry in ledger.unknown()]
    with pytest.raises(OutcomeUnknownError):
        ledger.begin(intent, Claim(), 60.0)
    ledger.finish(claim, "accepted")
    assert "accepted" == state(ledger)


def test_what_somebody_resolved_stays(path: Path) -> None:
    now = [1000.0]
    ledger = Ledger(path, clock=lambda: now[0])
    claim = ledger.begin(Intent(KEY, "+12025550123", "Hello"), Claim(), 60.0)
    now[0] += 61.0
    ledger.resolve(KEY, "sent")
    ledger.finish(claim, "not_sent")
    assert "accepted" == state(ledger)


def test_only_what_is_unknown_is_resolved(path: Path) -> None:
    ledger = Ledger(path)
    ledger.begin(Intent(KEY, "+12025550123", "Hello"), Claim(), 60.0)
    for key, outcome in ((KEY, "sent"), ("another", "sent"), (KEY, "delivered")):
        with pytest.raises(InvalidArgumentError):
            ledger.resolve(key, outcome)  # type: ignore[arg-type]
    assert ledger.entry("another") is None


@pytest.mark.parametrize(
    ("given", "argument"),
    [
        ({"ledger": "here"}, "key"),
        ({"key": KEY}, "ledger"),
        ({"key": KEY, "ledger": "texts.ledger"}, "ledger"),
        ({"key": "", "ledger": "here"}, "key"),
        ({"key": "a\nb", "ledger": "here"}, "key"),
    ],
)
def test_ledger_and_key_go_together(front: Front, path: Path, given: dict[str, Any], argument: str) -> None:
    options = {name: Ledger(path) if value == "here" else value for name, value in given.items()}
    port = front.port()
    error = front.fails(InvalidArgumentError, lambda client: client.sms.send(**TEXT, **options), port=port)
    assert (argument, 0) == (error.argument, len(port.calls))


INTERRUPTS = [
    (Interrupt(KeyboardInterrupt(), left=False), "not_sent"),
    (Interrupt(KeyboardInterrupt(), left=True), "unknown"),
    (Interrupt(KeyboardInterrupt(), left="unsaid"), "unknown"),
]


@pytest.mark.parametrize(("answer", "fate"), INTERRUPTS)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_is_stored(front: Front, path: Path, answer: Any, fate: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        front.run(sending(Ledger(path)), port=front.port([answer]))
    assert fate == state(Ledger(path))


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize(
    ("answers", "fate"), [([], "unknown"), ([refusal(429)], "not_sent")], ids=["on the wire", "in a backoff"]
)
def test_a_cancellation_is_stored(path: Path, backend: str, answers: list[Any], fate: str) -> None:
    front, ledger = Front(backend), Ledger(path)
    port, left = front.port(), list(answers)

    async def wait(*_: Any) -> Any:
        await anyio.sleep(60)

    async def send(call: Any, deadline: float) -> Any:
        call.departure.left = True
        return left.pop() if left else await wait()

    port.send, port.sleep = send, wait  # type: ignore[method-assign]

    async def body(client: Any) -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(sending(ledger), client)
            while ledger.entry(KEY) is None:
                await anyio.sleep(0.001)
            await anyio.sleep(0.05)
            group.cancel_scope.cancel()

    front.run(body, port=port)
    assert fate == state(ledger)


def test_a_claim_that_was_withdrawn_lets_nothing_leave(path: Path) -> None:
    ledger = Ledger(path)
    ledger.begin(Intent(KEY, "+12025550123", "Hello"), Claim(withdrawn=True), 60.0)
    assert ledger.entry(KEY) is None


@pytest.mark.promise("S6")
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_whichever_disk_operation_fails_no_key_leaves_twice(front: Front, tmp_path: Path, code: int) -> None:
    number, disk = 0, Failing(1, code)
    while disk.operations >= number:
        number += 1
        path = tmp_path / str(number) / "texts.ledger"
        disk = Failing(number, code)
        port = front.port(lambda _: ACCEPTED)
        sent = error = None
        try:
            sent = front.run(sending(Ledger(path, disk=disk)), port=port)
        except LedgerError as caught:
            error = caught
        # An accepted text is returned, whatever the disk does then.
        assert (error is None) == (len(port.calls) == 1) == (sent is not None)
        if error is not None:
            assert ("no space is left" if code == errno.ENOSPC else "input/output error") in str(error)
        ledger = Ledger(path)
        if [KEY] == [entry.key for entry in ledger.unknown()]:
            ledger.resolve(KEY, "sent")
        entry = ledger.entry(KEY)
        if entry is not None and entry.state == "leaving":
            # Its end could not be stored: refused now, unknown once its time is over.
            front.fails(KeyInUseError, sending(ledger), port=port)
        else:
            front.run(sending(ledger), port=port)
        assert 1 == len(port.calls)
    assert 4 < number


def test_a_full_disk_of_sqlite_itself_is_explained(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, connect = Ledger(path), sqlite3.connect

    def full(*args: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*args, **options)
        connection.execute("PRAGMA max_page_count = 1")
        return connection

    monkeypatch.setattr(sqlite3, "connect", full)
    with pytest.raises(LedgerError, match="no space is left"):
        ledger.begin(Intent("k" * 20_000, "+12025550123", "Hello"), Claim(), 60.0)


def test_links_and_other_files_are_refused(tmp_path: Path, path: Path) -> None:
    Ledger(path)
    (tmp_path / "symbolic").symlink_to(path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "garbage").write_bytes(garbage := b"not a database at all" * 500)
    with sqlite3.connect(tmp_path / "other") as other:
        other.execute("CREATE TABLE a(b)")
    other.close()
    for name, why in (
        ("symbolic", "symbolic link"),
        ("folder", "not a file"),
        ("garbage", "the ledger is damaged"),
        ("other", "not a ledger"),
        ("garbage/below", "not a directory"),
    ):
        with pytest.raises(LedgerError, match=why):
            Ledger(tmp_path / name)
    assert garbage == (tmp_path / "garbage").read_bytes()
    os.link(path, tmp_path / "hard")
    for name in ("hard", path.name):
        with pytest.raises(LedgerError, match="hard link"):
            Ledger(tmp_path / name)


def test_a_ledger_of_a_newer_version_and_a_missing_one(path: Path) -> None:
    ledger = Ledger(path)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(LedgerError, match="newer alive5"):
        Ledger(path)
    path.unlink()
    with pytest.raises(LedgerError, match="missing"):
        ledger.unknown()


@pytest.mark.parametrize("wrong", [None, 7, ""])
def test_a_path_is_checked(wrong: Any) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        Ledger(wrong)
    assert "path" == caught.value.argument


@pytest.mark.promise("D3")
def test_it_is_one_private_file_without_numbers_and_texts(front: Front, path: Path) -> None:
    needles = [TEXT["phone_number_to"], TEXT["message"], TEXT["phone_number_to"][1:]]
    port = front.port([LOST, ACCEPTED, refusal(400, TEXT["message"])])
    with watching(needles) as watch:
        ledger = Ledger(path)
        errors = [front.fails(OutcomeUnknownError, sending(ledger), port=port)]
        errors.append(front.fails(OutcomeUnknownError, sending(ledger), port=port))
        front.run(sending(ledger, key="second"), port=port)
        errors.append(front.fails(BadRequestError, sending(ledger, key="third"), port=port))
        errors.append(front.fails(InvalidArgumentError, sending(ledger, message="?"), port=port))
        shown = f"{ledger!r} {ledger.unknown()!r}" + "".join(
            f"{error!s} {error!r} {error.to_dict()}" for error in errors
        )
    assert [] == watch.found
    assert [path] == list(path.parent.iterdir())
    assert 0o600 == path.stat().st_mode & 0o777
    content = path.read_bytes().decode("latin-1") + shown
    assert [] == [needle for needle in needles if needle in content]


def test_a_disk_that_fails_after_an_accepted_text_is_a_warning(front: Front, path: Path) -> None:
    class Full(Disk):
        def step(self, name: str, path: Path) -> None:
            super().step(name, path)
            if self.operations > 4:  # all but the two of a new file, and the commits of opening and intent
                raise OSError(errno.ENOSPC, "full")

    disk = Full()
    with watching(["will be unknown"]) as watch:
        sent = front.run(sending(Ledger(path, disk=disk)), port=front.port([ACCEPTED]))
    assert "m1" == sent.message_id
    assert ["a log record of alive5"] == watch.found


def test_who_let_a_key_leave() -> None:
    me = owner()
    machine, number, start = me.split()
    assert not is_over(me)
    assert is_over(f"{machine} {number} {int(start) + 1}")
    assert is_over(f"{machine} 4194305 {start}")
    assert not is_over(f"elsewhere {number} {start}")
    assert not is_over("")


@pytest.mark.skipif(sys.platform == "win32", reason="a process is found by a signal on POSIX alone")
def test_who_let_a_key_leave_where_there_is_no_proc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alive5.sending.owner._PROC", tmp_path / "proc")
    me = owner()
    machine, number = me.split()
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait(60)
    assert (str(os.getpid()), False, True) == (number, is_over(me), is_over(f"{machine} {child.pid} "))


def test_two_clients_of_one_sandbox_share_a_ledger(front: Front, path: Path) -> None:
    sandbox = Sandbox(livechat=0, sms=0, fbm=0, strict_ids=False)
    for _ in range(2):
        front.inside(sandbox, sending(Ledger(path)))
    assert 1 == len(sandbox.deliveries)
