"""
The first page's number: hosts count from 0 or 1, and only their pages 0 and 1 show which.

Taking an unknown base for a known one loses a whole page of every window, so
there is one rule, for listings and exports alike.
"""

from __future__ import annotations

from collections.abc import Collection

import attrs

PAGE_ZERO_LOST = "page 0 could not be read, so its rows are missing if the host counts from 0"


@attrs.frozen
class Base:
    """
    The number of a host's first page, as far as its pages 0 and 1 prove it.

    ``number`` is the page to begin with. Only a ``proven`` one may be
    remembered. ``doubtful`` says that page 1 may repeat page 0, ``lost`` that
    page 0 may hold rows that were not read.
    """

    number: int
    proven: bool = False
    doubtful: bool = False
    lost: bool = False


def find_base(
    zeroth: Collection[str] | None, first: Collection[str], second: Collection[str] = (), *, differ: bool = False
) -> Base:
    """
    Return the number of a host's first page, by the keys of the rows of its pages 0 and 1, and 2 where it was read.

    *zeroth* is empty when page 0 is empty or refused, and None when it could
    not be read. *Differ* says that pages 0 and 1 hold other deliveries of the same conversations.
    """
    if zeroth is None:
        return Base(1, lost=True)
    if not zeroth:
        return Base(1, proven=bool(first))
    known, other = set(zeroth), set(first)
    if known == other and not differ:
        # Right for these rows. A host that counts from 0 and repeats its last page looks alike while one page is all.
        # One that goes on after two that are alike counts from 1.
        return Base(1, proven=bool(set(second) - known))
    # Half of the rows in common: one page read twice while something moved or changed, or pages that overlap.
    if other and len(known & other) * 2 >= len(other):
        return Base(0, doubtful=True)
    return Base(0, proven=True)
