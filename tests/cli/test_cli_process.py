"""The command as a real process: exit codes, the key, pipes, a missing extra."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli_process import HARD, KEY, Answer, Fake, command, envelope, environment, run, started, write_key

from alive5 import __version__

SEND = [
    "sms", "send", "--from", "+12025550100", "--to", "+12025550123", "--message", "Hello",
    "--channel-id", "c-1", "--user-id", "u-1",
]  # fmt: skip
ESCAPES = "\x1b]0;owned\x07 \x9b2J \u202e gnp.exe \r done"


def good(path: str) -> Answer:
    return 200, envelope({"org_name": "Example Ltd", "api_key": KEY} if path == "/account" else [])


def refusing(status: int, code: int, text: str) -> Fake:
    return Fake(lambda _: (status, json.dumps({"code": code, "data": None, "error": text}).encode()))


def last(result: subprocess.CompletedProcess[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(result.stderr.splitlines()[-1])
    return found


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


@pytest.mark.parametrize(
    ("fake", "code"),
    [
        (Fake(good), 0),
        (refusing(400, 400, "Bad window"), 1),
        (refusing(200, 400, "Invalid token"), 5),
        (refusing(401, 401, "Authorization token not found"), 5),
        (refusing(403, 403, "No"), 1),
        (Fake(lambda _: (404, b"<html>")), 1),
    ],
    ids=["good", "refused", "wrong key", "no key", "forbidden", "html"],
)
def test_exit_codes_of_a_read(fake: Fake, code: int) -> None:
    with fake.serving() as env:
        people, programs = run("tags", "list", **env), run("tags", "list", "--json", **env)
    assert (code, code) == (people.returncode, programs.returncode)
    assert "Traceback" not in people.stderr + programs.stderr
    if code:
        assert people.stderr.startswith("error: tags.list: ")
        assert 1 == len(programs.stderr.splitlines())
        assert (1, code, "tags.list") == tuple(last(programs)[name] for name in ("schema", "exit_code", "operation"))
    else:
        assert [] == json.loads(programs.stdout)["data"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nothing"], 2),
        (["tags", "list", "--nothing"], 2),
        (["tags", "create", "--name", "x"], 2),
        (["tags", "list", "--api-key", KEY], 2),
        (["conversations", "sms", "--start", "soon"], 2),
        (["tags", "list", "--timeout", "0"], 2),
        (["tags", "list", "--base-url", "http://api.example.com"], 2),
        (["tags", "list", "--api-key-file", "/nowhere/key"], 2),
    ],
)
def test_usage_and_configuration(arguments: list[str], code: int) -> None:
    for more in ([], ["--json"]):
        given = run(*arguments, *more, ALIVE5_API_KEY=KEY)
        assert code == given.returncode
        assert "" == given.stdout
        assert 1 == len(given.stderr.splitlines())
        assert KEY not in given.stderr
    assert code == last(given)["exit_code"]


def test_without_a_key() -> None:
    given = run("tags", "list")
    assert (2, "") == (given.returncode, given.stdout)
    assert "ALIVE5_API_KEY" in given.stderr


def test_an_unknown_outcome_is_6() -> None:
    fake = Fake(lambda path: None if path.endswith("/send") else good(path))
    with fake.serving() as env:
        given = run(*SEND, "--yes", "--json", **env)
    assert 6 == given.returncode
    assert ("OutcomeUnknownError", False) == (last(given)["error"], last(given)["safe_to_repeat"])
    assert 1 == len(fake.seen)


def test_a_rejected_write_is_1() -> None:
    with refusing(400, 400, "Unknown channel").serving() as env:
        assert 1 == run(*SEND, "--yes", **env).returncode


def test_a_send_nobody_can_confirm_does_not_leave() -> None:
    fake = Fake(good)
    with fake.serving() as env:
        given = run(*SEND, stdin="y\n", **env)
    assert (2, []) == (given.returncode, fake.seen)
    assert "--yes" in given.stderr


def test_an_incomplete_listing_is_4_after_all_its_rows() -> None:
    day = 86_400_000
    rows = [{"alive5_sessionID": f"s-{n}", "start_time": 1_700_000_000_000 + n * day} for n in range(60)]
    with Fake(lambda _: (200, envelope(rows))).serving() as env:
        window = ["--start", "2023-11-20", "--end", "2023-11-22"]
        given = run("conversations", "sms", *window, "--json", **env)
        strict = run("conversations", "sms", *window, "--json", "--strict", **env)
        warned = run("conversations", "sms", *window, **{**env, "PYTHONWARNINGS": "error"})
    assert 4 == given.returncode
    assert 3 == len(given.stdout.splitlines())
    warning, document = given.stderr.splitlines()
    assert warning.startswith("warning: conversations.sms 2023-11-20..2023-11-22: the server ignored the dates")
    assert (4, False) == (json.loads(document)["exit_code"], json.loads(document)["report"]["complete"])
    assert (4, "") == (strict.returncode, strict.stdout)
    assert 4 == warned.returncode
    assert "3 conversations" in warned.stdout


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


@pytest.mark.parametrize("content", [b"", b" \n", b"two words", b"\xff\xfe\x00", "schl\u00fcssel".encode()])
def test_a_file_without_a_key_is_refused_without_being_shown(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(content)
    given = run("account", "--api-key-file", str(tmp_path / "key"), ALIVE5_API_KEY=KEY)
    assert 2 == given.returncode
    assert "two words" not in given.stderr
    assert KEY not in given.stderr


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
        for name, arguments in {"write": [*SEND, "--yes"], "read": ["tags", "list"]}.items():
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


def test_a_server_cannot_write_on_the_terminal() -> None:
    rows = [
        {
            "alive5_sessionID": f"s\x1b[2J-{n}",
            "start_time": 1_767_225_600_000 + n,
            "contacts_first_name": f"{ESCAPES} [bold red]Eve[/]",
            "contacts_email": f"e{ESCAPES}@example.com",
            "channel_name": ESCAPES,
            "assigned_to": ESCAPES,
            "chat_conversation": [{"message_content": ESCAPES}],
        }
        for n in range(5)
    ]
    tags = [{"tag_id": ESCAPES, "tag_label": ESCAPES}]
    lists = {"/objects/tags/list": tags}
    with Fake(lambda path: (200, envelope(lists.get(path, rows)))).serving() as env:
        for arguments in (["conversations", "sms"], ["conversations", "sms", "--json"], ["tags", "list"]):
            for width in ("80", "200"):
                given = run(*arguments, **{**env, "COLUMNS": width})
                assert 0 == given.returncode
                assert_harmless(given.stdout + given.stderr)
    assert "[bold" in run_table(rows)
    with refusing(400, 400, ESCAPES).serving() as env:
        for more in ([], ["--json"]):
            assert_harmless(run("tags", "list", *more, **env).stderr)
    assert_harmless(run("tags", "list", f"--{ESCAPES}").stderr)
    assert_harmless(run("tags", "list", "--tz", ESCAPES, "--sandbox").stderr)


def run_table(rows: list[dict[str, object]]) -> str:
    with Fake(lambda _: (200, envelope(rows))).serving() as env:
        return run("conversations", "sms", **{**env, "COLUMNS": "250"}).stdout


def assert_harmless(text: str) -> None:
    text = text.replace("\n", "")
    assert [] == sorted({c for c in text if ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u202e\u2066\u200f"})
