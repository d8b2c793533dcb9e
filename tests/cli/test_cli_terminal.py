"""What strangers wrote reaches a terminal without anything it could obey."""

from __future__ import annotations

import io
import json
import os
import random
import unicodedata

import pytest

from alive5._sansio.visible import clean, clean_lines
from alive5.cli._output import to_json

SEED = int(os.environ.get("ALIVE5_SEED", "20261104"))
COUNT = 4000
# Unicode's Default_Ignorable_Code_Point, as DerivedCoreProperties.txt has it: Python's tables do not.
IGNORABLE = (
    *((0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F)),
    *((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF)),
    *((0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)),
)
PICTURES = ("So", "Sm", "Po", "Cn")
TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
NASTY = [
    "\x1b[2J", "\x1b]0;title\x07", "\x1b]8;;https://example.com\x1b\\", "\x9b31m", "\x9d0;t\x9c", "\r", "\n", "\t",
    "\b", "\x7f", "\x00", "\u202e", "\u2066", "\u2069", "\u200f", "\u061c", "\u2028", "\u2029", "\x85", "\ud800",
    "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\ufe0f", "\U000e0041", "\U000e007f", "\u034f",
    "\u3164", "👩", "👍🏽", "❤️", "1️⃣", "\x1bP", "\x90", "[bold]", ":smile:", "\\x1b", "é", "נועה", "健太", "👩‍👩‍👧",
    "+12025550123", "plain",
]  # fmt: skip


def obeyed(character: str) -> bool:
    """
    Whether a terminal could obey a character or show nothing for it, by Unicode's own tables.
    """
    ignorable = any(first <= ord(character) <= last for first, last in IGNORABLE)
    return ignorable or unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def left_in(text: str) -> list[str]:
    """
    Return what is left of that in a cleaned text; a joiner between two pictures and a selector after one are seen.
    """
    return [hex(ord(c)) for place, c in enumerate(text) if obeyed(c) and not seen(text, place)]


def seen(text: str, place: int) -> bool:
    before, after = text[:place].rstrip(TONES), text[place + 1 :]
    if text[place] in "\ufe0e\ufe0f":
        keycap = before[-1:] in [*"0123456789#*"] and after.startswith("\u20e3")
        return keycap or picture(before[-1:])
    return text[place] == "\u200d" and picture(before.rstrip("\ufe0e\ufe0f")[-1:]) and picture(after[:1])


def picture(character: str) -> bool:
    return bool(character) and not obeyed(character) and unicodedata.category(character) in PICTURES


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
def test_nothing_a_terminal_obeys_or_hides_is_left(hostile: list[str]) -> None:
    assert [] == [text for text in hostile if left_in(clean(text))]
    assert [] == [text for text in hostile if left_in(clean_lines(text).replace("\n", ""))]


def test_what_is_clean_is_left_alone(hostile: list[str]) -> None:
    for text in hostile:
        once = clean(text)
        assert once == clean(once)
        assert [c for c in text if not obeyed(c) and c not in once] == []


@pytest.mark.promise("D6")
def test_two_texts_that_differ_look_different(hostile: list[str]) -> None:
    """
    Hidden characters between letters change what is shown.
    """
    source = random.Random(SEED + 1)
    for first, last in IGNORABLE:
        for code in {first, last, source.randint(first, last)}:
            assert f"pay{chr(code)}ment" != clean(f"pay{chr(code)}ment")


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
        ("❤️ ☎︎ 1️⃣ 👩🏽‍🚀 🏳️‍🌈", "❤️ ☎︎ 1️⃣ 👩🏽‍🚀 🏳️‍🌈"),
        ("👩\u200d x", "👩\\u200d x"),
        ("\u200d👩", "\\u200d👩"),
        ("👩\u200d\u200d👩", "👩\\u200d\\u200d👩"),
        ("あ\u200dい", "あ\\u200dい"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("soft\u00adhyphen", "soft\\xadhyphen"),
        ("tag\U000e0061\U000e007f", "tag\\U000e0061\\U000e007f"),
        ("a\ufe0f", "a\\ufe0f"),
    ],
)
def test_examples(text: str, shown: str) -> None:
    assert shown == clean(text)


@pytest.mark.promise("D6")
def test_every_code_point_alone() -> None:
    assert [] == [hex(code) for code in range(0x110000) if obeyed(chr(code)) and clean(chr(code)) == chr(code)]


def test_lines_stay_lines() -> None:
    assert "a\nb\\x0d\nc" == clean_lines("a\nb\r\nc")


@pytest.mark.promise("D6")
def test_json_means_the_same_and_holds_nothing_a_terminal_obeys_or_hides(hostile: list[str]) -> None:
    for text in hostile:
        line = to_json({"text": text, text: [text]})
        assert [] == left_in(line)
        assert {"text": text, text: [text]} == json.loads(line)


def test_json_of_several_lines_keeps_them() -> None:
    assert '{\n  "a": "x\\ny"\n}' == to_json({"a": "x\ny"}, indent=2)


def test_json_has_text_as_it_is() -> None:
    assert '{"name": "Zoë 健太 👩‍👩‍👧 נועה"}' == to_json({"name": "Zoë 健太 👩‍👩‍👧 נועה"})
    assert '"\\u001b\\u009b\\u202e\\udb40\\udc41\\ud83d"' == to_json("\x1b\x9b\u202e\U000e0041\ud83d")


@pytest.mark.parametrize(
    ("encoding", "shown"), [("utf-8", "Groß"), ("latin-1", "Gro\\u00df"), ("cp1252", "Gro\\u00df")]
)
def test_json_for_a_stream_of_another_encoding_is_ascii(encoding: str, shown: str) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    assert f'"{shown}"' == to_json("Groß", stream=stream)


def test_json_has_no_infinity() -> None:
    assert '{"a": ["inf", 1.5], "b": "nan"}' == to_json({"a": [float("inf"), 1.5], "b": float("nan")})
