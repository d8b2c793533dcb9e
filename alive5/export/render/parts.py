"""
Parts: the files an export consists of, and their names.

A part's name follows from the content it is made of, which needs no rendering
to be known: a part whose content did not change keeps its file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Protocol

import attrs

from ..._version import __version__
from ...models.conversation import KINDS
from ..dataset.formats import Format, Stored
from ..dataset.schema import SCHEMA_VERSION, TABLES


class RowSource(Protocol):
    """The rows to render: the store, or anything with its three methods."""

    def months(self, kind: str) -> Sequence[str]:
        """
        Return the months that have rows.
        """
        ...

    def rows(self, kind: str, month: str) -> Iterator[Stored]:
        """
        Yield a month's rows in order of start and id.
        """
        ...

    def content_key(self, kind: str, month: str) -> str:
        """
        Return a digest of a month's rows.
        """
        ...


@attrs.frozen
class Part:
    """
    A format's share of the rows; ``kind`` and ``month`` are None when it is all of them.
    """

    format: Format
    kind: str | None
    month: str | None
    name: str
    rows: Callable[[], Iterable[Stored]]

    @property
    def homes(self) -> Mapping[str, str]:
        """
        The file of each table it has rows of, relative to the export.
        """
        suffixes = self.format.suffixes
        if self.format.whole and len(suffixes) == len(TABLES):
            return {table: f"{table}-{self.name}.{suffix}" for table, suffix in suffixes.items()}
        if self.format.whole:
            return dict.fromkeys(TABLES, f"export-{self.name}.{suffixes['conversations']}")
        place = f"kind={self.kind}/month={self.month}/part-{self.name}"
        return {table: f"{table}/{place}.{suffix}" for table, suffix in suffixes.items()}


def parts_of(store: RowSource, formats: Iterable[Format]) -> Iterator[Part]:
    """
    Yield the parts of every format, in the order of formats, kinds and months.
    """
    places = [(kind, month) for kind in KINDS for month in store.months(kind)]
    keys = {place: store.content_key(*place) for place in places}
    for made in formats:
        if made.whole:
            content = [f"{kind}/{month}/{key}" for (kind, month), key in keys.items()]
            yield Part(made, None, None, _name(made, content), _rows(store, places))
            continue
        for kind, month in places:
            name = _name(made, [kind, month, keys[kind, month]])
            yield Part(made, kind, month, name, _rows(store, [(kind, month)]))


def _rows(store: RowSource, places: Sequence[tuple[str, str]]) -> Callable[[], Iterable[Stored]]:
    return lambda: chain.from_iterable(store.rows(*place) for place in places)


def _name(made: Format, content: list[str]) -> str:
    facts = [__version__, str(SCHEMA_VERSION), made.name, str(made.version), *filter(None, [made.variant]), *content]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16]
