"""Options of the Spark data source: read whichever way they are written, refused where they would be misread."""

from __future__ import annotations

import pickle
import re
from datetime import datetime, timezone

import pytest

from alive5 import ConfigurationError, InvalidArgumentError
from alive5.spark.options import Options, read_options

START = {"start": "2026-01-01"}
NOW = datetime(2026, 3, 31, 12, tzinfo=timezone.utc)


def test_what_is_not_said_is_that_of_an_export() -> None:
    read = read_options(START)
    assert Options(start="2026-01-01") == read
    assert ("conversations", ("livechat", "sms", "fbm"), "B", 8, 3, False) == (
        *(read.table, read.kinds, read.require, read.max_concurrency, read.lookback_days, read.push_filters),
    )


def test_names_are_read_however_they_are_capitalised() -> None:
    given = {
        "TABLE": "raw", "start": " 2026-01-01 ", "end": "2026-01-31", "Kinds": "fbm, sms", "tz": "Europe/Paris",
        "require": "A", "edition": "current", "maxconcurrency": "2", "BASEURL": "https://a.test", "pushFilters": "TRUE",
        "readUrl": "https://b.test", "accounts": "/keys", "lookbackDays": "0",
    }  # fmt: skip
    expected = Options(
        table="raw", start="2026-01-01", end="2026-01-31", kinds=("sms", "fbm"), tz="Europe/Paris", require="A",
        edition="current", max_concurrency=2, base_url="https://a.test", read_url="https://b.test", accounts="/keys",
        lookback_days=0, push_filters=True,
    )  # fmt: skip
    assert expected == read_options(given) == pickle.loads(pickle.dumps(expected))


@pytest.mark.parametrize(
    "name", ["apiKey", "apikey", "API_KEY", "api-key", "key", "token", "X-A5-APIKEY", "alive5.key"]
)
def test_a_key_is_no_option(name: str) -> None:
    with pytest.raises(ConfigurationError, match="use apiKeyFile") as caught:
        read_options({**START, name: "test_key_never_shown"})
    assert "test_key" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "start is needed"),
        ({**START, "path": "s3://x"}, "path is no option of alive5, which has: table, start, end, "),
        ({**START, "table": "users"}, "table must be one of: conversations, messages, raw"),
        ({**START, "kinds": "sms,email"}, "kinds must name some of"),
        ({**START, "tz": "Mars/Olympus"}, "tz must be the name of a time zone"),
        ({**START, "require": "D"}, "require must be one of: A, B, C"),
        ({**START, "edition": "newest"}, "edition must be one of: documented, current"),
        ({**START, "maxConcurrency": "0"}, "maxConcurrency must be a whole number from 1"),
        ({**START, "maxConcurrency": "many"}, "maxConcurrency must be a whole number from 1"),
        ({**START, "lookbackDays": "-1"}, "lookbackDays must be a whole number from 1"),
        ({**START, "pushFilters": "yes"}, "pushFilters must be one of: true, false"),
        ({**START, "apiKeyFile": "-"}, "apiKeyFile must be a file"),
        ({**START, "baseUrl": " "}, "baseUrl is empty"),
        ({**START, "apiKeyFile": "/key", "accounts": "/keys"}, "leave apiKeyFile out"),
        ({"start": "2026-02-01", "end": "2026-01-01"}, "start must not be after end"),
        ({"start": "soon"}, "start must be ISO text"),
    ],
    ids=str,
)
def test_what_cannot_be_read_is_refused(given: dict[str, str], said: str) -> None:
    with pytest.raises(InvalidArgumentError, match=re.escape(said)):
        read_options(given)


def test_a_period_without_an_end_ends_at_the_load() -> None:
    assert (NOW.year, NOW.month, NOW.day, 12) == (*read_options(START).window(NOW).upper.timetuple()[:4],)
    ended = read_options({**START, "end": "2026-01-31"}).window(NOW)
    assert datetime(2026, 2, 1, tzinfo=timezone.utc) == ended.upper
