"""Listening to an export's own attempts without touching the client's other calls."""

from __future__ import annotations

from typing import Any, cast

import attrs

from .._caller import Caller, Shared
from .._events import OnEvent
from .._options import Event


class _Overheard:
    """A client's shared state with another ``on_event``; everything else is the client's own."""

    def __init__(self, shared: Shared, listener: OnEvent) -> None:
        self.__dict__["_shared"] = shared
        self.__dict__["_listener"] = listener

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["_shared"], name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.__dict__["_shared"], name, value)

    @property
    def on_event(self) -> OnEvent:
        """Tell the listener, then whom the client tells."""
        theirs, listener = self.__dict__["_shared"].on_event, self.__dict__["_listener"]

        def tell_both(event: Event) -> None:
            listener(event)
            if theirs is not None:
                theirs(event)

        return tell_both


def overheard(caller: Caller, listener: OnEvent) -> Caller:
    """
    Give a caller whose attempts *listener* hears too.
    """
    return attrs.evolve(caller, shared=cast("Shared", _Overheard(caller.shared, listener)))
