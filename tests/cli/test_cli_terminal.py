"""What strangers wrote reaches a terminal without anything it could obey."""

from __future__ import annotations

import os
import random
import unicodedata

import pytest

from alive5.cli._output import to_json
from alive5.cli._terminal import clean, clean_lines

SEED = int(os.environ.get("ALIVE5_SEED", "20261104"))
COUNT = 4000
DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
MARKS = "\u061c\u200e\u200f"
NASTY = [
    "\x1b[2J", "\x1b]0;title\x07", "\x1b]8;;https://example.com\x1b\\", "\x9b31m", "\x9d0;t\x9c", "\r", "\n", "\t",
    "\b", "\x7f", "\x00", "\u202e", "\u2066", "\u2069", "\u200f", "\u061c", "\u2028", "\u2029", "\x85", "\ud800",
    "\x1bP", "\x90", "[bold]", ":smile:", "\\x1b", "é", "נועה", "健太", "👩‍👩‍👧", "+12025550123", "plain",
]  # fmt: skip


def obeyed(character: str) -> bool:
    """Say by Unicode's own tables whether a terminal could obey a character."""
    return (
        unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
        or unicodedata.bidirectional(character) in DIRECTIONS
        or character in MARKS
    )


def strings() -> list[str]:
    source = random.Random(SEED)
    made = []
    for _ in range(COUNT):
        parts = []
        for _ in range(source.randint(1, 12)):
            kind = source.random()
            if kind < 0.5:
                parts.append(source.choice(NASTY))
            elif kind < 0.8:
                parts.append(chr(source.randrange(0x0000, 0x2100)))
            else:
                parts.append(chr(source.randrange(0x110000)))
        made.append("".join(parts))
    return made


@pytest.fixture(scope="module")
def hostile() -> list[str]:
    print(f"ALIVE5_SEED={SEED}")  # noqa: T201 - replays a failure
    return strings()


@pytest.mark.promise("D6")
def test_nothing_a_terminal_obeys_is_left(hostile: list[str]) -> None:
    assert [] == [text for text in hostile if any(obeyed(character) for character in clean(text))]
    assert [] == [text for text in hostile if any(obeyed(c) for c in clean_lines(text).replace("\n", ""))]


def test_what_is_clean_is_left_alone(hostile: list[str]) -> None:
    for text in hostile:
        once = clean(text)
        assert once == clean(once)
        kept = [character for character in text if not obeyed(character) and character not in "\u180e\ufeff"]
        shown = list(once)
        missing = [
            c for c in kept if c not in shown and not "\u2060" <= c <= "\u206f" and not "\ufff9" <= c <= "\ufffb"
        ]
        assert [] == missing


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\rb", "a\\x0db"),
        ("a\nb", "a\\x0ab"),
        ("\x9b2J", "\\x9b2J"),
        ("\x7f", "\\x7f"),
        ("abc\u202edef", "abc\\u202edef"),
        ("\u2067x\u2069", "\\u2067x\\u2069"),
        ("\ud83d", "\\ud83d"),
        ("Zoë 健太 👍🏽 👩‍👩‍👧", "Zoë 健太 👍🏽 👩‍👩‍👧"),
    ],
)
def test_examples(text: str, shown: str) -> None:
    assert shown == clean(text)


@pytest.mark.promise("D6")
def test_every_code_point_alone() -> None:
    left = [hex(code) for code in range(0x110000) if obeyed(chr(code)) and any(obeyed(c) for c in clean(chr(code)))]
    assert [] == left


def test_lines_stay_lines() -> None:
    assert "a\nb\\x0d\nc" == clean_lines("a\nb\r\nc")


def test_json_is_ascii_without_controls(hostile: list[str]) -> None:
    for text in hostile:
        line = to_json({"text": text, text: [text]})
        assert all(" " <= character <= "~" for character in line)


def test_json_has_no_infinity() -> None:
    assert '{"a": ["inf", 1.5], "b": "nan"}' == to_json({"a": [float("inf"), 1.5], "b": float("nan")})
