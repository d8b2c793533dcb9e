"""The environment of a program that has to run without coverage."""

from __future__ import annotations

import os


def uncovered() -> dict[str, str]:
    """
    Return the environment without what starts coverage in a child.

    Coverage holds a lock at every call: a fork beside threads or an interrupt
    inside it waits for ever. Its memory is not the program's, too.
    """
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
