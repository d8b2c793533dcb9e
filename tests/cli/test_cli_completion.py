"""What a shell offers: values of options, and ids of the last listing."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from support.cli import HARD, command, environment

from alive5.cli._bash import join
from alive5.cli._command import command_tree
from alive5.cli._ids import VARIABLE, remember
from alive5.cli.app import app, invoke
from alive5.sandbox.spelled import read_fault, read_quirk, spell_faults, spell_quirks

# What is typed up to the cursor, and some of what has to be offered.
OFFERED = [
    ("export out --format ", ["jsonl", "csv", "sqlite", "parquet", "duckdb", "xlsx"]),
    ("export out --format p", ["parquet"]),
    ("export out --format jsonl,p", ["jsonl,parquet"]),
    ("export out --format=p", ["parquet"]),
    ("export out --kinds ", ["livechat", "sms", "fbm"]),
    ("export out --kinds sms,", ["sms,livechat", "sms,fbm"]),
    ("export out --require ", ["A", "B"]),
    ("export out --by ", ["started", "active"]),
    ("export out --sweep ", ["all", "none"]),
    ("export out --pseudonymise names,ph", ["names,phones"]),
    ("--edition ", ["documented", "current"]),
    ("tags list --edition c", ["current"]),
    ("export out --tz America/New_Y", ["America/New_York"]),
    ("sms send-many --zone Europe/Lo", ["Europe/London"]),
    ("sms unknown a.ledger --as ", ["sent", "not_sent"]),
    ("metrics out --format ", ["csv", "parquet"]),
    ("schema export --format ", ["arrow", "sql", "json"]),
    ("conversations show x --kind ", ["livechat", "sms", "fbm"]),
    ("conversations show x --format ", ["markdown", "html"]),
    ("sandbox --quirk end_", ["end_date=day", "end_date=boundary"]),
    ("sandbox --quirk divided=true,end_date=b", ["divided=true,end_date=boundary"]),
    ("sandbox --fault sms.s", ["sms.send=reset_after"]),
    ("sandbox --fault any=reset_", ["any=reset_after"]),
    ("sandbox --fault conversations.", ["conversations.livechat=", "conversations.sms="]),
    ("--sandbox sms send --channel-id ", ["channel-one", "channel-two"]),
    ("--sandbox sms send --user-id ", ["agent-one"]),
    ("--sandbox sms send-from --line channel-t", ["channel-two"]),
    ("--sandbox sms send-from --agent ", ["agent-one"]),
    ("--sandbox agents create --channels channel-one,", ["channel-one,channel-one", "channel-one,channel-two"]),
    ("--sandbox faq create-category --channel ", ["channel-one"]),
    ("--sandbox webhooks sms delete --id ", ["hook-1"]),
    ("--sandbox conversations show 4", ["4bd3ea50-fa71"]),
    ("conversations --sandbox show 4", ["4bd3ea50-fa71"]),
]
SHELLS = ("bash", "zsh", "fish")


@pytest.fixture(scope="module")
def caches(tmp_path_factory: pytest.TempPathFactory) -> str:
    home = str(tmp_path_factory.mktemp("caches"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("sys.stdout.isatty", lambda: True)
        remember(
            {"XDG_CACHE_HOME": home},
            {
                "channels": [("channel-one", "Support"), ("channel-two", None)],
                "agents": [("agent-one", "Maria")],
                "conversations": [("4bd3ea50-fa71", None)],
                "webhooks": [("hook-1", None)],
            },
            sandbox=True,
        )
    return home


def offered(shell: str, typed: str, home: str) -> list[str]:
    """
    Return what the command answers a shell, as the shell's own script asks it.
    """
    words = ["alive5", *typed.split(" ")]
    asked = {
        "bash": {"COMP_WORDS": "\n".join(words), "COMP_CWORD": str(len(words) - 1)},
        "zsh": {"_TYPER_COMPLETE_ARGS": " ".join(words)},
        "fish": {"_TYPER_COMPLETE_ARGS": " ".join(words), "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
    }
    given = {"_ALIVE5_COMPLETE": f"complete_{shell}", "XDG_CACHE_HOME": home, VARIABLE: "1", **asked[shell]}
    return answered(given).splitlines()


def answered(given: dict[str, str]) -> str:
    shown = io.StringIO()
    with patch.dict(os.environ, environment(**given), clear=True), redirect_stdout(shown), pytest.raises(SystemExit):
        invoke(app, [])
    return shown.getvalue()


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(("typed", "values"), OFFERED)
def test_values_are_offered(shell: str, typed: str, values: list[str], caches: str) -> None:
    lines = offered(shell, typed, caches)
    plain = [line.partition("\t")[0] for line in lines] if shell != "zsh" else lines
    for value in values:
        assert (value in plain) if shell != "zsh" else any(f'"{value}"' in line for line in lines), plain


def test_names_stand_beside_ids_where_a_shell_shows_them(caches: str) -> None:
    assert ["channel-one\tSupport", "channel-two"] == offered("fish", "--sandbox sms send --channel-id ", caches)


def test_ids_of_the_sandbox_are_not_those_of_the_service(caches: str) -> None:
    for typed in ("sms send --channel-id ", "--sandbox sms --no-sandbox send --channel-id "):
        assert [""] == offered("bash", typed, caches)


# Whoever types one of these has to know it, or it is of a person.
UNKNOWN = {"crm_id", "widget_id"}
CLOSED = ("ID", "ZONE", "GRADE", "KINDS", "FORMATS", "SORTS", "LINE", "AGENT", "OUTCOME", "NAME=VALUE")


def parameters(group: Any) -> list[Any]:
    below = [one for child in getattr(group, "commands", {}).values() for one in parameters(child)]
    return [*group.params, *below]


def test_whatever_has_known_values_is_completed() -> None:
    found = [one for one in parameters(command_tree(app)) if one.metavar in CLOSED and one.name not in UNKNOWN]
    assert len(found) > 60
    assert {one.name for one in found if one._custom_shell_complete is None} == set()


def test_what_is_offered_can_be_read() -> None:
    for text in spell_quirks():
        if not text.endswith("="):
            read_quirk(text)
    for place in ("sms.send", "any"):
        assert {place} == {read_fault(text).on or "any" for text in spell_faults(place)}


@pytest.mark.parametrize(
    ("pieces", "at", "words", "kept"),
    [
        (["alive5", "export", "--format", "=", "js"], 4, ["alive5", "export", "--format=js"], ""),
        (["alive5", "export", "--format", "="], 3, ["alive5", "export", "--format="], ""),
        (["alive5", "--quirk", "end_date", "=", "b"], 4, ["alive5", "--quirk", "end_date=b"], "end_date="),
        (["alive5", "sandbox", "--quirk", "=", "a", "=", "b"], 6, ["alive5", "sandbox", "--quirk=a=b"], "a="),
        (["alive5", "--fault", "a", "=", "b", ":", ""], 6, ["alive5", "--fault", "a=b:"], "a=b:"),
        (["alive5", "tags", "", "later"], 2, ["alive5", "tags", ""], ""),
        (["=", "a"], 1, ["=a"], "="),
        ([""], 0, [""], ""),
    ],
)  # fmt: skip
def test_bash_cuts_words_and_gets_the_last_piece_back(pieces: list[str], at: int, words: list[str], kept: str) -> None:
    assert (words, len(words) - 1, kept) == join(pieces, at)


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_in_a_real_bash(tmp_path: Path) -> None:
    """
    The script that is installed completes in a shell, on words as bash cuts them.
    """
    script = answered({"_ALIVE5_COMPLETE": "source_bash"})
    python, *rest = command()
    binary = tmp_path / "alive5"
    binary.write_text(f'#!/bin/sh\nexec "{python}" {" ".join(rest)} "$@"\n')
    binary.chmod(0o755)
    lines = [
        script,
        f"COMP_WORDS=({binary} sandbox --quirk end_date = b); COMP_CWORD=5; _alive5_completion {binary}",
        'printf "%s\\n" "${COMPREPLY[@]}"',
    ]
    shell = ["bash", "--norc", "-c", "\n".join(lines)]
    done = subprocess.run(shell, env=environment(), capture_output=True, text=True, timeout=HARD, check=True)
    assert ["boundary"] == done.stdout.split(), done.stderr
