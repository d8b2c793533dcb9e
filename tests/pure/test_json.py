"""JSON: hostile bodies, our own lines, and the bytes that are written and digested."""

from __future__ import annotations

import enum
import json
import math
import random
import struct
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timezone
from typing import Any

import pytest
from support.counts import count, seed

from alive5._json import codec as room
from alive5._json.codec import canonical, dumps, dumps_given, loads, text_of
from alive5._json.deep import read_deep
from alive5._sansio.wire import encode_body


def read_body(body: bytes) -> Any:
    """
    Return the value of a body, which the writer has to agree on where it is a usual one.
    """
    read = room.read_body(body)
    if read.usual:
        assert canonical(read.value) == canonical(read.value, usual=True)
    return read.value


def nest(levels: int, inner: Any = None) -> Any:
    """
    Return a list in lists.
    """
    value = [] if inner is None else [inner]
    for _ in range(levels - 1):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"[18446744073709551615,-9223372036854775808,-0,-0.0]", [2**64 - 1, -(2**63), 0, -0.0]),
        (b"[18446744073709551616,-9223372036854775809]", [2.0**64, -(2.0**63)]),
        (b'{"a":[{"b":1000000000000000000000000000000}]}', {"a": [{"b": 1e30}]}),
        (b"[[[1" + b"0" * 20 + b"]]]", [[[1e20]]]),
        (b"[1" + b"0" * 20 + b",NaN]", [10**20, "NaN"]),
        (b"[1" + b"0" * 309 + b",18446744073709551616]", [10**309, 2**64]),
        (b"[1e16,-1e300,9999999999999998.0,1e-400]", [1e16, -1e300, 9999999999999998.0, 0.0]),
        (b'{"a":1,"b":2,"a":3}', {"a": 3, "b": 2}),
        (b"[" * 12 + b"]" * 12, nest(12)),
    ],
)
def test_a_body_is_read_as_ever(body: bytes, value: Any) -> None:
    assert repr(value) == repr(read_body(body))


@pytest.mark.parametrize(
    ("body", "usual"),
    [
        (b'{"code":200,"data":{"Items":[{"threadData":{"crmData":{"tags":["a"]}},"x":[{"y":{"z":[1.5]}}]}]}}', True),
        (b'{"a":[9223372036854775807,-9223372036854775808,9999999999999998.0,"",true,null]}', True),
        (b"[9223372036854775808]", False),
        (b"[1e16]", False),
        (b"[[1]]", False),
        (b'["\\ud800"]', False),
        (b'{"a":' * 20 + b"1" + b"}" * 20, False),
    ],
)
def test_a_usual_body_is_known(body: bytes, usual: bool) -> None:
    assert usual is room.read_body(body).usual


@pytest.mark.parametrize("levels", [254, 900, 985, 1000, 1024])
def test_a_body_of_many_levels_is_read(levels: int) -> None:
    body = b"[" * levels + b"18446744073709551616" + b"]" * levels
    value = read_body(body)
    for _ in range(levels):
        (value,) = value
    assert value == 2.0**64


@pytest.mark.parametrize("body", [b"", b"{", b"[1,]", b"nul", b"[1 2]", b'"\\x"', b"\x00", b"<html>", b"[01]"])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_body(body)
    with pytest.raises(ValueError, match=r"."):
        loads(body)


GOLDEN: list[tuple[Any, str]] = [
    ([1e16, -1e16, 1.5e300, 1e22, 123456789012345680.0], "[1e+16,-1e+16,1.5e+300,1e+22,1.2345678901234568e+17]"),
    ([5e-324, 1e-5, 1.5e-5, 1e-7, 0.1, 1.0, -0.0], "[5e-324,0.00001,0.000015,1e-7,0.1,1.0,-0.0]"),
    ([9999999999999998.0, 1e15], "[9999999999999998.0,1000000000000000.0]"),
    (1e300, "1e+300"),
    ([2**64 - 1, -(2**63)], "[18446744073709551615,-9223372036854775808]"),
    (["é", 2**64], '["\\u00e9",18446744073709551616]'),
    (["é", -(2**63) - 1], '["\\u00e9",-9223372036854775809]'),
    (["é", "\ud800"], '["\\u00e9","\\ud800"]'),
    (["é", "12345678901234567890123"], '["é","12345678901234567890123"]'),
    (['1e20,"', "x\\", 1e20, ",1e20,"], '["1e20,\\"","x\\\\",1e+20,",1e20,"]'),
    ('\x00\b\t\n\v\f\r\x1f"\\/\x7f\u2028', '"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\\"\\\\/\x7f\u2028"'),
    ({"b": 1, "a": 2, "é": 3, "Z": 4, "😀": 5, "\uffff": 6, "": 7}, '{"":7,"Z":4,"a":2,"b":1,"é":3,"\uffff":6,"😀":5}'),
    (math.nan, "null"),
    (nest(254, "é"), "[" * 254 + '"é"' + "]" * 254),
    (nest(255, "é"), "[" * 255 + '"\\u00e9"' + "]" * 255),
    ([nest(2, "é")] * 300, "[" + ",".join(['[["é"]]'] * 300) + "]"),
    ({"b": nest(1500), "a": "é"}, '{"a":"\\u00e9","b":' + "[" * 1500 + "]" * 1500 + "}"),
]


