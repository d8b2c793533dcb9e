"""The readers and writers of JSON that msgspec has, imported when the first is used."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple, Union

from .._lazy import importing

if TYPE_CHECKING:
    import msgspec

# Numbers beyond these are read and written with care: an integer of 64 bits, and the first real with an exponent.
LEAST: Final = -(2**63)
MOST: Final = 2**64 - 1
_EXPONENT_FROM: Final = 1e16
# An envelope or two, the list, a row, its thread, an entry of it and what is in that: a service nests no deeper. One
# more makes the type half as large again, and deeper values are read all the same.
_LEVELS: Final = 8


class Parser(NamedTuple):
    """What of msgspec is used; ``refused`` is what its readers raise."""

    usual: msgspec.json.Decoder[Any]
    exact: msgspec.json.Decoder[Any]
    plain: msgspec.json.Encoder
    sorted: msgspec.json.Encoder
    refused: tuple[type[msgspec.DecodeError], type[UnicodeDecodeError]]


@cache
def parser() -> Parser:
    """
    Return msgspec's readers and writers, imported and made on first use: that takes 8 ms, and many commands need none.

    The reader of usual values refuses what has to be read with care, and costs
    no more than one of any.
    """
    with importing():
        import msgspec

    integer = Annotated[int, msgspec.Meta(ge=LEAST, le=2**63 - 1)]  # the largest bound msgspec takes
    real = Annotated[float, msgspec.Meta(gt=-_EXPONENT_FROM, lt=_EXPONENT_FROM)]
    scalar: Any = Union[integer, real, str, bool, None]  # noqa: UP007 - of values
    listed, mapped = list[scalar], dict[str, scalar]
    for _ in range(_LEVELS):
        # No list holds lists: with them the type would double with each level.
        listed, mapped = list[Union[scalar, mapped]], dict[str, Union[scalar, listed, mapped]]  # type: ignore[valid-type] # noqa: UP007
    return Parser(
        usual=msgspec.json.Decoder(Union[scalar, listed, mapped]),  # noqa: UP007
        exact=msgspec.json.Decoder(),
        plain=msgspec.json.Encoder(),
        sorted=msgspec.json.Encoder(order="deterministic"),
        refused=(msgspec.DecodeError, UnicodeDecodeError),
    )
