"""What the service answers, as exit codes, errors and harmless text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.cli import KEY, Answer, Fake, Ran, envelope, run_here

SEND = [
    "sms", "send", "--from", "+12025550100", "--to", "+12025550123", "--message", "Hello",
    "--channel-id", "c-1", "--user-id", "u-1",
]  # fmt: skip
ESCAPES = "\x1b]0;owned\x07 \x9b2J \u202e gnp.exe \r done"


def good(path: str) -> Answer:
    return 200, envelope([])


def refusing(status: int, code: int, text: str) -> Fake:
    return Fake(lambda _: (status, json.dumps({"code": code, "data": None, "error": text}).encode()))


def last(result: Ran) -> dict[str, object]:
    found: dict[str, object] = json.loads(result.stderr.splitlines()[-1])
    return found


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
        people, programs = run_here("tags", "list", **env), run_here("tags", "list", "--json", **env)
    assert (code, code) == (people.returncode, programs.returncode)
    assert "Traceback" not in people.stderr + programs.stderr
    if code:
        assert people.stderr.startswith("error: tags.list: ")
        assert 1 == len(programs.stderr.splitlines())
        assert (1, code, "tags.list") == tuple(last(programs)[name] for name in ("schema", "exit_code", "operation"))
    else:
        assert "" == programs.stdout


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
        given = run_here(*arguments, *more, ALIVE5_API_KEY=KEY)
        assert code == given.returncode
        assert "" == given.stdout
        assert 1 == len(given.stderr.splitlines())
        assert KEY not in given.stderr
    assert code == last(given)["exit_code"]


def test_without_a_key() -> None:
    given = run_here("tags", "list")
    assert (2, "") == (given.returncode, given.stdout)
    assert "ALIVE5_API_KEY" in given.stderr


def test_an_unknown_outcome_is_6() -> None:
    fake = Fake(lambda path: None if path.endswith("/send") else good(path))
    with fake.serving() as env:
        given = run_here(*SEND, "--yes", "--json", **env)
    assert 6 == given.returncode
    assert ("OutcomeUnknownError", False) == (last(given)["error"], last(given)["safe_to_repeat"])
    assert 1 == len(fake.seen)


def test_a_rejected_write_is_1() -> None:
    with refusing(400, 400, "Unknown channel").serving() as env:
        assert 1 == run_here(*SEND, "--yes", **env).returncode


def test_an_incomplete_listing_is_4_after_all_its_rows() -> None:
    day = 86_400_000
    rows = [{"alive5_sessionID": f"s-{n}", "start_time": 1_700_000_000_000 + n * day} for n in range(60)]
    with Fake(lambda _: (200, envelope(rows))).serving() as env:
        window = ["--start", "2023-11-20", "--end", "2023-11-22"]
        given = run_here("conversations", "sms", *window, "--json", **env)
        strict = run_here("conversations", "sms", *window, "--json", "--strict", **env)
        warned = run_here("conversations", "sms", *window, **{**env, "PYTHONWARNINGS": "error"})
    assert 4 == given.returncode
    assert 3 == len(given.stdout.splitlines())
    warning, document = given.stderr.splitlines()
    assert warning.startswith("warning: conversations.sms 2023-11-20..2023-11-22: the server ignored the dates")
    assert (4, False) == (json.loads(document)["exit_code"], json.loads(document)["report"]["complete"])
    assert (4, "") == (strict.returncode, strict.stdout)
    assert 4 == warned.returncode
    assert "3 conversations" in warned.stdout


@pytest.mark.parametrize("content", [b"", b" \n", b"two words", b"\xff\xfe\x00", "schl\u00fcssel".encode()])
def test_a_file_without_a_key_is_refused_without_being_shown(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(content)
    given = run_here("account", "--api-key-file", str(tmp_path / "key"), ALIVE5_API_KEY=KEY)
    assert 2 == given.returncode
    assert "two words" not in given.stderr
    assert KEY not in given.stderr


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
                given = run_here(*arguments, **{**env, "COLUMNS": width})
                assert 0 == given.returncode
                assert_harmless(given.stdout + given.stderr)
    assert "[bold" in run_table(rows)
    with refusing(400, 400, ESCAPES).serving() as env:
        for more in ([], ["--json"]):
            assert_harmless(run_here("tags", "list", *more, **env).stderr)
    assert_harmless(run_here("tags", "list", f"--{ESCAPES}").stderr)
    assert_harmless(run_here("tags", "list", "--tz", ESCAPES, "--sandbox").stderr)


def run_table(rows: list[dict[str, object]]) -> str:
    with Fake(lambda _: (200, envelope(rows))).serving() as env:
        return run_here("conversations", "sms", **{**env, "COLUMNS": "500"}).stdout


def assert_harmless(text: str) -> None:
    text = text.replace("\n", "")
    assert [] == sorted({c for c in text if ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u202e\u2066\u200f"})