@pytest.mark.parametrize(("value", "written"), GOLDEN, ids=range(len(GOLDEN)))
def test_the_bytes_of_a_line_are_the_same_for_ever(value: Any, written: str) -> None:
    """Lines are digested, and compared with those of years ago."""
    assert written.encode() == canonical(value)


def test_a_line_is_read_exactly() -> None:
    for value in ([2**64, -(10**30), 1e300, "\ud800é"], {"a": 2**64}, [1.0, 1, True, None], nest(1000, 2**70)):
        back = loads(canonical(value))
        assert canonical(value) == canonical(back)
    assert {"a": 1} == loads('{"a": 1}')
    assert "x" in loads(b'["x", "\\ud800"]')


@pytest.mark.parametrize("value", ["\ud800", 2**64, nest(255), object()], ids=range(4))
def test_what_utf8_cannot_carry_is_not_sent(value: Any) -> None:
    with pytest.raises(TypeError):
        dumps({"a": value})


def test_the_text_of_a_value_is_compact_where_it_can_be() -> None:
    assert ('{"b":["é",1e+20],"a":null}', '["\\u00e9", "\\ud800"]') == (
        text_of({"b": ["é", 1e20], "a": None}),
        text_of(["é", "\ud800"]),
    )


class Word(str):
    """A text of a class of its own."""


class Colour(enum.Enum):
    """A member of an enumeration."""

    RED = "red"


def test_what_a_caller_gives_is_written_as_its_values() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
    given = {
        Word("w"): Word("x"), "e": Colour.RED, "t": (True, 1, 1.5, None), "m": moment, "d": date(2026, 1, 2),
        "c": time(3, 4), "u": uuid.UUID(int=1), "n": {"a": []}, "nan": math.nan,
    }  # fmt: skip
    expected = (
        b'{"w":"x","e":"red","t":[true,1,1.5,null],"m":"2026-01-02T03:04:05+00:00","d":"2026-01-02","c":"03:04:00",'
        b'"u":"00000000-0000-0000-0000-000000000001","n":{"a":[]},"nan":null}'
    )
    assert (expected, expected) == (dumps_given(given), encode_body(given, "json")[1])


@pytest.mark.parametrize(
    "value", [b"x", {1, 2}, object(), {"a": {1: 2}}, 2**64, "\ud800", nest(255), nest(3000)], ids=range(8)
)
def test_what_json_cannot_hold_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        dumps_given({"a": value})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (' [ 1 , { "a" : [ ] , "b" : { } } , "x" , -1.5e3 ] ', [1, {"a": [], "b": {}}, "x", -1500.0]),
        ('{"a":1,"a":[true,null,false]}', {"a": [True, None, False]}),
        ("[]", []),
        (" 7 ", 7),
        ('{"a":{"b":{}}}', {"a": {"b": {}}}),
    ],
)
def test_deep_json_is_read_without_recursion(text: str, value: Any) -> None:
    assert value == read_deep(text) == json.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "[", "{", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1]]", "[1}", '{"a"}', '{"a":}', '{"a":1,}', "{1:2}",
        "{,}", '{[]:1}', '{"a":1]', "[01]", "[NaN]", '["a\tb"]', "[1]x", "nul", "[[1],", "{}{}",
        "[" * 1025 + "]" * 1025,
    ],
)  # fmt: skip
def test_what_is_no_deep_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_deep(text)


NUMBERS = [
    "0", "-0", "-0.0", "1e400", "1e-400", "NaN", "-Infinity", "01", "1.", ".5", "-", "1e", "1E+5", "1e16", "1e15",
    "0.00001", "9999999999999998", "9" * 19, "9" * 20, "9" * 308, "9" * 309, "9" * 4301,
    "-" + "9" * 19, "1" + "0" * 400 + ".5",
    *(str(edge + near) for edge in (2**63, 2**64, -(2**63)) for near in (-1, 0, 1)),
]  # fmt: skip
PARTS = [
    b"a", b"abc", "é😀".encode(), b"\\u00e9", b"\\ud83d\\ude00", b"\\n", b"\\/", b'\\"', b"\\\\", b"\\u0000",
    b"\\u2028", b"\x7f", b": 99999999999999999999,", b",1e20,", b"1" * 20,
]  # fmt: skip
BAD_PARTS = [b"\\ud800", b"\\udc00", b"\xff", b"\xed\xa0\x80", b"\t", b"\\x", b'"']


