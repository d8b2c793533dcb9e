"""A text leaves from a terminal only after a yes."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time

import pytest
from support.cli import HARD, Fake, command, envelope, environment

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")

SEND = [
    "sms", "send", "--from", "+12025550100", "--to", "+12025550123", "--message", "Hello\x1b[2J",
    "--channel-id", "c-1", "--user-id", "u-1",
]  # fmt: skip
PUSH = ["sms", "push", "--from", "+12025550123", "--to", "+12025550100", "--message", "Hello"]


def talk(arguments: list[str], reply: str | None, env: dict[str, str]) -> tuple[int, str]:
    """Run the command on a terminal; gives its exit code and all that was shown."""
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        command(*arguments), env=environment(TERM="xterm", **env), stdin=theirs, stdout=theirs, stderr=theirs,
        start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    shown, answered, end = b"", reply is None, time.monotonic() + HARD
    try:
        while time.monotonic() < end:
            ready, _, _ = select.select([ours], [], [], 0.1)
            try:
                chunk = os.read(ours, 4096) if ready else b""
            except OSError:
                break
            shown += chunk
            if not answered and b"[y/N]" in shown:
                os.write(ours, (reply or "").encode())
                answered = True
            if not ready and process.poll() is not None:
                break
        return process.wait(HARD), shown.decode()
    finally:
        process.kill()
        os.close(ours)


@pytest.mark.parametrize(
    ("arguments", "reply", "code", "sent"),
    [
        (SEND, "y\n", 0, 1),
        (SEND, "YES\n", 0, 1),
        (SEND, "n\n", 1, 0),
        (SEND, "\n", 1, 0),
        (SEND, "\x04", 1, 0),
        (SEND, "yesterday\n", 1, 0),
        ([*SEND, "--yes"], None, 0, 1),
        ([*SEND, "--dry-run"], None, 0, 0),
        (PUSH, "n\n", 1, 0),
        (PUSH, "y\n", 0, 1),
    ],
)
def test_asking(arguments: list[str], reply: str | None, code: int, sent: int) -> None:
    fake = Fake(lambda _: (200, envelope({"thread_id": "t-1"})))
    with fake.serving() as env:
        given, shown = talk(arguments, reply, env)
    assert (code, sent) == (given, len(fake.seen)), shown
    assert (reply is not None) is ("[y/N]" in shown)
    if arguments[1] == "send" and reply is not None:
        assert "Hello\\x1b[2J" in shown


def test_the_sandbox_asks_nothing() -> None:
    arguments = [*SEND, "--sandbox", "--channel-id", "channel-line-1", "--user-id", "agent-maria"]
    code, shown = talk(arguments, None, {})
    assert 0 == code, shown
    assert "[y/N]" not in shown


def test_a_long_read_shows_its_progress() -> None:
    code, shown = talk(["--sandbox", "conversations", "livechat"], None, {"COLUMNS": "100"})
    assert 0 == code
    assert "conversations.livechat" in shown
    assert "1,000 conversations; local time" in shown
