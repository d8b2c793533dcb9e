"""``alive5 sms lines`` and ``alive5 sms send --line``."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest
from support.cli import run_here, served

from alive5.sandbox import Sandbox

TO, WORDS = "+12025550123", "See you at nine"


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(livechat=0, sms=0, fbm=0)


def test_the_lines_as_a_table_and_as_json(sandbox: Sandbox) -> None:
    with served(sandbox) as env:
        shown = run_here("sms", "lines", **env)
        told = run_here("sms", "lines", "--json", **env)
    assert (0, 0) == (shown.returncode, told.returncode), shown.stderr + told.stderr
    for value in ("+12025550100", "channel-line-1", "Texting", "Omar Haddad", "agent-omar"):
        assert value in shown.stdout
    found = [json.loads(line) for line in told.stdout.splitlines()]
    assert ["channel-line-1", "channel-line-2"] == [line["channel_id"] for line in found]


@pytest.mark.parametrize("line", ["Texting", "channel-line-2", "+1 202 555 0101"])
def test_a_text_from_a_line_by_its_name(sandbox: Sandbox, line: str) -> None:
    with served(sandbox) as env:
        dry = run_here("sms", "send", f"--line={line}", TO, WORDS, "--dry-run", **env)
        assert (0, 0) == (dry.returncode, len(sandbox.deliveries)), dry.stderr
        assert "channel-line-2" in dry.stdout
        done = run_here("sms", "send", "--line", line, TO, WORDS, "--yes", **env)
    assert 0 == done.returncode, done.stderr
    sent = {"phone_number_from": "+12025550101", "phone_number_to": TO, "message": WORDS}
    ids = {"channel_id": "channel-line-2", "user_id": "agent-omar"}
    assert [{**sent, **ids}] == [delivery.arguments for delivery in sandbox.deliveries]


def test_a_line_is_not_guessed_and_nobody_asked_sends_nothing(sandbox: Sandbox) -> None:
    with served(sandbox) as env:
        unknown = run_here("sms", "send", "--line", "Text", TO, WORDS, "--yes", **env)
        agent = run_here("sms", "send", "--line", "Texting", "--agent", "Ken", TO, WORDS, "--yes", **env)
        asked = run_here("sms", "send", "--line", "Texting", TO, WORDS, **env)
    assert (2, 2, 2) == (unknown.returncode, agent.returncode, asked.returncode)
    assert "channel-line-1, channel-line-2 (Texting)" in unknown.stderr
    assert "agent-omar" in agent.stderr
    assert [] == sandbox.deliveries


def test_the_other_forms_stay(sandbox: Sandbox) -> None:
    ids = ["--channel-id", "channel-line-2", "--user-id", "agent-omar"]
    given = ["--from", "+12025550101", "--to", TO, "--message", WORDS, *ids]
    with served(sandbox) as env:
        done = run_here("sms", "send", *given, "--yes", **env)
    assert 0 == done.returncode, done.stderr
    assert 1 == len(sandbox.deliveries)


def test_an_unknown_outcome_is_looked_into_when_asked() -> None:
    sandbox = Sandbox(livechat=0, sms=0, fbm=0, now=datetime.now(timezone.utc))
    sandbox.fail("reset_after", on="sms.send", times=None)
    with served(sandbox) as env:
        doubt = run_here("sms", "send", "--line", "Texting", TO, WORDS, "--yes", **env)
        found = run_here("sms", "send", "--line", "Texting", TO, WORDS, "--yes", "--confirm", "20", "--json", **env)
        bad = run_here("sms", "send", "--line", "Texting", TO, WORDS, "--yes", "--confirm", "0", **env)
    assert (6, 0, 2) == (doubt.returncode, found.returncode, bad.returncode), found.stderr
    assert {"confirmed": True} == json.loads(found.stdout)["data"]["extra"]
    assert 2 == len(sandbox.deliveries)


BY_IDS = ["--from", "+12025550101", "--to", TO, "--channel-id", "channel-line-2", "--user-id", "agent-omar"]


@pytest.mark.parametrize("given", [[], [TO, WORDS], ["--dry-run"], ["--", "--line"], ["--yes", TO, "--", "--from"]])
def test_who_does_not_say_who_writes_is_told_both_ways(given: list[str]) -> None:
    done = run_here("--sandbox", "sms", "send", *given)
    assert 2 == done.returncode
    for way in ("--line", "--from", "--channel-id", "--user-id", "--from-csv"):
        assert way in done.stderr


@pytest.mark.parametrize("text", ["--line", "--from-csv", "--line=Support", "--from"])
def test_a_text_that_looks_like_an_option_is_a_text(text: str, sandbox: Sandbox) -> None:
    with served(sandbox) as env:
        ids = run_here("sms", "send", *BY_IDS, "--message", text, "--yes", **env)
        line = run_here("sms", "send", "--line", "Texting", "--yes", TO, "--", text, **env)
        equal = run_here("sms", "send", f"--message={text}", *BY_IDS, "--yes", **env)
    assert (0, 0, 0) == (ids.returncode, line.returncode, equal.returncode), ids.stderr + line.stderr + equal.stderr
    assert [text] * 3 == [delivery.arguments["message"] for delivery in sandbox.deliveries]


@pytest.mark.parametrize("given", [["--help"], ["-h"], ["--line", "Texting", "--help"], ["--from-csv", "a", "--help"]])
def test_the_help_is_that_of_the_way_chosen(given: list[str]) -> None:
    shown = run_here("sms", "send", *given)
    assert (0, True) == (shown.returncode, "Usage: alive5 sms send" in shown.stdout)
