"""``alive5 sms send --from-csv``: the bill first, each text once, and a file of what became of them."""

from __future__ import annotations

import csv
import json
import re
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from support.cli import HARD, Held, ended, run, run_here, served, started
from support.watch import CANARY

from alive5 import Ledger, SendingProgress
from alive5.cli._session import Globals, Session
from alive5.cli._texting import Run
from alive5.sandbox import Sandbox

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
TEMPLATE = ["--template", "Hi {first_name}, see you on Friday"]
IDS = ["--from", "+12025550100", "--channel-id", "c", "--user-id", "u"]
FAST = [*TEMPLATE, *IDS, "--quiet-hours", "none", "--pace", "6000"]
SIZES: dict[str, Any] = {"livechat": 0, "sms": 0, "fbm": 0, "strict_ids": False}


@pytest.fixture
def people(tmp_path: Path) -> Path:
    return write(tmp_path, 5)


def write(folder: Path, count: int) -> Path:
    file = folder / "people.csv"
    rows = [f"(202) 555-{number:04d},Person{number}" for number in range(count)]
    file.write_text("\n".join(["phone_number,first_name", *rows]) + "\n")
    return file


def results(people: Path) -> list[dict[str, str]]:
    with Path(f"{people}.results.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def sent(sandbox: Sandbox) -> list[str]:
    return [str(one.arguments["message"]) for one in sandbox.deliveries if one.operation == "sms.send"]


def test_the_bill_is_shown_and_each_text_sent_once(people: Path) -> None:
    sandbox = Sandbox(**SIZES)
    with served(sandbox) as env:
        dry = run_here("sms", "send", "--from-csv", str(people), *FAST, "--dry-run", **env)
        assert (0, 0, False) == (dry.returncode, len(sandbox.deliveries), Path(f"{people}.results.csv").exists())
        assert "5 texts, 5 parts, 5 credits" in dry.stderr
        first = run_here("sms", "send", f"--from-csv={people}", *FAST, "--yes", **env)
        again = run_here("sms", "send-many", "--from-csv", str(people), *FAST, "--yes", **env)
    assert (0, 0) == (first.returncode, again.returncode), first.stderr + again.stderr
    assert "5 accepted" in first.stdout
    assert [f"Hi Person{number}, see you on Friday" for number in range(5)] == sent(sandbox)
    rows = results(people)
    assert [("2", "+12025550000", "accepted", "1")] == [
        (row["line"], row["phone_number"], row["outcome"], row["credits"]) for row in rows[:1]
    ]
    assert all(row["message_id"] for row in rows)
    for made in ("results.csv", "ledger"):
        assert 0o600 == Path(f"{people}.{made}").stat().st_mode & 0o777
    assert {"people.csv", "people.csv.results.csv", "people.csv.ledger"} == {
        one.name for one in people.parent.iterdir()
    }


@pytest.mark.promise("D1", "D3")
def test_neither_key_nor_texts_are_kept_or_shown(people: Path) -> None:
    with served(Sandbox(**SIZES)) as env:
        done = run("sms", "send", "--from-csv", str(people), *FAST, "--yes", **{**env, "ALIVE5_API_KEY": CANARY})
    shown = done.stdout + done.stderr
    ledger = Path(f"{people}.ledger").read_bytes().decode("latin-1")
    written = Path(f"{people}.results.csv").read_text()
    for text in ("see you on Friday", "Person1", CANARY):
        assert text not in shown + ledger + written
    assert "555" not in shown.replace(str(people), "")
    # The end of each number however it is written, not 555 alone: digests have that by chance now and then.
    number = re.compile(r"555\W{0,2}000[0-4]")
    assert number.search(people.read_text())
    assert not number.search(ledger)


def test_a_line_is_named_and_nothing_is_guessed(people: Path) -> None:
    sandbox = Sandbox(livechat=0, sms=0, fbm=0)
    options = ["sms", "send", "--from-csv", str(people), *TEMPLATE, "--quiet-hours", "none", "--pace", "6000", "--yes"]
    with served(sandbox) as env:
        done = run_here(*options, "--line", "Texting", **env)
        assert 0 == done.returncode, done.stderr
        assert 2 == run_here(*options, "--line", "Nobody", **env).returncode
    assert 5 == len(sent(sandbox))


def test_above_100_it_is_a_dry_run_unless_somebody_says_yes(tmp_path: Path) -> None:
    people, sandbox = write(tmp_path, 101), Sandbox(**SIZES)
    with served(sandbox) as env:
        dry = run_here("--json", "sms", "send", "--from-csv", str(people), *FAST, **env)
        assert (0, 0) == (dry.returncode, len(sandbox.deliveries))
        document = json.loads(dry.stdout)
        assert (True, {"planned": 101}) == (document["dry_run"], document["data"]["outcomes"])
        assert 0 == run_here("sms", "send", "--from-csv", str(people), *FAST, "--yes", **env).returncode
    assert 101 == len(sandbox.deliveries)


def test_a_few_are_not_sent_without_a_yes(people: Path) -> None:
    sandbox = Sandbox(**SIZES)
    with served(sandbox) as env:
        done = run("sms", "send", "--from-csv", str(people), *FAST, **env)
    assert (2, 0) == (done.returncode, len(sandbox.deliveries))
    assert "pass --yes" in done.stderr


@pytest.mark.parametrize(
    ("content", "options", "why"),
    [
        ("number\n1\n", [], "phone_number among them"),
        ("", [], "phone_number among them"),
        ("phone_number,first_name\n+12025550123,A,B\n", [], "line 2 has more cells"),
        ("phone_number,first_name\n+12025550123,A\n\n+12025550123,B\n", [], "line 4: phone_number is that of line 2"),
        ('phone_number,first_name\n+12025550123,"A\nB"\n+12025550124,\n', [], "line 4: first_name is missing or empty"),
        ("phone_number,first_name\n+12025550123,A\n", ["--line", "Support"], "who writes?"),
        ("phone_number,first_name\n+12025550123,A\n", ["--quiet-hours", "late"], "quiet_hours"),
        ("phone_number,first_name\n+12025550123,A\n", ["--pace", "0"], "pace"),
        ("phone_number,first_name\n+12025550123,A\n", ["--template", "{last_name}"], "line 2: last_name is missing"),
    ],
)
def test_what_cannot_be_sent_is_said_before_anything_leaves(
    tmp_path: Path, content: str, options: list[str], why: str
) -> None:
    people, sandbox = tmp_path / "people.csv", Sandbox(**SIZES)
    people.write_text(content)
    with served(sandbox) as env:
        done = run_here("sms", "send", "--from-csv", str(people), *FAST, "--yes", *options, **env)
    assert (2, 0) == (done.returncode, len(sandbox.deliveries)), done.stderr
    assert why in done.stderr.replace("\n", " ")


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for name, why in (("nothing", "No such file"), ("binary", "no CSV file in UTF-8")):
        done = run_here("--sandbox", "sms", "send", "--from-csv", str(tmp_path / name), *FAST)
        assert 2 == done.returncode
        assert why in done.stderr


@pytest.mark.parametrize(
    ("fault", "code", "outcome"),
    [("reset_after", 6, "unknown"), ("client_error", 1, "rejected")],
)
def test_exit_codes_and_reasons(people: Path, fault: str, code: int, outcome: str) -> None:
    sandbox = Sandbox(**SIZES)
    sandbox.fail(fault, on="sms.send", after=1)
    with served(sandbox) as env:
        done = run_here("sms", "send", "--from-csv", str(people), *FAST, "--yes", **env)
    assert code == done.returncode, done.stderr
    rows = results(people)
    assert ["accepted", outcome, "accepted", "accepted", "accepted"] == [row["outcome"] for row in rows]
    assert rows[1]["reason"]


def test_what_is_unknown_is_listed_and_resolved(people: Path) -> None:
    sandbox, ledger = Sandbox(**SIZES), f"{people}.ledger"
    sandbox.fail("reset_after", on="sms.send")
    with served(sandbox) as env:
        assert 6 == run_here("sms", "send", "--from-csv", str(people), *FAST, "--yes", **env).returncode
        (entry,) = Ledger(ledger).unknown()
        listed = run_here("--json", "sms", "unknown", ledger)
        assert (6, entry.key) == (listed.returncode, json.loads(listed.stdout)["key"])
        assert entry.key in run_here("sms", "unknown", ledger).stdout
        assert 0 == run_here("sms", "unknown", ledger, "--key", entry.key, "--as", "sent").returncode
        assert 0 == run_here("sms", "send", "--from-csv", str(people), *FAST, "--yes", **env).returncode
    assert 5 == len(sandbox.deliveries)


def test_a_ledger_is_not_made_by_looking_and_arguments_go_together(tmp_path: Path) -> None:
    assert 2 == run_here("sms", "unknown", str(tmp_path / "nothing")).returncode
    Ledger(tmp_path / "a")
    for options in (["--key", "k"], ["--as", "sent"], ["--key", "k", "--as", "sent"], ["--key", "k", "--as", "so"]):
        assert 2 == run_here("sms", "unknown", str(tmp_path / "a"), *options).returncode
    assert ["a"] == [one.name for one in tmp_path.iterdir()]


def test_who_said_stop_is_listed_by_line(people: Path) -> None:
    sandbox = Sandbox(**SIZES)
    with sandbox.client() as client:
        client.sms.push(phone_number_from="+12025550001", phone_number_to="+12025550100", message="STOP")
    with served(sandbox) as env:
        done = run_here("sms", "send", "--from-csv", str(people), *FAST, "--yes", **env)
    assert 0 == done.returncode, done.stderr
    assert "their last word was STOP: lines 3" in done.stderr
    assert 4 == len(sent(sandbox))
    assert "skipped" == {row["line"]: row["outcome"] for row in results(people)}["3"]


def test_progress_is_a_line_every_five_seconds_and_one_a_night(
    people: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = [100.0]
    monkeypatch.setattr("alive5.cli._texting.time.monotonic", lambda: clock[0])
    session = Session(Globals())
    texting = Run(session, [], ledger=Ledger(f"{people}.l"), results=people, line={}, ids=None, options={})
    about: dict[str, Any] = {"total": 5_000, "parts_done": 0, "parts": 5_000, "outcomes": {}}
    night = (60, 1_200, 46_800.0)
    for seconds, done, until in ((0, 1, None), (2, 2, None), (3, 1_200, None), night, night):
        clock[0] += seconds
        texting._tell(SendingProgress(done=done, eta_seconds=11_160.0, waiting_until=until, **about))
    assert [
        "1 of 5,000, 3 h 06 min left",
        "1,200 of 5,000, 3 h 06 min left",
        "1,200 of 5,000, 3 h 06 min left, quiet hours until 13:00 UTC",
    ] == capsys.readouterr().err.splitlines()


@posix
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 6), (signal.SIGKILL, -9)])
def test_a_run_that_was_stopped_goes_on(tmp_path: Path, number: int, code: int) -> None:
    people, sandbox = write(tmp_path, 12), Sandbox(**SIZES)
    with served(sandbox) as env:
        held = Held(sandbox, 6)
        with started("sms", "send", "--from-csv", str(people), *FAST, "--yes", **env) as process:
            assert held.arrived.wait(HARD)
            status, _, said = ended(process, number)
        held.release.set()
        assert code == status, said
        assert ("the same command goes on" in said) == (number == signal.SIGINT)
        again = run("sms", "send", "--from-csv", str(people), *FAST, "--yes", **env)
    # The text on the wire was held: it may have been sent, and was.
    assert 6 == again.returncode, again.stderr
    assert 12 == len(sent(sandbox)) == len(set(sent(sandbox)))
    assert ["unknown"] == [row["outcome"] for row in results(people) if row["outcome"] != "accepted"]
