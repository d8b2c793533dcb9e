"""A search finds what a plain reading of all rows finds, in every format, before and after an export goes on."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from unittest.mock import patch

import pytest
from support.counts import Seeded, count, measured
from support.render import FORMATS, export, nasty
from support.searching import changed, conversation, needle, plainly, searched

from alive5 import InvalidArgumentError, open_export
from alive5.export.search import file, index

AT = 1_767_625_140_000  # 2026-01-05T14:59:00Z


@pytest.mark.promise("I3")
@pytest.mark.timeout(1800)
def test_what_a_plain_reading_finds(tmp_path: Path) -> None:
    rng, found = Seeded.from_environment(), 0
    for number in range(count(ci=5, full=200)):
        out = tmp_path / str(number)
        formats = [FORMATS[number % len(FORMATS)]]
        rows = [conversation(rng, place) for place in range(40)]
        for _ in range(3):  # made, renewed, renewed
            export(out, rows, *formats)
            reader = open_export(out)
            said = list(reader.messages())
            with patch.object(reader, "messages", lambda said=said: iter(said)):  # read once for all
                for _ in range(20):
                    wanted = needle(rng, rows)
                    truth = plainly(reader, wanted)
                    found += len(truth)
                    assert truth == searched(reader, wanted), repr(wanted)
            assert (out / ".alive5" / "search.db").is_file()
            rows = changed(rng, rows)
            formats = formats if rng.random() < 0.7 else [rng.choice(FORMATS)]
    measured(messages_found=found)
    assert found > 100


@pytest.mark.parametrize("grams", [True, False])
def test_nothing_is_syntax(tmp_path: Path, grams: bool) -> None:
    """What a search would be told by signs is looked for as it is."""
    wanted = ['"', '""', "'", "*", "ref*", "a AND b", "NOT a", "text: x", "^ref", "NEAR(a b)", "a OR b", "%", "_", "\\"]
    said = [{"created_at": AT + n, "message_content": f"..{one}.."} for n, one in enumerate([*wanted, "refund a b"])]
    export(tmp_path, [("sms", {"alive5_sessionID": "s", "start_time": AT, "chat_conversation": said})], "jsonl")
    reader = open_export(tmp_path)
    with patch.object(file, "has_grams", lambda: grams):
        for one in wanted:
            assert plainly(reader, one) == searched(reader, one) != []
    assert grams == (tmp_path / ".alive5" / "search.db").exists()


def test_every_surprise_of_a_row(tmp_path: Path) -> None:
    export(tmp_path, nasty(), "jsonl")
    reader = open_export(tmp_path)
    for wanted in (
        "hi",
        "\x00",
        "\ud800",
        "\ud83d lone",
        "\ufffd",
        "x" * 5_000,
        "e\u0301",
        "\u2028",
        "👩‍👩‍👧",
        "1",
        " ",
    ):
        assert plainly(reader, wanted) == searched(reader, wanted), repr(wanted)
    assert len(searched(reader, "x" * 150_000)) == 2


@pytest.mark.parametrize("name", FORMATS)
def test_what_a_hit_says(name: str, tmp_path: Path) -> None:
    said = [
        {"created_at": AT, "created_by": "Ana", "message_content": "a refund"},
        {"created_at": "soon", "created_by": None, "message_content": "REFUND?"},
        {"created_at": AT + 60_000, "created_by": "Maria", "message_content": "Refunded."},
        {"created_at": AT + 60_000, "created_by": "bot", "message_content": "order"},
    ]
    row = {"alive5_sessionID": "s", "start_time": AT, "assigned_to": "Maria", "contacts_first_name": "Ana"}
    export(tmp_path, [("sms", {**row, "chat_conversation": said})], name)
    first, second, third = open_export(tmp_path).search("refund")
    assert (2, "Maria", "agent", "Refunded.") == (first.seq, first.author, first.side, first.text)
    assert datetime(2026, 1, 5, 15, 0, tzinfo=timezone.utc) == first.created_at
    assert (0, "Ana", "customer", (2, 8)) == (second.seq, second.author, second.side, (second.start, second.end))
    assert (1, None, "unknown", None) == (third.seq, third.author, third.side, third.created_at)
    assert [first] == list(open_export(tmp_path).search("refund", limit=1))
    assert [] == list(open_export(tmp_path).search("refunds"))


def test_what_is_refused_is_refused_at_once(tmp_path: Path) -> None:
    export(tmp_path, [], "jsonl")
    reader = open_export(tmp_path)
    for bad in (0, -1, True, 1.5, "3"):
        with pytest.raises(InvalidArgumentError, match=r"^limit must be a whole number from 1"):
            reader.search("x", limit=bad)  # type: ignore[arg-type]
    with pytest.raises(InvalidArgumentError, match=r"^text must be"):
        reader.search("")
    assert [] == list(reader.search("x"))


def test_this_python_keeps_grams() -> None:
    """Without them every test above would read all rows and prove nothing of the index."""
    assert index.has_grams()


def test_an_sqlite_without_them_is_known() -> None:
    with patch.object(index, "_GRAMS", index._GRAMS.replace("trigram", "none_such")):
        assert not index.has_grams.__wrapped__()