class Hostile:
    """Gives bodies that are JSON, nearly JSON and not quite."""

    def __init__(self, source: random.Random) -> None:
        self.source = source

    def body(self) -> bytes:
        """
        Return one, with a byte changed now and then.
        """
        source = self.source
        made = b'{"code":200,"data":%s}' % self._value(5) if source.random() < 0.6 else self._nested()
        if source.random() < 0.1:
            place = source.randrange(len(made))
            made = made[:place] + source.randbytes(source.randrange(2)) + made[place + source.randrange(2) :]
        return made

    def _value(self, left: int) -> bytes:
        kind = self.source.randrange(8 if left else 3)
        if kind < 2:
            return self._number() if kind else self._text()
        if kind == 2:
            return self.source.choice([b"null", b"true", b"false", b"[]", b"{}"])
        values = [self._value(left - 1) for _ in range(self.source.randrange(4))]
        if kind < 5:
            return b"[" + self._gap().join(b"," + value for value in values)[1:] + self._gap() + b"]"
        pairs = [self._text() + self._gap() + b":" + self._gap() + value for value in values]
        return b"{" + self._gap() + b",".join(pairs) + b"}"

    def _nested(self) -> bytes:
        levels = self.source.choice([self.source.randrange(6, 14), self.source.randrange(250, 260), 800])
        opened = [self.source.choice([b"[", b"[1,", b'{"a":', '{"b":2,"é":'.encode()]) for _ in range(levels)]
        closed = [b"]" if part[:1] == b"[" else b"}" for part in reversed(opened)]
        return b"".join([*opened, self._value(1), *closed])

    def _number(self) -> bytes:
        kind = self.source.randrange(4)
        if kind == 0:
            return self.source.choice(NUMBERS).encode()
        if kind == 1:
            return repr(struct.unpack("d", self.source.randbytes(8))[0]).encode()
        if kind == 2:
            return b"%de%d" % (self.source.randrange(10**20), self.source.randrange(-330, 330))
        return b"%d" % self.source.randrange(-(10 ** self.source.randrange(1, 30)), 10**18)

    def _text(self) -> bytes:
        parts = [self.source.choice(PARTS) for _ in range(self.source.randrange(4))]
        if self.source.random() < 0.01:
            parts.append(self.source.choice(BAD_PARTS))
        return b'"' + b"".join(parts) + b'"'

    def _gap(self) -> bytes:
        return self.source.choice([b"", b"", b" ", b"\r\n\t"])


def _integer(digits: str) -> int | str:
    try:
        return int(digits)
    except ValueError:
        return digits


def _real(digits: str) -> float | str:
    return float(digits) if math.isfinite(float(digits)) else digits


TOLERANT = json.JSONDecoder(strict=False, parse_constant=str, parse_int=_integer, parse_float=_real)


def tried(act: Callable[[Any], Any], given: Any) -> Any:
    """
    Return a result, or the class of an error.
    """
    try:
        return act(given)
    except (TypeError, ValueError, RecursionError) as error:
        return "RecursionError" if isinstance(error, RecursionError) else "error"


def spelled(value: Any) -> str:
    """
    Return a value so that two are equal which are the same, types, order of keys and signs of zero included.
    """
    return value if isinstance(value, str) else json.dumps(value)


def names_twice(body: bytes) -> bool:
    """
    Whether an object of a body has a name twice.
    """
    found: list[bool] = []

    def see(pairs: list[tuple[str, Any]]) -> None:
        found.append(len(dict(pairs)) < len(pairs))

    with suppress(ValueError, RecursionError):
        json.JSONDecoder(strict=False, object_pairs_hook=see, parse_int=str).decode(body.decode("utf-8", "replace"))
    return any(found)


@pytest.mark.promise("H1")
@pytest.mark.timeout(900)
def test_bodies_and_lines_are_what_they_were_with_the_parser_before() -> None:
    """Directories and ids that exist were made of what orjson read and wrote."""
    orjson = pytest.importorskip("orjson", minversion="3.11")  # older ones write 1e16, not 1e+16

    def read(body: bytes) -> Any:
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError:
            return TOLERANT.decode(body.decode("utf-8", "replace").lstrip("\ufeff"))

    def write(value: Any) -> bytes:
        try:
            return bytes(orjson.dumps(value, option=orjson.OPT_SORT_KEYS))
        except TypeError:
            return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()

    hostile, strict = Hostile(random.Random(seed())), 0
    for _ in range(count(ci=800, full=20_000)):
        body = hostile.body()
        if b"9" * 309 in body and names_twice(body):
            continue  # one that both refuse, but the newer one not where another value of its name takes its place
        value = tried(read, body)
        assert spelled(value) == spelled(tried(read_body, body)), body
        if value not in ("error", "RecursionError"):
            strict += 1
            assert write(value) == canonical(value), body
            assert value == loads(canonical(value)), body
    assert strict > count(ci=800, full=20_000) / 3
