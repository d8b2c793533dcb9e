"""Slots of the blocking port, which bound the exchanges at once."""

from __future__ import annotations

import queue
import threading
import time
import weakref

from .threads import current_group

# Seconds between two looks for a stop or a lost slot: short beside the second in which an interrupt returns control.
_GLANCE = 0.05


class Slot:
    """The right to one exchange."""

    __slots__ = ("__weakref__",)


class Slots:
    """
    A bounded number of slots, first come, first served.

    An interrupt may strike between any two steps and lose a slot, as it would
    a semaphore's count; a lost one is noticed by its weak reference and replaced.
    """

    def __init__(self, most: int) -> None:
        self._free: queue.SimpleQueue[Slot] = queue.SimpleQueue()
        self._replacing = threading.Lock()
        slots = [Slot() for _ in range(most)]
        self._known = [weakref.ref(slot) for slot in slots]
        for slot in slots:
            self._free.put(slot)

    def take(self, deadline: float) -> Slot | None:
        """
        Wait for a slot and return it; None when none came free in time.
        """
        while True:
            left = max(deadline - time.monotonic(), 0.0)
            try:
                return self._free.get(timeout=min(left, _GLANCE))
            except queue.Empty:
                if left == 0.0:
                    return None
            group = current_group()
            if group is not None:
                group.check()
            self._replace_lost()

    def give(self, slot: Slot) -> None:
        """
        Return a slot to the free ones.
        """
        self._free.put(slot)

    def _replace_lost(self) -> None:
        with self._replacing:
            for index, known in enumerate(self._known):
                if known() is None:
                    slot = Slot()
                    self._known[index] = weakref.ref(slot)
                    self._free.put(slot)
