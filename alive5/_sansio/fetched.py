"""A page of a listing as it came, and what its rows are known by."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Generic, TypeVar

import attrs

from .._json import codec as json
from ..models.listing import Listed
from .page_meta import Meta

C = TypeVar("C", bound=Listed)


@attrs.frozen
class Fetched(Generic[C]):
    """One page as the server returned it."""

    rows: Sequence[C]
    meta: Meta = Meta()
    has_list: bool = True
    keys: frozenset[str] = attrs.field(
        default=attrs.Factory(lambda page: frozenset(map(key_of, page.rows)), takes_self=True), init=False
    )
    """The identities of the rows: ids, and digests of the content where there is none."""

    def before(self, later: Fetched[C]) -> Fetched[C]:
        """
        Return *later*, preceded by the rows of this page that it lacks, other deliveries of a conversation among them.
        """
        known = later.deliveries
        return attrs.evolve(later, rows=[*(row for row in self.rows if _digest(row) not in known), *later.rows])

    @property
    def deliveries(self) -> frozenset[str]:
        """Digests of the rows, which tell them from other deliveries of their conversations."""
        return frozenset(map(_digest, self.rows))

    def differs(self, other: Fetched[C]) -> bool:
        """
        Whether another page holds other deliveries of the same conversations, or they changed meanwhile.
        """
        return self.keys == other.keys and self.deliveries != other.deliveries


def key_of(row: Listed) -> str:
    """
    Return the identity of a row: its id with its start, since an id may be that of several conversations.
    """
    return f"{row.id}\0{row.start_time}" if row.id else _digest(row)


def _digest(row: Listed) -> str:
    # The text is ASCII, and no id of a service begins with a NUL.
    text = json.document(row.to_dict(), sort_keys=True)
    return "\0" + hashlib.sha256(text.encode()).hexdigest()
