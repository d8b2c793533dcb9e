"""
The rooms of the package, from the ground up: the one list of them.

The room test, the bar of coverage, the mutation session and the picture in
``docs/`` read it. An import goes down the list, within a room, and never up.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Room(NamedTuple):
    """
    A room: the folders (with a slash) and files it is made of, and what is forbidden there.

    ``pure``: no I/O, clock, waiting or threads, and branches covered whole.
    ``world``: it may use the network, threads and the clock.
    """

    name: str
    places: tuple[str, ...]
    pure: bool = False
    world: bool = False
    law: str = ""


ROOMS: Final = (
    Room("version", ("_version.py",), law="the version alone"),
    Room("_json", ("_json/",), pure=True, law="JSON is read and written here alone"),
    Room("errors", ("errors/",), pure=True, law="every error and warning"),
    Room("_zones", ("_zones.py",), pure=True, law="time zones, and times in them"),
    Room("models", ("models/",), pure=True, law="the entities, inert"),
    Room("_sansio", ("_sansio/",), pure=True, law="what can be wrong without a socket"),
    Room("_key_file", ("_key_file.py",), law="a key, from a file or stdin"),
    Room("_port", ("_port/",), world=True, law="network, threads and clock"),
    Room("_core", ("_core/",), law="one call with retries; listings"),
    Room("export/disk", ("export/disk/",), world=True, law="operations on files, their errors"),
    Room("sending/plan", ("sending/plan/",), pure=True, law="what may leave, and when"),
    Room("sending", ("sending/",), world=True, law="texts that leave once, at a pace"),
    Room("resources", ("resources/",), law="the operations, a class a family"),
    Room("export/report", ("export/report.py",), pure=True, law="what an export says"),
    Room("export/rows", ("export/rows/",), pure=True, law="a delivered row as a line"),
    Room("export/plan", ("export/plan/",), pure=True, law="what to ask for, how far it is proven"),
    Room("export/dataset", ("export/dataset/",), world=True, law="the shape of the output"),
    Room("export/insight", ("export/insight/",), pure=True, law="what rows say of answering people"),
    Room("export/search", ("export/search/",), world=True, law="an index of what was said"),
    Room("export/report_page", ("export/report_page/",), world=True, law="an export as one page"),
    Room("export/fetch", ("export/fetch/",), world=True, law="one window's rows, politely"),
    Room("export/state", ("export/state/",), world=True, law="the state file of a directory"),
    Room("export/render", ("export/render/",), world=True, law="rows as files, manifest last"),
    Room("export/read", ("export/read/",), world=True, law="files as rows, tables, checks"),
    Room("export/engine", ("export/engine/",), world=True, law="who reads what when, who commits"),
    Room("export", ("export/",), world=True, law="the doors: run, preview, compare"),
    Room("sandbox/data", ("sandbox/data/",), pure=True, law="the made-up world"),
    Room("sandbox/quirks", ("sandbox/quirks.py", "sandbox/settings.py"), pure=True, law="how the sandbox misbehaves"),
    Room("sandbox/service", ("sandbox/service/",), pure=True, law="handlers: request in, effects out"),
    Room("sandbox/embedded", ("sandbox/embedded/",), world=True, law="an Alive5 in the process"),
    Room("client", ("client.py", "_opening.py"), law="AsyncAlive5"),
    Room("_facade", ("_facade.py",), law="Alive5, generated"),
    Room("spark/plan", ("spark/options.py", "spark/shares.py"), pure=True, law="what a task of Spark reads"),
    Room("spark", ("spark/",), world=True, law="a data source of Spark 4"),
    Room("dlt", ("dlt.py",), law="a source of dlt"),
    Room("receiving", ("receiving/",), world=True, law="texts that come, each once"),
    Room("webhooks", ("webhooks.py",), law="the door of receiving"),
    Room("sandbox", ("sandbox/",), world=True, law="it, and its clients"),
    Room("pytest_plugin", ("pytest_plugin.py",), law="fixtures for users"),
    Room("cli", ("cli/",), world=True, law="the command line"),
    Room("__main__", ("__main__.py",), law="the command"),
)
# The package itself gives lazy names, what finds them knows no room, and the generator imports nothing of it.
APART: Final = ("__init__.py", "_lazy.py", "_mirror.py", "_mirror_imports.py")
# No arrow runs between these; engine and the doors above know several.
STRANGERS: Final = ("export/fetch", "export/state", "export/render", "export/read")
# Decisions about sending, paging and dates, tried with mutants.
MUTATED: Final = ("outcome", "page_base", "paging", "retry", "step", "window", "wire")


def room_of(name: str) -> int:
    """
    Return the number of a file's room: that of its longest matching place.
    """
    fitting = [
        (len(place), number)
        for number, room in enumerate(ROOMS)
        for place in room.places
        if name == place or (place.endswith("/") and name.startswith(place))
    ]
    if not fitting:
        raise ValueError(f"{name} is in no room")
    return max(fitting)[1]


def pure_patterns() -> list[str]:
    """
    Return the pure rooms as patterns of files.
    """
    return [
        f"alive5/{place}*.py" if place.endswith("/") else f"alive5/{place}"
        for room in ROOMS
        if room.pure
        for place in room.places
    ]
