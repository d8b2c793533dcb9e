"""Bodies no service should send: real envelopes, mutated by a seed, and plain garbage."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from typing import Final

_VALUE = re.compile(rb'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null|\{\}|\[\]')
NASTY: Final[tuple[bytes, ...]] = (
    b"null", b"true", b"false", b'""', b"[]", b"{}", b"0", b"-1", b"-0.0", b"1e999999", b"-1e999999", b"NaN",
    b"Infinity", b"-Infinity", b"9" * 5_000, b"-" + b"9" * 30, b"1" + b"0" * 400 + b".5", b"1767225600",
    b"99999999999999", b'"99999999999999999999"', b'"\\ud800"', b'"\\udfff\\ud800"', b'"\xed\xa0\x80"', b'"\xff\xfe"',
    b'"\\u0000"', b'"\\u202e"', b'"2026-02-30T25:61:61Z"', b'"0000-00-00"', b'"9999-12-31T23:59:59.999999+23:59"',
    b'"open||"', b'"||"', b'"open||1e999"', b'"\xd9\xa1\xd9\xa2"', b'"NaN"', b'"1_000"', b'" 200 "', b'"400"',
    b"[[[]]]", b'[{"a": [1, null]}]', b'{"data": {"data": null}}', b'{"code": 500}', b'{"success": false}',
    b'{"error": "x"}', b"[" * 60 + b"]" * 60, b"[" * 200_000, b'{"a":' * 5_000, b"[null, 1, \"x\", {}]",
    b"1 2", b"", b",", b"\xef\xbb\xbf", b'{"code": 200, "code": 400}', b'{"": ""}', b'{"__proto__": {"x": 1}}',
)  # fmt: skip
_ENVELOPES: Final = ('{"code":%s,"data":%s,"error":%s}', '{"data":%s,"success":%s,"error":%s}', "[%s,%s,%s]")
# Deep and long values are drawn seldom: they cost a hundred times the others.
_WEIGHTS: Final = tuple(1.0 if len(value) < 1_000 else 0.05 for value in NASTY)


class Mutator:
    """Gives body after body; the same seed and samples give the same ones."""

    def __init__(self, seed: int, samples: Sequence[bytes]) -> None:
        self.rng = random.Random(seed)
        self._samples = samples
        self._spans = {sample: [match.span() for match in _VALUE.finditer(sample)] for sample in samples}
        self._ways = (self._value, self._value, self._value, self._name, self._flip, self._cut, self._splice)

    def body(self, sample: bytes) -> bytes:
        """
        Return a body made from *sample*, or from nothing.
        """
        if self.rng.random() < 0.1:
            return self._garbage()
        changed = self.rng.choice(self._ways)(sample)
        return changed if self.rng.random() < 0.9 else self._flip(changed)

    def _nasty(self) -> bytes:
        return self.rng.choices(NASTY, _WEIGHTS)[0]

    def _value(self, sample: bytes) -> bytes:
        spans = self._spans[sample]
        places = sorted(self.rng.sample(range(len(spans)), min(len(spans), self.rng.choice((1, 1, 2, 5, 50)))))
        parts, end = [], 0
        for place in places:
            start, stop = spans[place]
            parts += [sample[end:start], self._nasty()]
            end = stop
        return b"".join([*parts, sample[end:]])

    def _name(self, sample: bytes) -> bytes:
        names = [span for span in self._spans[sample] if sample[span[1] : span[1] + 1] == b":"]
        if not names:
            return self._garbage()
        (start, stop), (first, last) = self.rng.choice(names), self.rng.choice(names)
        return sample[:start] + sample[first:last] + sample[stop:]

    def _flip(self, sample: bytes) -> bytes:
        changed = bytearray(sample)
        for _ in range(self.rng.choice((1, 1, 3, 20)) if changed else 0):
            changed[self.rng.randrange(len(changed))] = self.rng.randrange(256)
        return bytes(changed)

    def _cut(self, sample: bytes) -> bytes:
        first, last = sorted(self.rng.randrange(len(sample) + 1) for _ in range(2))
        return self.rng.choice((sample[:last], sample[first:], sample[:first] + sample[last:]))

    def _splice(self, sample: bytes) -> bytes:
        other = self.rng.choice(self._samples)
        return sample[: self.rng.randrange(len(sample))] + other[self.rng.randrange(len(other)) :]

    def _garbage(self) -> bytes:
        kind = self.rng.randrange(4)
        if kind == 0:
            return self.rng.randbytes(self.rng.randrange(100))
        if kind == 1:
            return self._nasty()
        if kind == 2:
            texts = tuple(self._nasty().decode("latin-1") for _ in range(3))
            return (self.rng.choice(_ENVELOPES) % texts).encode("latin-1")
        text = json.dumps({"code": 200, "data": [], "error": None})
        return text.encode(self.rng.choice(("utf-16", "utf-8-sig", "utf-32", "cp037")))
