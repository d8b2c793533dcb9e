"""The places of the blocking port: how many exchanges may be on the wire at once."""

from __future__ import annotations

import queue
import threading
import time
import weakref

from .threads import current_crew

_GLANCE = 0.05


class Place:
    """The right to one exchange."""

    __slots__ = ("__weakref__",)


class Places:
    """
    A bounded number of places, first come, first served.

    An interrupt may strike between any two steps and lose a place, as it would
    a semaphore's count; a lost one is missed by its weak reference and made anew.
    """

    def __init__(self, most: int) -> None:
        self._free: queue.SimpleQueue[Place] = queue.SimpleQueue()
        self._mending = threading.Lock()
        places = [Place() for _ in range(most)]
        self._known = [weakref.ref(place) for place in places]
        for place in places:
            self._free.put(place)

    def take(self, deadline: float) -> Place | None:
        """
        Wait for a place; None when none came free in time.
        """
        while True:
            left = max(deadline - time.monotonic(), 0.0)
            try:
                return self._free.get(timeout=min(left, _GLANCE))
            except queue.Empty:
                if left == 0.0:
                    return None
            crew = current_crew()
            if crew is not None:
                crew.check()
            self._mend()

    def give(self, place: Place) -> None:
        """
        Give a place back.
        """
        self._free.put(place)

    def _mend(self) -> None:
        with self._mending:
            for index, known in enumerate(self._known):
                if known() is None:
                    place = Place()
                    self._known[index] = weakref.ref(place)
                    self._free.put(place)
