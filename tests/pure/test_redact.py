"""What is taken out of a server's text before anybody sees it."""

from __future__ import annotations

import copy
import pickle
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alive5._sansio.redact import LONGEST, Secret, scrub

KEY = "test_key_a/b+c=9"


@pytest.mark.parametrize(
    "form", [KEY, KEY.upper(), quote(KEY, safe=""), quote(KEY, safe="").lower(), f"x{KEY}y", f"{KEY}{KEY}"]
)
def test_the_key_is_taken_out_in_every_form(form: str) -> None:
    text = scrub(f"Invalid token: {form}!", secret=Secret(KEY))
    assert "[key]" in text
    for part in ("test_key", "a%2f", "b+c"):
        assert part not in text.lower()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("user ada@example.com is unknown", "user [e-mail] is unknown"),
        ("<ada.lovelace+tag@mail.example.com>", "<[e-mail]>"),
        ("to +12025550123 failed", "to [number] failed"),
        ("to 12025550123", "to [number]"),
        ("to (202) 555-0123.", "to [number]."),
        ("to +1 202 555 0123", "to [number]"),
        ("to 202.555.0123", "to [number]"),
        ("a\x1b[31mred\x00\u202eflipped\u2066\x85", "a [31mred flipped"),
        ("half \ud800 a pair", "half   a pair"),
        ("line\r\nX-Header: 1", "line X-Header: 1"),
        ("code 400, page 12", "code 400, page 12"),
        ("  spaced  ", "spaced"),
        ("", ""),
    ],
)
def test_persons_and_control_characters_are_taken_out(text: str, expected: str) -> None:
    assert expected == scrub(text)


def test_a_calls_own_arguments_are_taken_out() -> None:
    arguments = ("Hello Sam", "Hello", "c1", "chan-42")
    assert scrub("c1: HELLO SAM, Hello, chan-42", arguments=arguments) == "c1: [argument], [argument], [argument]"


def test_arguments_are_no_patterns() -> None:
    assert scrub("a.*b and axxb", arguments=("a.*b",)) == "[argument] and axxb"


def test_a_long_text_is_cut() -> None:
    assert scrub("x" * LONGEST) == "x" * LONGEST
    assert scrub("x" * (LONGEST + 1)) == "x" * (LONGEST - 1) + "…"
    cut = scrub("word " * 10_000)
    assert (LONGEST, "…") == (len(cut), cut[-1])


@pytest.mark.parametrize("filler", ["a", "a@", "1 ", "word ", "@", "+1202555012", "ada@example.com "])
def test_megabytes_are_no_trouble(filler: str) -> None:
    text = filler * (2_000_000 // len(filler))
    cleaned = scrub(f"{text} {KEY} ada@example.com", secret=Secret(KEY), arguments=("Hello Sam",))
    assert len(cleaned) <= LONGEST
    assert "ada@" not in cleaned
    assert "test_key" not in cleaned


@given(st.text(max_size=50), st.sampled_from(["", " ", "a ", "@", ".", "\n"]), st.text(max_size=50))
def test_the_key_never_survives(before: str, glue: str, after: str) -> None:
    assert KEY not in scrub(f"{before}{glue}{KEY}{glue}{after}", secret=Secret(KEY), arguments=(before, after))


def test_a_secret_shows_and_gives_itself_to_nobody() -> None:
    secret = Secret(KEY)
    assert KEY == secret.reveal()
    assert KEY not in f"{secret} {secret!r} {[secret]} {secret.__class__}"
    for leave in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="not pickled"):
            leave(secret)
    with pytest.raises(TypeError):
        vars(secret)
