"""P2: killed at any moment, or with a disk that fails at any operation, forgetting leaves all or nothing."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from support.counts import count, measured, seed
from support.exporting import export
from support.forgetting import FORMS, NOW, PERIOD, left, names_in, night, traces, world
from support.people import Planted

from alive5 import ExportError, open_export
from alive5._sansio.person import Person
from alive5.export.disk.files import Disk
from alive5.export.forget import Forgetting
from alive5.export.opening import opened
from alive5.export.verify import verify
from alive5.sandbox import Sandbox

ANA = Planted.numbered(1)
FEW = {"livechat": 8, "sms": 8, "fbm": 4}


def forgetting(out: Path, disk: Disk) -> Forgetting:
    return Forgetting(Person(ANA.phone, ANA.email), out, disk)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Sandbox]:
    """Return an export in three formats, and the world it is of."""
    out = tmp_path_factory.mktemp("forget") / "out"
    sandbox = world(random.Random(seed()), [ANA, Planted.numbered(2)], **FEW)
    export(sandbox, out, clock=lambda: NOW, **PERIOD, **FORMS["several"])
    return out, sandbox


def operations(made: Path, out: Path) -> int:
    """
    Return how many operations of the disk it takes.
    """
    shutil.copytree(made, out)
    disk = Disk()
    forgetting(out, disk).run()
    return disk.operations


def check_restart(out: Path, before: dict[str, bytes], had: set[str], *, how: str) -> str:
    """
    See that readers have all or nothing, and that whoever opens next finishes it or finds all as it was.
    """
    reader = open_export(out)
    reader.check()
    shown = [row for row in reader.conversations() if row["session_id"] not in before_ids(before)]
    assert len(shown) in (0, 12), how
    output, finished = opened(out, Disk())
    output.leave()
    assert before == left(out, ANA), how
    assert verify(out).ok, how
    if not traces(out, ANA):
        assert 12 == open_export(out).manifest.forgotten, how
        return "finished" if finished else "done"
    assert (had, False) == (names_in(out), finished), how
    assert 12 == forgetting(out, Disk()).run().conversations, how
    assert [] == traces(out, ANA), how
    return "nothing"


def before_ids(lines: dict[str, bytes]) -> set[str]:
    return {name.partition(" ")[2] for name in lines}


class Failing(Disk):
    """A disk whose n-th operation, and all later ones, fail."""

    def __init__(self, number: int, code: int) -> None:
        super().__init__(self.fail)
        self.number, self.code = number, code

    def fail(self, number: int, name: str, path: Path) -> None:
        if number >= self.number:
            raise OSError(self.code, "a failure of the test", str(path))


@pytest.mark.promise("P2")
@pytest.mark.timeout(1800)
def test_whichever_operation_of_the_disk_fails_it_is_finished_later(made: tuple[Path, Sandbox], tmp_path: Path) -> None:
    whole, had, before = made[0], names_in(made[0]), left(made[0], ANA)
    most, ends = operations(whole, tmp_path / "whole"), set[str]()
    for number in range(1, most + 1, max(1, most // count(ci=6, full=most))):
        out = tmp_path / str(number)
        shutil.copytree(whole, out)
        with pytest.raises(ExportError, match=r"no space is left|input/output error"):
            forgetting(out, Failing(number, (errno.ENOSPC, errno.EIO)[number % 2])).run()
        ends.add(check_restart(out, before, had, how=f"operation {number} of {most}"))
    assert {"nothing", "finished"} <= ends


def killed(work: Callable[[], object], after: float) -> None:
    """
    Let a child do something, and kill it after some seconds.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads that are idle here and not needed there
        child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(0)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a child that is killed is a fork")
@pytest.mark.promise("P2")
@pytest.mark.timeout(1800)
def test_a_kill_leaves_all_or_nothing(made: tuple[Path, Sandbox], tmp_path: Path) -> None:
    rng, ends = random.Random(seed()), dict.fromkeys(("nothing", "finished", "done"), 0)
    whole, had, before = made[0], names_in(made[0]), left(made[0], ANA)
    began = time.monotonic()
    most = operations(whole, tmp_path / "whole")
    usual = time.monotonic() - began
    for number in range(count(ci=4, full=100)):
        out, at = tmp_path / str(number), rng.randrange(1, most + 1)
        shutil.copytree(whole, out)
        if number % 2:
            kill_at = Disk(lambda done, *_, at=at: done == at and os.kill(os.getpid(), signal.SIGKILL))
            killed(forgetting(out, kill_at).run, usual)
        else:
            killed(forgetting(out, Disk()).run, rng.random() * usual)
        ends[check_restart(out, before, had, how=f"kill {number}: at {at} of {most}")] += 1
    measured(**{f"ended_{name}": number for name, number in ends.items()})


def fail_at_the_receipt(number: int, name: str, path: Path) -> None:
    if path.name.startswith("receipt-"):
        raise OSError(errno.EIO, "a failure of the test", str(path))


def test_a_run_finishes_what_was_cut_off_and_says_so(made: tuple[Path, Sandbox], tmp_path: Path) -> None:
    shutil.copytree(made[0], out := tmp_path / "out")
    with pytest.raises(ExportError):
        forgetting(out, Disk(fail_at_the_receipt)).run()
    said = "forgetting a person had been cut off in this directory, and was finished"
    assert said in night(made[1], out, 1).anomalies
    assert [] == traces(out, ANA)
    assert said not in night(made[1], out, 2).anomalies
    with pytest.raises(ExportError):
        forgetting(out, Disk(fail_at_the_receipt)).run()
    assert forgetting(out, Disk()).run().resumed
    assert ["receipt-0001.json", "receipt-0002.json", "receipt-0003.json"] == sorted(
        path.name for path in (out / "forgotten").glob("receipt-*")
    )
