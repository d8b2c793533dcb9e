"""``alive5 search``: who, when and a snippet, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.cli import run_here
from support.render import export

from alive5 import open_export

AT = 1_767_625_140_000  # 2026-01-05T14:59:00Z
SAID = [
    {"created_at": AT, "created_by": "Ana", "message_content": "I want a refund \x1b[2J\u202eevil\nnow [bold]"},
    {"created_at": AT + 60_000, "created_by": "Maria\x07", "message_content": "REFUNDED"},
    {"created_at": "soon", "created_by": None, "message_content": "refund?"},
]
ROW = {"alive5_sessionID": "s1", "start_time": AT, "assigned_to": "Maria\x07", "contacts_first_name": "Ana"}
SHOWN = """\
2026-01-05 10:00  Maria\\x07 (agent)  sms s1
    [REFUND]ED
2026-01-05 09:59  Ana (customer)  sms s1
    I want a [refund] \\x1b[2J\\u202eevil now [bold]
no time  - (unknown)  sms s1
    [refund]?
"""


@pytest.fixture
def out(tmp_path: Path) -> Path:
    export(tmp_path, [("sms", {**ROW, "chat_conversation": SAID})], "jsonl")
    return tmp_path


def test_for_people(out: Path) -> None:
    given = run_here("search", str(out), "refund", "--tz", "America/New_York")
    assert (0, SHOWN, "3 messages\n") == (given.returncode, given.stdout, given.stderr)
    assert "2026-01-05 15:00" in run_here("search", str(out), "refund").stdout


def test_in_colours_the_hit_needs_no_brackets(out: Path) -> None:
    given = run_here("search", str(out), "refund", TERM="xterm-256color", FORCE_COLOR="1")
    assert "\x1b[1;7mREFUND\x1b[0mED" in given.stdout
    assert "\x1b[2J" not in given.stdout


def test_for_programs(out: Path) -> None:
    given = run_here("--json", "search", str(out), "refund", "--limit", "2")
    assert (0, "") == (given.returncode, given.stderr)
    truth = [hit.to_dict() for hit in open_export(out).search("refund", limit=2)]
    assert truth == [json.loads(line) for line in given.stdout.splitlines()]
    assert given.stdout.isascii()


def test_a_limit_says_that_there_is_more(out: Path) -> None:
    given = run_here("search", str(out), "refund", "--limit", "2")
    assert (4, "2 messages; there are more: --limit 20\n") == (given.stdout.count("\n"), given.stderr)


def test_nothing_found(out: Path) -> None:
    given = run_here("search", str(out), "--", "--refund")
    assert (0, "", "0 messages\n") == (given.returncode, given.stdout, given.stderr)


@pytest.mark.parametrize(("words", "why"), [([""], "text must be a text"), (["x", "--limit", "0"], "--limit")])
def test_what_is_refused(out: Path, words: list[str], why: str) -> None:
    given = run_here("search", str(out), *words)
    assert (2, "") == (given.returncode, given.stdout)
    assert why in given.stderr


def test_a_directory_without_an_export(tmp_path: Path) -> None:
    assert 3 == run_here("search", str(tmp_path), "x").returncode
