"""Relative dates and months, wherever a command takes dates."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import typer
from support.cli import QUARTER, manifest, run_here

from alive5 import InvalidArgumentError
from alive5.cli import _dates
from alive5.cli._dates import FORMS, read_date
from alive5.cli.app import app

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("today", "2026-03-01", "2026-03-01"),
        (" Yesterday ", "2026-02-28", "2026-02-28"),
        ("-1d", "2026-02-28", "2026-02-28"),
        ("-7d", "2026-02-22", "2026-02-22"),
        ("-0d", "2026-03-01", "2026-03-01"),
        ("2026-03", "2026-03-01", "2026-03-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-12", "2025-12-01", "2025-12-31"),
        ("9999-12", "9999-12-01", "9999-12-31"),
        # All else is the operation's to read or to refuse.
        ("2026-01-31", "2026-01-31", "2026-01-31"),
        ("2026-01-31T08:00:00Z", "2026-01-31T08:00:00Z", "2026-01-31T08:00:00Z"),
    ],
)
def test_what_a_date_means(text: str, start: str, end: str) -> None:
    assert (start, end) == (read_date(text, TODAY, "start"), read_date(text, TODAY, "end"))


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "0000-01", "-9999999d"])
def test_no_calendar_has_it(text: str) -> None:
    with pytest.raises(InvalidArgumentError, match=r"^end is not a date that exists"):
        read_date(text, TODAY, "end")


@pytest.mark.parametrize("text", ["", "7d", "-d", "-\u0667d", "tomorrow", "yesteday", "31.01.2026", "\u0662026-01-31"])
def test_a_word_that_is_no_date_is_told_what_is_understood(text: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        read_date(text, TODAY, "start")
    assert f"start must be {FORMS}" == str(caught.value)


TAKE_DATES = [
    ["conversations", "sms"],
    ["conversations", "livechat"],
    ["conversations", "fbm"],
    ["conversations", "messages"],
    ["conversations", "summary"],
    ["conversations", "history", "--phone", "+12025550113"],
    ["reports", "performance"],
    ["reports", "bots"],
    ["reports", "free-text"],
    ["reports", "multiple-choice"],
    ["reports", "faq"],
    ["export", "out", "--dry-run"],
]


@pytest.mark.parametrize("command", TAKE_DATES, ids=" ".join)
def test_every_command_that_takes_dates(command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refused names the bound only when a word reached the operation unread."""
    monkeypatch.chdir(tmp_path)
    given = run_here("--sandbox", *command, "--json", "--start", "-7d", "--end", "yesterday")
    assert given.returncode in (0, 4), given.stderr
    assert "must be" not in given.stderr
    told = run_here(*command[:2] if command[0] != "export" else ["export"], "--help").stdout
    assert 2 == " ".join(told.split()).replace("│ ", "").count("yesterday")


def test_a_month_is_all_of_its_days() -> None:
    month = run_here("--sandbox", "conversations", "livechat", "--json", "--start", "2026-02", "--end", "2026-02")
    days = run_here("--sandbox", "conversations", "livechat", "--json", "--start", "2026-02-01", "--end", "2026-02-28")
    assert days == month
    assert month.stdout.count("\n") > 10


def test_an_export_of_months(tmp_path: Path) -> None:
    given = run_here("--sandbox", "export", str(tmp_path), "-q", "--start", "2026-01", "--end", "2026-03")
    assert 0 == given.returncode, given.stderr
    by_days = tmp_path.with_name("days")
    assert 0 == run_here("--sandbox", "export", str(by_days), "-q", *QUARTER).returncode
    assert manifest(by_days)["job"] == manifest(tmp_path)["job"]


def test_today_is_the_day_of_the_zone() -> None:
    """At 23:30 UTC it is tomorrow in Tokyo, and in no zone given it is the day of UTC, whose days plain dates are."""

    class Late(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime(2026, 3, 1, 23, 30, tzinfo=timezone.utc).astimezone(tz)  # type: ignore[arg-type]

    with patch.object(_dates, "datetime", Late):
        tokyo = timezone(timedelta(hours=9))
        assert {"start": "2026-03-02", "end": None} == _dates.read_period("today", None, tokyo)
        assert {"start": "2026-03-01", "end": "2026-02-28"} == _dates.read_period("today", "yesterday", None)


def test_no_such_month_is_a_usage_error() -> None:
    given = run_here("--sandbox", "--json", "conversations", "sms", "--start", "2026-13")
    assert 2 == given.returncode
    assert "start is not a date that exists" == json.loads(given.stderr.splitlines()[-1])["message"]


def test_no_command_takes_dates_in_a_way_of_its_own() -> None:
    """Every option of a date says the forms it takes; one more of these options belongs into the list above."""
    found = set()
    for words, command in commands(typer.main.get_command(app), ()):
        for option in command.params:
            is_date = {"--start", "--end", "--since", "--until", "--date", "--day"} & {*option.opts}
            if is_date or getattr(option, "metavar", "") == "DATE":
                assert FORMS in option.help, (words, option.name)
                found.add(words)
    assert found == {("conversations", "show"), *(tuple(words[:2]) for words in TAKE_DATES[:-1]), ("export",)}


def commands(command: Any, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield all commands below one, by their words."""
    yield words, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*words, name))
