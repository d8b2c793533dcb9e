"""``alive5 export`` as a process: interrupted, resumed, two at once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.cli import HARD, KEY, QUARTER, Held, all_bytes, digests, ended, manifest, run, run_here, served, started

from alive5.sandbox import Sandbox

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
MIDDLE = 14


def small() -> Sandbox:
    return Sandbox(livechat=600, sms=120, fbm=90)


def test_the_sandbox_is_exported_and_run_again(tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = run("--sandbox", "export", str(out), *QUARTER)
    before = digests(out)
    again = run_here("--sandbox", "export", str(out), *QUARTER)

    assert (0, 0) == (first.returncode, again.returncode), first.stderr + again.stderr
    assert True is manifest(out)["sandbox"]
    assert before == digests(out)
    assert before
    assert "16 proven (A)" in first.stdout
    assert ["SANDBOX: made-up data, nothing leaves this machine"] == first.stderr.splitlines()


def interrupted(out: Path, held: Held, number: int, env: dict[str, str]) -> tuple[int, list[str]]:
    with started("export", str(out), *QUARTER, **env) as process:
        assert held.arrived.wait(HARD)
        code, _, err = ended(process, number)
    held.release.set()
    assert not (out / "MANIFEST.json").exists()
    return code, err.splitlines()


@posix
def test_an_interrupted_export_goes_on_to_the_same_files(tmp_path: Path) -> None:
    out, whole = tmp_path / "out", tmp_path / "whole"
    sandbox = small()
    held = Held(sandbox, MIDDLE)
    with served(sandbox) as env:
        code, said = interrupted(out, held, signal.SIGINT, env)
        assert (130, "interrupted") == (code, said[-1])
        assert f"stopping: what was fetched is kept in {out}, the same command resumes there" == said[-2]
        resumed = run("export", str(out), *QUARTER, "--quiet", **env)
        assert (0, "", "") == (resumed.returncode, resumed.stdout, resumed.stderr)
        assert 0 == run_here("export", str(whole), *QUARTER, **env).returncode
    assert digests(whole) == digests(out)
    assert False is manifest(out)["sandbox"]


@posix
def test_a_terminated_export_says_so(tmp_path: Path) -> None:
    sandbox = small()
    held = Held(sandbox, MIDDLE)
    with served(sandbox) as env:
        code, said = interrupted(tmp_path / "out", held, signal.SIGTERM, env)
    assert (143, "terminated") == (code, said[-1])


@posix
def test_a_second_interrupt_ends_it_as_it_stands(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys, time\n"
        "import anyio\n"
        "from alive5.cli import _session, _stoppable, _watch\n"
        "async def main():\n"
        "    try:\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "        await anyio.sleep_forever()\n"
        "    finally:\n"
        "        session.watch._raised = -2.0\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "        time.sleep(30)\n"
        "session = _session.Session(_session.Globals())\n"
        "_watch.follow(session.watch)\n"
        "_watch.raise_interrupts()\n"
        "_stoppable.run_stoppable(session, main)\n"
    )
    script = tmp_path / "stuck.py"
    script.write_text(code)
    given = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=HARD, check=False)
    assert (130, "") == (given.returncode, given.stderr)


def test_two_exporters_at_once(tmp_path: Path) -> None:
    out = tmp_path / "out"
    sandbox = small()
    held = Held(sandbox, MIDDLE)
    with served(sandbox) as env, started("export", str(out), *QUARTER, **env) as first:
        assert held.arrived.wait(HARD)
        second = run("export", str(out), *QUARTER, "--json", **env)
        held.release.set()
        first.communicate(timeout=HARD)
    assert (7, "") == (second.returncode, second.stdout)
    assert ("DirectoryInUseError", 7) == tuple(json.loads(second.stderr)[name] for name in ("error", "exit_code"))
    assert f"process {first.pid}" in second.stderr
    assert 0 == first.returncode
    assert digests(out)


def test_the_key_is_nowhere(tmp_path: Path) -> None:
    out = tmp_path / "out"
    sandbox = small()
    with served(sandbox) as env:
        shown: list[Any] = [
            run_here("export", str(out), *QUARTER, "--dry-run", **env),
            run("export", str(out), *QUARTER, "--format", "csv", "--format", "sqlite", **env),
            run_here("export", str(out), *QUARTER, "--json", **env),
            run_here("verify", str(out), "--sample", "3", **env),
        ]
    assert [0, 0, 0, 0] == [one.returncode for one in shown], [one.stderr for one in shown]
    assert KEY not in "".join(one.stdout + one.stderr for one in shown)
    assert KEY.encode() not in all_bytes(out)
    assert sandbox.requests
