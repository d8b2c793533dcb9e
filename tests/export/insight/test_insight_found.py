"""What a search looks for, and the piece of a text that shows it."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from alive5 import InvalidArgumentError
from alive5.export.insight.found import Needle, SearchHit


@pytest.mark.parametrize(
    ("text", "said", "place"),
    [
        ("refund", "My REFUND, please", "REFUND"),
        ("RÉSUMÉ", "the résumé", "résumé"),
        ("strasse", "Große Straße 7", "Straße"),
        ("ß", "SS", "SS"),
        ("s", "aß", "ß"),
        ("привет", "ПРИВЕТ!", "ПРИВЕТ"),
        ("σ", "ὈΔΥΣΣΕΎΣ", "Σ"),
        ("i", "İ", "İ"),
        ("ﬁn", "final", "fin"),
        ("inal", "ﬁnal", "ﬁnal"),
        ("世界", "你好世界", "世界"),
        ('" OR text:*', 'say " OR text:* now', '" OR text:*'),
        (" ", "a b", " "),
        ("\x00x", "\x00X", "\x00X"),
    ],
)
def test_a_text_is_found_as_it_is_whatever_its_case(text: str, said: str, place: str) -> None:
    needle = Needle(text)
    assert needle.is_in(said)
    start, end = needle.place_in(said)
    assert place == said[start:end]


@pytest.mark.parametrize(("text", "said"), [("re fund", "refund"), ("a*c", "abc"), ("é", "e"), ("%", "a_b")])
def test_it_has_no_signs_of_its_own(text: str, said: str) -> None:
    assert not Needle(text).is_in(said)


@pytest.mark.parametrize("text", ["", None, 7, b"x"])
def test_nothing_to_look_for_is_refused(text: Any) -> None:
    with pytest.raises(InvalidArgumentError, match=r"^text must be a text to look for$"):
        Needle(text)


def hit(text: str, wanted: str) -> SearchHit:
    start, end = Needle(wanted).place_in(text)
    moment = datetime(2026, 1, 5, 14, 59, tzinfo=timezone.utc)
    return SearchHit(
        kind="sms",
        session_id="s1",
        seq=3,
        created_at=moment,
        author="Ana",
        side="customer",
        text=text,
        start=start,
        end=end,
    )


@pytest.mark.parametrize(
    ("text", "wanted", "snippet"),
    [
        ("refund", "refund", ("", "refund", "")),
        ("a\n\n refund\tnow", "refund", ("a ", "refund", " now")),
        ("x" * 31 + "refund" + "y" * 50, "refund", ("…" + "x" * 30, "refund", "y" * 50)),
        ("x" * 30 + "refund" + "y" * 51, "refund", ("x" * 30, "refund", "y" * 50 + "…")),
        ("two\nlines", "o\nl", ("tw", "o l", "ines")),
    ],
)
def test_a_snippet_is_on_one_line(text: str, wanted: str, snippet: tuple[str, str, str]) -> None:
    assert snippet == hit(text, wanted).snippet


def test_as_values_and_as_a_word() -> None:
    found = hit("My refund", "REFUND")
    assert {
        "kind": "sms", "session_id": "s1", "seq": 3, "created_at": "2026-01-05T14:59:00Z", "author": "Ana",
        "side": "customer", "text": "My refund", "start": 3, "end": 9,
        "snippet": {"before": "My ", "hit": "refund", "after": ""},
    } == found.to_dict()  # fmt: skip
    assert "<SearchHit sms 's1' seq=3 customer>" == repr(found)
