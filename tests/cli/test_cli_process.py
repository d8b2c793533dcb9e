"""The command as a real process: exit codes, the key, pipes, a missing extra."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.cli import HARD, KEY, Answer, Fake, command, envelope, environment, run, started, write_key

from alive5 import __version__

SEND = [
    "sms", "send", "--from", "+12025550100", "--to", "+12025550123", "--message", "Hello",
    "--channel-id", "c-1", "--user-id", "u-1",
]  # fmt: skip


def good(path: str) -> Answer:
    return 200, envelope({"org_name": "Example Ltd", "api_key": KEY} if path == "/account" else [])


def test_version_needs_nothing() -> None:
    code = (
        "import sys; sys.argv = ['alive5', '--version']; from alive5.__main__ import main; code = main();"
        "print(code, sorted(set(sys.modules) & {'httpx', 'httpcore', 'anyio', 'attrs', 'rich', 'typer', 'click'}))"
    )
    given = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=HARD, check=True)
    assert f"alive5 {__version__}\n0 []\n" == given.stdout
    assert f"alive5 {__version__}\n" == run("--version").stdout


def test_the_script_is_the_module() -> None:
    script = Path(sys.executable).with_name("alive5")
    given = subprocess.run([script, "--version"], capture_output=True, text=True, timeout=HARD, check=True)
    assert f"alive5 {__version__}\n" == given.stdout


@pytest.mark.parametrize("missing", ["typer", "rich"])
def test_without_the_extra_one_line_says_how_to_get_it(missing: str) -> None:
    code = (
        f"import sys; sys.modules[{missing!r}] = None; sys.argv = ['alive5', 'tags', 'list'];"
        "from alive5.__main__ import main; sys.exit(main())"
    )
    given = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=HARD, check=False)
    assert 2 == given.returncode
    assert 'the command line needs an extra: python -m pip install "alive5[cli]"\n' == given.stderr


def test_a_send_nobody_can_confirm_does_not_leave() -> None:
    fake = Fake(good)
    with fake.serving() as env:
        given = run(*SEND, stdin="y\n", **env)
    assert (2, []) == (given.returncode, fake.seen)
    assert "--yes" in given.stderr


@pytest.mark.parametrize("where", ["environment", "file", "stdin"])
def test_the_key_comes_from_the_environment_a_file_or_stdin(where: str, tmp_path: Path) -> None:
    fake = Fake(good)
    with fake.serving() as env:
        if where != "environment":
            del env["ALIVE5_API_KEY"]
        file = {"environment": None, "file": write_key(tmp_path), "stdin": "-"}[where]
        more = [] if file is None else ["--api-key-file", file]
        given = run("account", "--json", *more, stdin=f"{KEY}\n", **env)
    assert 0 == given.returncode, given.stderr
    assert "***" == json.loads(given.stdout)["data"]["api_key"]
    assert KEY not in given.stdout + given.stderr


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs /proc")
def test_the_key_is_not_in_the_process_list(tmp_path: Path) -> None:
    fake = Fake(good, hold="/account")
    with fake.serving() as env:
        env.pop("ALIVE5_API_KEY")
        with started("account", "--api-key-file", write_key(tmp_path), **env) as process:
            assert fake.arrived.wait(HARD)
            shown = (
                Path(f"/proc/{process.pid}/cmdline").read_bytes() + Path(f"/proc/{process.pid}/environ").read_bytes()
            )
            fake.release.set()
            assert 0 == process.wait(HARD)
    assert KEY.encode() not in shown


@pytest.mark.parametrize("json_too", [[], ["--json"]])
def test_a_closed_pipe_is_quiet(json_too: list[str]) -> None:
    line = [*command("--sandbox", "conversations", "livechat", *json_too)]
    reader = [sys.executable, "-c", "import sys; sys.stdin.readline(); sys.stdin.close()"]
    with subprocess.Popen(line, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stderr is not None
        subprocess.run(reader, stdin=writer.stdout, timeout=HARD, check=True)
        writer.stdout.close()
        diagnostics = writer.stderr.read().decode()
        code = writer.wait(HARD)
    assert (1, 1) == (code, len(diagnostics.splitlines()))
    assert "SANDBOX" in diagnostics


def test_an_accepted_write_is_done_even_if_nobody_reads_the_answer() -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    fake = Fake(good)
    with fake.serving() as env:
        given = subprocess.run(
            command(*SEND, "--yes", "--json"),
            env=environment(**env),
            stdin=subprocess.DEVNULL,
            stdout=write_end,
            stderr=subprocess.PIPE,
            text=True,
            timeout=HARD,
            check=False,
        )
    os.close(write_end)
    assert (0, "") == (given.returncode, given.stderr)
    assert 1 == len(fake.seen)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_is_no_reason_to_send_again() -> None:
    with Fake(good).serving() as env, open("/dev/full", "w") as full:
        codes = {}
        for name, arguments in {"write": [*SEND, "--yes"], "read": ["account"]}.items():
            given = subprocess.run(
                command(*arguments, "--json"),
                env=environment(**env),
                stdin=subprocess.DEVNULL,
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                timeout=HARD,
                check=False,
            )
            codes[name] = given.returncode
            assert "Traceback" not in given.stderr
    assert {"write": 0, "read": 1} == codes


def test_a_poor_encoding_loses_nothing() -> None:
    for more in ([], ["--json"]):
        arguments = ["--sandbox", "conversations", "livechat", "--max-items", "40", *more]
        given = run(*arguments, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
        assert 0 == given.returncode, given.stderr
        assert given.stdout.isascii()
