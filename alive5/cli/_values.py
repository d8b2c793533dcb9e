"""Values of options: those that are several, by one rule, and what a shell offers for each."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from typing import Any, Final

import typer

from .._sansio.options import wants_sandbox
from ..errors import ConfigurationError
from ._ids import Named, Sort, recall

Offers = Callable[[typer.Context, str], Iterable[str | Named]]
"""What may stand for a value that begins so, with a word on each or none."""

_COMMA: Final = re.compile(r"(?<!\\),")
# The value of NAME=VALUE may have commas: one that ends it stands before the next NAME=.
_COMMA_OF_PAIRS: Final = re.compile(r"(?<!\\),(?=[^,=]*=)")


def several(*flags: str, about: str, offers: Iterable[str] | Offers = (), pairs: bool = False, **more: Any) -> Any:
    r"""
    Return an option of several values, by the one rule for all: ``a,b`` is as good as repetition, ``\,`` is a comma.

    Its annotation is ``list[str]``. *pairs* says that values are NAME=VALUE.
    """
    comma = _COMMA_OF_PAIRS if pairs else _COMMA

    def split(values: list[str] | None) -> list[str] | None:
        return [word for text in values for word in _words(comma, text)] if values else None

    def offer(ctx: typer.Context, incomplete: str) -> list[Any]:
        before = incomplete[: max((found.end() for found in comma.finditer(incomplete)), default=0)]
        return [(before + value, told) for value, told in _offered(ctx, offers, incomplete[len(before) :])]

    said = f"{about.rstrip('.')}; several as a,b or repeated."
    return typer.Option(*flags, help=said, callback=split, autocompletion=offer, **more)


def offering(offers: Iterable[str] | Offers) -> Callable[..., list[Any]]:
    """
    Return what completes an option or an argument of one value.
    """

    def offer(ctx: typer.Context, incomplete: str) -> list[Any]:
        return _offered(ctx, offers, incomplete)

    return offer


def ids(sort: Sort) -> Offers:
    """
    Return the ids of the last listing, as what is offered.
    """

    def offered(ctx: typer.Context, _: str) -> list[Named]:
        return recall(os.environ, sort, sandbox=_is_of_sandbox(ctx))

    return offered


def zones(_: typer.Context, __: str) -> Iterable[str]:
    """
    Return the names of time zones.
    """
    from zoneinfo import available_timezones

    return sorted(available_timezones())


def _words(comma: re.Pattern[str], text: str) -> list[str]:
    words = [word.strip().replace("\\,", ",") for word in comma.split(text)]
    if not all(words):
        raise typer.BadParameter(f"a value is empty in {text!r}")
    return words


def _offered(ctx: typer.Context, offers: Iterable[str] | Offers, incomplete: str) -> list[Named]:
    found = offers(ctx, incomplete) if callable(offers) else offers
    return [one if isinstance(one, tuple) else (one, "") for one in found]


def _is_of_sandbox(ctx: Any) -> bool:
    """Whether a command line that is being typed asks for the sandbox; the last of its options decides."""
    while ctx is not None:
        if (chosen := ctx.params.get("sandbox")) is not None:
            return bool(chosen)
        ctx = ctx.parent
    try:
        return wants_sandbox(os.environ)
    except ConfigurationError:
        return False
