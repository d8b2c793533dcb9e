"""
The formats an export can be written in, by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import tzinfo
from typing import Final

from ....errors import InvalidArgumentError
from ..extras import need
from ._base import Format, Stored, Tally
from .csv import Csv, SingleCsv
from .duckdb import DuckDb
from .jsonl import JsonLines
from .parquet import Parquet
from .sqlite import Sqlite
from .xlsx import Xlsx

__all__ = ["FORMATS", "Format", "Stored", "Tally", "choose"]

FORMATS: Final[Mapping[str, Format]] = {
    made.name: made for made in (JsonLines(), Csv(), Sqlite(), Parquet(), DuckDb(), Xlsx())
}

DEFAULT_FORMATS: Final = ("jsonl",)


_SINGLE: Final = SingleCsv()


def choose(names: Iterable[str], *, single: bool = False, zone: tzinfo | None = None) -> list[Format]:
    """
    Return the named formats, once each; their packages must be there.

    With *single* the one of CSV has one file a table. Times of *zone* are for
    the format that knows no zones.
    """
    names = [names] if isinstance(names, str) else list(names)
    if not names:
        raise InvalidArgumentError("formats must name at least one format", argument="formats")
    for name in names:
        if name not in FORMATS:
            raise InvalidArgumentError(f"formats must be of: {', '.join(FORMATS)}", argument="formats")
    if single and Csv.name not in names:
        raise InvalidArgumentError("single is for CSV: formats must name csv", argument="single")
    known: Mapping[str, Format] = {**FORMATS, **({Csv.name: _SINGLE} if single else {}), Xlsx.name: Xlsx(zone)}
    chosen: list[Format] = [known[name] for name in known if name in names]
    for made in chosen:
        for package in made.needs:
            need(package, made.name)
    return chosen
