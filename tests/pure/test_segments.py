"""What a text costs: tables of public calculators, and a second count from the standard."""

from __future__ import annotations

import random

import pytest
from support import gsm
from support.counts import count, seed

from alive5 import Alive5, InvalidArgumentError, Segments
from alive5 import segments as of
from alive5.sandbox import Sandbox

HAND, FLAG = "\N{WAVING HAND SIGN}", "\N{REGIONAL INDICATOR SYMBOL LETTER N}\N{REGIONAL INDICATOR SYMBOL LETTER L}"
# Text, encoding, units, parts, the characters that widened it: as the calculators of Twilio, Vonage and MessageBird
# show them, whose tables all follow the same standard.
GOLDEN = [
    ("a", "GSM-7", 1, 1, ""),
    ("a" * 160, "GSM-7", 160, 1, ""),
    ("a" * 161, "GSM-7", 161, 2, ""),
    ("a" * 306, "GSM-7", 306, 2, ""),
    ("a" * 307, "GSM-7", 307, 3, ""),
    ("a" * 459, "GSM-7", 459, 3, ""),
    ("a" * 460, "GSM-7", 460, 4, ""),
    ("a" * 1530, "GSM-7", 1530, 10, ""),
    ("a" * 1531, "GSM-7", 1531, 11, ""),
    ("a" * 1600, "GSM-7", 1600, 11, ""),
    ("€" * 80, "GSM-7", 160, 1, ""),
    ("€" * 81, "GSM-7", 162, 2, ""),
    # 76 pairs a part, since 153 is odd.
    ("€" * 152, "GSM-7", 304, 2, ""),
    ("€" * 153, "GSM-7", 306, 3, ""),
    ("a" * 152 + "€" + "a" * 152, "GSM-7", 306, 3, ""),
    ("a" * 151 + "€" + "a" * 153, "GSM-7", 306, 2, ""),
    ("a" * 158 + "€", "GSM-7", 160, 1, ""),
    ("a" * 159 + "€", "GSM-7", 161, 2, ""),
    ("[{^}]\\~|\f€", "GSM-7", 20, 1, ""),
    ("line\r\nline", "GSM-7", 10, 1, ""),
    ("@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà", "GSM-7", 42, 1, ""),
    ("ç", "UCS-2", 1, 1, "ç"),
    ("`", "UCS-2", 1, 1, "`"),
    ("a\tb", "UCS-2", 3, 1, "\t"),
    ("It\u2019s", "UCS-2", 4, 1, "\u2019"),
    ("\u201cIt\u2019s\u201d, she said \u2014 \u201cyes\u201d", "UCS-2", 24, 1, "\u201c\u2019\u201d\u2014"),
    ("a\u00a0b", "UCS-2", 3, 1, "\u00a0"),
    ("я" * 70, "UCS-2", 70, 1, "я"),
    ("я" * 71, "UCS-2", 71, 2, "я"),
    ("я" * 134, "UCS-2", 134, 2, "я"),
    ("я" * 135, "UCS-2", 135, 3, "я"),
    ("a" * 70 + "я", "UCS-2", 71, 2, "я"),
    (HAND, "UCS-2", 2, 1, HAND),
    (HAND * 35, "UCS-2", 70, 1, HAND),
    (HAND * 36, "UCS-2", 72, 2, HAND),
    # 33 pairs a part, since 67 is odd.
    (HAND * 66, "UCS-2", 132, 2, HAND),
    (HAND * 67, "UCS-2", 134, 3, HAND),
    ("я" * 66 + HAND + "я" * 66, "UCS-2", 134, 3, "я" + HAND),
    ("я" * 65 + HAND + "я" * 67, "UCS-2", 134, 2, "я" + HAND),
    (FLAG, "UCS-2", 4, 1, FLAG),
    ("\uffff", "UCS-2", 1, 1, "\uffff"),
    ("\U00010000", "UCS-2", 2, 1, "\U00010000"),
    # In UCS-2 what is an escape pair in GSM-7 is one unit.
    ("€" * 70 + "я", "UCS-2", 71, 2, "я"),
]


@pytest.mark.parametrize(("text", "encoding", "units", "parts", "widened_by"), GOLDEN)
def test_golden_texts(text: str, encoding: str, units: int, parts: int, widened_by: str) -> None:
    found = of(text)
    assert (encoding, units, parts, parts, tuple(widened_by)) == (
        found.encoding,
        found.units,
        found.parts,
        found.credits,
        found.widened_by,
    )


def test_all_of_the_alphabet_is_counted_as_the_standard_does() -> None:
    # Wide enough for every character of the alphabet, which ends with the euro sign, and some of the rest.
    for code in (*range(1, 0x20AD), *range(0x20AD, 0xD800, 97), *range(0xE000, 0x11000, 97)):
        character = chr(code)
        if not character.strip():
            character += "."
        laid, found = gsm.lay(character), of(character)
        assert (laid.encoding, laid.units) == (found.encoding, found.units), hex(code)


NARROW = "".join(chr(code) for code in gsm.SEPTETS)
ESCAPED = "\f^{}\\[~]|€"
WIDE = "яç\u2019\u201c`\u2014\u00a0中\uffff"
PAIRS = f"{HAND}\U00010000\U0010ffff"


def made(rng: random.Random) -> str:
    """
    Make a text of some mixture, its length near an end of a part more often than not.
    """
    alphabet = "".join(rng.sample((NARROW, ESCAPED * 8, WIDE * 8, PAIRS * 20), rng.randint(1, 4)))
    edge = rng.choice((70, 67, 134, 160, 153, 306, 459, 80, 76, 35, 33))
    length = max(1, edge * rng.randint(1, 3) + rng.randint(-3, 3)) if rng.random() < 0.7 else rng.randint(1, 1600)
    return "".join(rng.choices(alphabet, k=length))


@pytest.mark.timeout(1800)
def test_made_texts_are_counted_as_a_second_implementation_does() -> None:
    rng = random.Random(seed())
    for _ in range(count(ci=2_000, full=100_000)):
        text = made(rng)
        if not text.strip():
            continue
        laid, found = gsm.lay(text), of(text)
        assert (laid.encoding, laid.units, len(laid.parts)) == (found.encoding, found.units, found.parts)
        assert list(dict.fromkeys(laid.strange)) == list(found.widened_by)
        # The second implementation keeps characters whole: each part can be read by itself.
        assert text == gsm.read(laid)


@pytest.mark.parametrize("wrong", ["", "  ", None, 7, b"text", "a\ud83d", "a\0b"])
def test_what_cannot_be_sent_is_refused(wrong: object) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        of(wrong)  # type: ignore[arg-type]
    assert "message" == caught.value.argument


def test_a_text_too_long_to_be_sent_still_has_a_price() -> None:
    assert 14 == of("a" * 2_000).parts


def test_both_fronts_count_without_a_request() -> None:
    sandbox = Sandbox(livechat=0, sms=0, fbm=0)
    expected = Segments("UCS-2", 2, 1, 1, (HAND,))
    with sandbox.client() as client:
        assert expected == client.sms.segments(HAND)
    assert expected == sandbox.async_client().sms.segments(message=HAND)
    assert expected == Alive5(port=sandbox.client()._core._caller.port).sms.segments(HAND)
    assert [] == sandbox.requests


def test_its_repr_shows_nothing_of_the_text() -> None:
    assert "<Segments UCS-2 units=2 parts=1>" == repr(of("ça"))
