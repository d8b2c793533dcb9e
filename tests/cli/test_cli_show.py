"""``alive5 conversations show``: Markdown, a document, and on a terminal both sides."""

from __future__ import annotations

import json
from pathlib import Path
from unittest.mock import patch

import pytest
from support.cli import run_here
from support.render import export

from alive5 import open_export

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
