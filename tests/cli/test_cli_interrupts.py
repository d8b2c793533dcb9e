"""Ctrl-C and SIGTERM: they stay what they are, and a write that may have left ends with 6."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time

import pytest
from support.cli import HARD, Answer, Fake, envelope, started
from support.counts import count, seed

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")

SEND = [
    "sms", "send", "--from", "+12025550100", "--to", "+12025550123", "--message", "Hello",
    "--channel-id", "c-1", "--user-id", "u-1", "--yes",
]  # fmt: skip
CREATE = ["tags", "create", "--name", "vip", "--email", "maria@example.com"]
SIGNALS = {signal.SIGINT: 130, signal.SIGTERM: 143}


def good(path: str) -> Answer:
    if path == "/account":
        return 200, envelope({"org_name": "Example Ltd"})
    return 200, envelope([] if "list" in path else {"tag_id": "t-1"})


def interrupt(process: subprocess.Popen[str], number: int) -> tuple[int, str, str]:
    process.send_signal(number)
    out, err = process.communicate(timeout=HARD)
    return process.returncode, out, err


@pytest.mark.parametrize(("number", "code"), SIGNALS.items())
@pytest.mark.parametrize("read", [["tags", "list"], ["conversations", "livechat", "--prefetch", "4"]])
def test_a_read(number: int, code: int, read: list[str]) -> None:
    fake = Fake(good, hold="/")
    with fake.serving() as env, started(*read, **env) as process:
        assert fake.arrived.wait(HARD)
        ended, _, err = interrupt(process, number)
    assert code == ended
    assert [{130: "interrupted", 143: "terminated"}[code]] == err.splitlines()


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("json_too", [[], ["--json"]])
def test_a_write_on_the_wire_is_unknown(number: int, json_too: list[str]) -> None:
    fake = Fake(good, hold="/send")
    with fake.serving() as env, started(*SEND, *json_too, **env) as process:
        assert fake.arrived.wait(HARD)
        code, out, err = interrupt(process, number)
    assert (6, "") == (code, out)
    assert 1 == len(err.splitlines())
    assert "may have been applied" in err
    assert 1 == len(fake.seen)
    if json_too:
        assert ("OutcomeUnknownError", "sms.send") == tuple(json.loads(err)[name] for name in ("error", "operation"))


@pytest.mark.parametrize(("number", "code"), SIGNALS.items())
def test_a_write_whose_look_up_was_interrupted_never_left(number: int, code: int) -> None:
    fake = Fake(good, hold="/account")
    with fake.serving() as env, started(*CREATE, **env) as process:
        assert fake.arrived.wait(HARD)
        ended, _, _ = interrupt(process, number)
    assert code == ended
    assert ["GET"] == [method for method, _, _ in fake.seen]


@pytest.mark.parametrize(("number", "code"), SIGNALS.items())
def test_a_refused_write_that_waits_is_known(number: int, code: int) -> None:
    refused = json.dumps({"code": 429, "error": "Slow down", "data": None}).encode()
    fake = Fake(lambda _: (429, refused), headers={"retry-after": "30"})
    with fake.serving() as env, started(*SEND, **env) as process:
        assert process.stderr is not None
        assert "sms.send: HTTP 429, trying again in 30 s\n" == process.stderr.readline()
        time.sleep(0.2)  # from the notice to the wait itself
        ended, _, _ = interrupt(process, number)
    assert code == ended
    assert 1 == len(fake.seen)


def test_a_second_interrupt_does_not_hide_the_first() -> None:
    fake = Fake(good, hold="/send")
    with fake.serving() as env, started(*SEND, **env) as process:
        assert fake.arrived.wait(HARD)
        for _ in range(5):
            process.send_signal(signal.SIGINT)
            time.sleep(0.01)
        _, err = process.communicate(timeout=HARD)
    assert 6 == process.returncode
    assert "Traceback" not in err


def test_what_was_read_before_an_interrupt_is_shown() -> None:
    rows = [{"alive5_sessionID": f"s-{n}", "start_time": 1_767_225_600_000 + n} for n in range(3)]

    def answer(path: str) -> Answer:
        return 200, envelope(rows if "page=1" in path else [])

    for json_too in ([], ["--json"]):
        fake = Fake(answer, hold="page=2")
        arguments = ["conversations", "livechat", "--limit", "3", *json_too]
        with fake.serving() as env, started(*arguments, **env) as process:
            assert fake.arrived.wait(HARD)
            code, out, _ = interrupt(process, signal.SIGINT)
        assert 130 == code
        if json_too:
            assert ["s-0", "s-1", "s-2"] == [json.loads(line)["alive5_session_id"] for line in out.splitlines()]
        else:
            assert "3 conversations, not all of them" in out


@pytest.mark.promise("S3")
def test_at_any_moment_the_exit_code_is_true() -> None:
    source = random.Random(seed())
    codes: list[tuple[int, int]] = []
    for moment in range(count(ci=20, full=200)):
        number = source.choice([*SIGNALS])
        fake = Fake(good, delay=0.05)
        with fake.serving() as env, started(*SEND, **env) as process:
            # Half of the moments lie in the start of the program, half round the exchange.
            if moment % 2:
                time.sleep(source.uniform(0, 0.6))
            else:
                fake.wait_for_one()
                time.sleep(source.uniform(0, 0.08))
            code, _, err = interrupt(process, number)
        codes.append((code, len(fake.seen)))
        assert moment % 2 or "Traceback" not in err
    # Python itself may be interrupted before it runs the command: any code then, and nothing sent.
    told = [(code, sent) for code, sent in codes if code not in (0, 6)]
    assert [] == [pair for pair in told if pair[1]], codes
    assert {1} == {sent for code, sent in codes if code in (0, 6)}
