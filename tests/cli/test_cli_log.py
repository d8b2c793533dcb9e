"""``-v`` and ``ALIVE5_LOG``: why a request is repeated, on stderr; and nothing without them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest
from support.wire_server import Heard, WireServer, http

KEY = "test_key_log"
REPEATED = (
    r"\S+ \S+ INFO alive5: tags\.list attempt 1: unknown status=503 code=503 \d+ ms; again in 0\.\d\d s: server_error"
)
DONE = r"\S+ \S+ DEBUG alive5: tags\.list attempt 2: accepted status=200 code=None \d+ ms"


def lines(*arguments: str, program: str = "-m alive5", **variables: str) -> list[str]:
    """
    Return what is written to stderr of a read that is refused once.
    """

    def answer(heard: Heard) -> bytes:
        return http(b"", "503 Busy") if len(server.heard) == 1 else http()

    with WireServer(answer) as server:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ALIVE5_")}
        environment = {**kept, "ALIVE5_API_KEY": KEY, "ALIVE5_BASE_URL": server.url, **variables}
        command = [sys.executable, *program.split(" ", 1), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, env=environment)
    assert KEY not in done.stderr
    return done.stderr.splitlines()


@pytest.mark.parametrize(
    ("arguments", "variables", "wanted"),
    [
        ([], {}, []),
        (["-v"], {}, [REPEATED]),
        ([], {"ALIVE5_LOG": "info"}, [REPEATED]),
        (["--verbose"], {"ALIVE5_LOG": "debug"}, [REPEATED, DONE]),
    ],
)
def test_the_command_says_why_it_repeats(arguments: list[str], variables: dict[str, str], wanted: list[str]) -> None:
    said = lines("tags", "list", "--json", *arguments, **variables)
    assert len(wanted) == len(said)
    assert all(re.fullmatch(pattern, line) for pattern, line in zip(wanted, said, strict=True))


READ = "import alive5\nfor _ in 'ab':\n    with alive5.Alive5() as client: client.tags.list()\n"


@pytest.mark.parametrize(
    ("log", "before", "wanted"),
    [
        ({}, "", 0),
        ({"ALIVE5_LOG": "info"}, "", 1),
        ({"ALIVE5_LOG": "debug"}, "", 3),
        # A program with a log of its own gets the lines there, once.
        ({"ALIVE5_LOG": "info"}, "import logging; logging.basicConfig()\n", 1),
    ],
)
def test_the_library_does_so_too(log: dict[str, str], before: str, wanted: int) -> None:
    said = lines(before + READ, program="-c", **log)
    assert wanted == len(said), said


def test_another_word_is_refused() -> None:
    environment = {"ALIVE5_LOG": "loud", "ALIVE5_SANDBOX": "1"}
    command = [sys.executable, "-m", "alive5", "tags", "list", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment)
    assert 2 == done.returncode
    assert 'ALIVE5_LOG must be "info" or "debug"' == json.loads(done.stderr.splitlines()[-1])["message"]
