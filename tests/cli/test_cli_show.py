"""``alive5 conversations show``: Markdown, a document, and on a terminal both sides."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from support.cli import run_here
from support.render import export

from alive5 import open_export
from alive5.sandbox import Sandbox

AT = 1_767_625_140_000
SAID = [
    {"created_at": AT, "created_by": "Ana", "message_content": "Hi \x1b[2J\u202eevil\nsecond [bold]line"},
    {"created_at": AT + 60_000, "created_by": "Maria", "message_content": "word " * 60},
]
ROW = {"alive5_sessionID": "s1", "start_time": AT, "assigned_to": "Maria", "contacts_first_name": "Ana"}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    export(tmp_path, [("sms", {**ROW, "chat_conversation": SAID})], "jsonl")
    return tmp_path


def test_piped_it_is_markdown_without_anything_a_terminal_could_obey(out: Path) -> None:
    given = run_here("conversations", "show", "s1", "--export", str(out), "--tz", "Europe/Berlin")
    assert 0 == given.returncode, given.stderr
    truth = open_export(out).conversation("s1").transcript(tz="Europe/Berlin")
    assert truth.replace("\x1b", "\\x1b").replace("\u202e", "\\u202e") == given.stdout
    assert "> Hi \\x1b\\[2J\\u202eevil\\\n> second" in given.stdout


def test_on_a_terminal_the_sides_are_apart(out: Path) -> None:
    with patch("rich.console.Console.is_terminal", True):
        given = run_here("conversations", "show", "s1", "--export", str(out), TERM="dumb", COLUMNS="80")  # no colours
    assert 0 == given.returncode, given.stderr
    lines = [line.rstrip() for line in given.stdout.splitlines()]
    assert "Ana  customer, 2026-01-05 14:59" in lines
    assert "Hi \\x1b[2J\\u202eevil" in lines
    assert "second [bold]line" in lines
    assert f"{' ' * 26}Maria  agent, 2026-01-05 15:00" in lines
    words = [line for line in lines if "word" in line]
    assert len(words) > 4
    assert all(line.startswith(" " * 26 + "word") for line in words)
    assert max(map(len, lines)) <= 80


def test_as_a_document(out: Path) -> None:
    found = json.loads(run_here("--json", "conversations", "show", "s1", "--export", str(out)).stdout)["data"]
    assert ["customer", "agent"] == [message["side"] for message in found["messages"]]
    assert ("s1", "2026-01-05T14:59:00Z") == (found["session_id"], found["start_time"])


def test_an_id_that_is_not_there(out: Path) -> None:
    given = run_here("conversations", "show", "s2", "--export", str(out))
    assert (2, "") == (given.returncode, given.stdout)
    assert "session_id is of no conversation in this export" in given.stderr


SANDBOX = Sandbox()
TEXT, CHAT = (SANDBOX.conversations(kind)[-3] for kind in ("sms", "livechat"))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (TEXT, ["--edition", "current"]),
        (TEXT, ["--edition", "current", "--kind", "sms"]),
        (TEXT, ["--start", "2026-03", "--kind", "sms"]),
        (CHAT, ["--start", "2026-03"]),
        (CHAT, ["--edition", "current", "--start", "2026-03", "--kind", "livechat"]),
    ],
)
def test_of_the_service(row: dict[str, Any], words: list[str]) -> None:
    shown = run_here("--sandbox", "--json", "conversations", "show", row["alive5_sessionID"], *words)
    assert 0 == shown.returncode, shown.stderr
    found = json.loads(shown.stdout)["data"]
    assert row["alive5_sessionID"] == found["session_id"]
    assert len(row["chat_conversation"]) == len(found["messages"])
    assert "customer" in {message["side"] for message in found["messages"]}
    assert [message["message_content"] for message in found["messages"]] == [
        message["message_content"] for message in row["chat_conversation"]
    ]


def test_of_the_service_it_reads_as_of_an_export(tmp_path: Path) -> None:
    assert 0 == run_here("--sandbox", "export", str(tmp_path), "-q", "--start", "2026-03-20").returncode
    for row, kind in ((TEXT, "sms"), (CHAT, "livechat")):
        words = ["conversations", "show", row["alive5_sessionID"], "--tz", "Asia/Tokyo", "--format"]
        for form in ("markdown", "html"):
            exported = run_here(*words, form, "--export", str(tmp_path))
            served = run_here("--sandbox", *words, form, "--kind", kind, "--start", "2026-03-20")
            assert exported.stdout == served.stdout != ""


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([TEXT["alive5_sessionID"]], "in the current edition alone: say --edition current, or give the days"),
        (
            [CHAT["alive5_sessionID"], "--kind", "livechat"],
            "of a chat from a website cannot be asked for: give the days",
        ),
        (["none", "--edition", "current"], "is of no sms or fbm conversation of the service; of another one, give"),
        ([CHAT["alive5_sessionID"], "--edition", "current", "--kind", "fbm"], "is of no fbm conversation"),
        (["none", "--start", "2026-03-30", "--kind", "sms"], "is of no conversation that began in these days"),
        (["none", "--end", "2025-01", "--kind", "fbm"], "is of no conversation that began in these days"),
    ],
)
def test_of_the_service_there_is_none(words: list[str], why: str) -> None:
    given = run_here("--sandbox", "conversations", "show", *words)
    assert (2, "") == (given.returncode, given.stdout), given.stdout
    assert why in given.stderr


def test_into_a_file(out: Path, tmp_path: Path) -> None:
    found = open_export(out).conversation("s1")
    words = ["conversations", "show", "s1", "--export", str(out)]
    for name, more, truth in (
        ("a.html", [], found.html()),
        ("b.md", [], found.transcript()),
        ("c.txt", ["--format", "html"], found.html()),
        ("d.html", ["--format", "markdown"], found.transcript()),
    ):
        given = run_here(*words, "-o", str(tmp_path / name), *more)
        assert (0, "", f"{tmp_path / name}: 2 messages\n") == (given.returncode, given.stdout, given.stderr)
        assert truth == (tmp_path / name).read_text(encoding="utf-8")
        assert 0o600 == (tmp_path / name).stat().st_mode & 0o777
    assert {"path": str(tmp_path / "a.html")} == json.loads(
        run_here("--json", *words, "-o", str(tmp_path / "a.html")).stdout
    )["data"]


def test_of_several_with_one_id_the_kind_is_chosen(tmp_path: Path) -> None:
    rows = [(kind, {**ROW, "chat_conversation": SAID[:number]}) for number, kind in enumerate(("sms", "fbm"), start=1)]
    export(tmp_path, rows, "jsonl")
    given = run_here("--json", "conversations", "show", "s1", "--export", str(tmp_path), "--kind", "fbm")
    assert 2 == len(json.loads(given.stdout)["data"]["messages"])
