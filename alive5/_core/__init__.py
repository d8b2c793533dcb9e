"""
The asynchronous core: one call with its retries, and listings page after page.

Law: written once for both fronts; it reaches the world through a port only and holds no task between two items.
"""

from __future__ import annotations

TYPE_CHECKING = not __name__  # as in the package's own file
if TYPE_CHECKING or not __file__.endswith(".py"):
    from .listing import Listing as Listing
    from .pages import AsyncPages as AsyncPages


def __getattr__(name: str) -> object:
    # Listings bring a third of the core along: whoever reads none makes the first call without them.
    from .._lazy import find

    return find(globals(), name)


def __dir__() -> list[str]:
    from .._lazy import homes_of

    return sorted({*globals(), *homes_of(globals())})
