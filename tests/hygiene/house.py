"""
Numbers of the house: ``python tests/hygiene/house.py`` counts rooms, arrows between them, and broken laws.

An arrow is one room importing another, however often. What is explained in
``test_rooms.UPWARD`` is printed as an exception and not counted as upward.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from hygiene.rooms import APART, ROOMS, STRANGERS, Room, room_of
from hygiene.sources import FILES, PACKAGE, Import, imports
from hygiene.test_rooms import ALLOWED, UPWARD, WORLD
from hygiene.test_style import LONGEST_BODY, LONGEST_FILE, functions

ROOMED = [name for name in FILES if name not in APART]
IMPORTS = [found for name in ROOMED for found in imports(name)]
OURS = [found for found in IMPORTS if found.ours and found.target not in APART]
Graph = Mapping[str, set[str]]


def room(name: str) -> Room:
    """
    Return the room of a file.
    """
    return ROOMS[room_of(name)]


def is_explained(found: Import) -> bool:
    """
    Whether an upward import is one of the exceptions.
    """
    return (found.source, room(found.target).name, found.how) in UPWARD


def arrows() -> set[tuple[str, str]]:
    """
    Return which room imports which, without the explained exceptions.
    """
    pairs = {(room(i.source).name, room(i.target).name) for i in OURS if not is_explained(i)}
    return {(source, target) for source, target in pairs if source != target}


def upward() -> list[str]:
    """
    Return the imports that go up and are not explained.
    """
    return [f"{i.source} > {i.target}" for i in OURS if room_of(i.target) > room_of(i.source) and not is_explained(i)]


def circles(graph: Graph) -> list[list[str]]:
    """
    Return the groups of nodes that reach each other.
    """
    known = {node: reached(graph, node) for node in graph}
    groups = {frozenset(other for other in known[node] if node in known[other]) for node in graph}
    return sorted(sorted(group) for group in groups if group)


def reached(graph: Graph, start: str) -> set[str]:
    """
    Return the nodes that can be reached from one.
    """
    found: set[str] = set()
    ahead = [start]
    while ahead:
        fresh = graph.get(ahead.pop(), set()) - found
        found |= fresh
        ahead += fresh
    return found


def files_graph() -> dict[str, set[str]]:
    """
    Return which file imports which; a package's ``__init__`` gathers its files and is left out.
    """
    graph: dict[str, set[str]] = {name: set() for name in ROOMED}
    for found in OURS:
        if not found.target.endswith("__init__.py") and found.source != found.target and not is_explained(found):
            graph[found.source].add(found.target)
    return graph


def rooms_graph() -> dict[str, set[str]]:
    """
    Return which room imports which.
    """
    pairs = arrows()
    return {one.name: {target for source, target in pairs if source == one.name} for one in ROOMS}


def broken() -> dict[str, list[str]]:
    """
    Return the laws of rooms, each with the imports that break it.
    """
    outside = [i for i in IMPORTS if not i.ours and {i.target, i.target.partition(".")[0]} & WORLD]
    pure = [i for i in OURS if room(i.source).pure and not room(i.target).pure]
    strange = [i for i in OURS if len({room(i.source).name, room(i.target).name} & set(STRANGERS)) == 2]
    world = [i for i in outside if not room(i.source).world and (i.source, i.target) not in ALLOWED]
    return {
        "imports go down": upward(),
        "pure rooms know pure rooms only": _shown(pure),
        "fetch, state, render and read are strangers": _shown([i for i in strange if room(i.source) != room(i.target)]),
        "only some rooms touch the world": _shown(world),
        "nothing goes round": [" > ".join(group) for group in circles(files_graph())],
    }


def _shown(found: list[Import]) -> list[str]:
    return [f"{i.source} > {i.target}" for i in found]


def lines() -> Iterator[str]:
    """
    Yield the numbers as text.
    """
    explained, laws = sorted({f"{i.source} > {i.target} ({i.how})" for i in OURS if is_explained(i)}), broken()
    export = {one.name for one in ROOMS if one.name.partition("/")[0] == "export"}
    inside = [pair for pair in arrows() if set(pair) <= export]
    entries = [path for path in PACKAGE.iterdir() if path.is_dir() or path.suffix == ".py"]
    folders = [path for path in entries if path.is_dir() and path.name != "__pycache__"]
    sizes = {name: len((PACKAGE / name).read_text(encoding="utf-8").splitlines()) for name in FILES}
    long_files = sorted(f"{n} {size}" for n, size in sizes.items() if size > LONGEST_FILE and n != "_facade.py")
    whole = [
        f for n in FILES for f in functions(n) if n != "_facade.py" and (f.end_lineno or 0) - f.lineno >= LONGEST_BODY
    ]
    yield f"rooms {len(ROOMS)}, of them pure {sum(one.pure for one in ROOMS)}"
    yield f"rooms as folders: {len(folders)} folders and {len([p for p in entries if p.is_file()])} files at the top"
    yield f"files {len(FILES)}, lines {sum(sizes.values())}"
    yield f"arrows between rooms {len(arrows())}"
    yield f"upward arrows {len(upward())}, explained exceptions {len(explained)}"
    yield from (f"  explained: {each}" for each in explained)
    yield f"circles among rooms {len(circles(rooms_graph()))}, among files {len(circles(files_graph()))}"
    yield f"laws kept {sum(not each for each in laws.values())} of {len(laws)}"
    yield from (f"  broken, {law}: {each}" for law, found in laws.items() for each in found)
    yield f"functions over {LONGEST_BODY} lines, signature and docstring counted: {len(whole)}"
    yield f"hand-kept files over {LONGEST_FILE} lines {len(long_files)}"
    yield from (f"  long: {each}" for each in long_files)
    yield f"export/ alone: rooms {len(export)}, arrows between them {len(inside)}"


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines()) + "\n")
