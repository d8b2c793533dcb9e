"""What an envelope means, written from the contract's rules alone, for the truth table."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import attrs

MISSING = object()
SHAPES: dict[str, Any] = {
    "rows": [{"tag_id": "t1"}],
    "object": {"tag_id": "t1", "count": 3},
    "items": {"Items": [{"tag_id": "t1"}], "page": 1},
    "nothing": None,
    "text": "text",
    "number": 5,
    "empty": [],
}
# Of codes: what they count as.
CODES: list[tuple[Any, int | None]] = [
    (MISSING, None),
    (200, 200),
    ("200", 200),
    (400, 400),
    ("404", 404),
    (429, 429),
    (500, 500),
    (True, None),
    (400.5, None),
    ("bad", None),
    (None, None),
]
# Of errors: whether they are empty, and the text they hold.
ERRORS: list[tuple[Any, bool, str]] = [
    (MISSING, True, ""),
    (None, True, ""),
    ({}, True, ""),
    ("", True, ""),
    ([], True, ""),
    (False, True, ""),
    ("Invalid Token", False, "Invalid Token"),
    ({"message": "boom"}, False, "boom"),
    ({"detail": 1}, False, ""),
    (["x"], False, ""),
]
SUCCESS: list[tuple[Any, bool]] = [(MISSING, True), (True, True), (False, False), (None, True)]
STATUSES = (200, 201, 302, 400, 401, 404, 500, 503)


@attrs.frozen
class Layer:
    """One layer as written, and what it means."""

    code: tuple[Any, int | None] = CODES[1]
    error: tuple[Any, bool, str] = ERRORS[1]
    success: tuple[Any, bool] = SUCCESS[0]

    @property
    def fails(self) -> bool:
        return (self.code[1] or 0) >= 400 or not self.error[1] or not self.success[1]

    def wrap(self, data: Any) -> dict[str, Any]:
        values = {"code": self.code[0], "data": data, "error": self.error[0], "success": self.success[0]}
        return {name: value for name, value in values.items() if value is not MISSING}


@attrs.frozen
class Case:
    """An answer: layers from the outermost in, the data, the HTTP status."""

    layers: tuple[Layer, ...]
    shape: str
    status: int

    @property
    def body(self) -> Any:
        value = SHAPES[self.shape]
        for layer in reversed(self.layers):
            value = layer.wrap(value)
        return value

    @property
    def is_good(self) -> bool:
        return self.status // 100 == 2 and not any(layer.fails for layer in self.layers)

    @property
    def code(self) -> int | None:
        """The innermost code of 400 or more, else the status; None when only an error speaks."""
        codes = [layer.code[1] for layer in self.layers if (layer.code[1] or 0) >= 400]
        return codes[-1] if codes else None if self.status // 100 == 2 else self.status

    @property
    def is_authentication(self) -> bool:
        said = " ".join(layer.error[2] for layer in self.layers).lower()
        return self.code == 401 or (self.code == 400 and "invalid token" in said)


def cases() -> Iterator[Case]:
    """
    Yield one layer in all its forms, two in most, three and none in some.
    """
    shapes = tuple(SHAPES)
    for code, error, success, status in itertools.product(CODES, ERRORS, SUCCESS, STATUSES):
        yield Case((Layer(code, error, success),), "object", status)
    for code, error, shape, status in itertools.product(CODES, ERRORS, shapes, (200, 404, 500)):
        yield Case((Layer(code, error),), shape, status)
    few = (ERRORS[1], ERRORS[2], ERRORS[6], ERRORS[7])
    for outer, inner, error, beneath, status in itertools.product(CODES, CODES, few, few, (200, 400)):
        yield Case((Layer(outer, error), Layer(inner, beneath)), "object", status)
    for codes in itertools.product(CODES[:6], repeat=3):
        yield Case(tuple(Layer(code) for code in codes), "rows", 200)
    for shape, status in itertools.product(("rows", "object", "items", "empty"), STATUSES):
        yield Case((), shape, status)
