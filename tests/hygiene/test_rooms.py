"""An import goes down the list of rooms, never up, and only the ports touch the world."""

from __future__ import annotations

import pytest
from hygiene.sources import FILES, PACKAGE, Import, imports

ROOMS: tuple[tuple[str, ...], ...] = (
    # 0: inert
    ("models/", "errors.py"),
    # 1: pure, without I/O, clock or waiting
    (
        "_convert.py",
        "_endpoints.py",
        "_envelope.py",
        "_events.py",
        "_free.py",
        "_gate.py",
        "_lift.py",
        "_options.py",
        "_outcome.py",
        "_page_base.py",
        "_paging.py",
        "_redact.py",
        "_retry.py",
        "_step.py",
        "_validate.py",
        "_window.py",
        "_wire.py",
    ),
    # 2: the world
    ("_port/",),
    # 3: the asynchronous core
    ("_attempt.py", "_caller.py", "_listing.py", "_pages.py", "client.py", "resources/"),
    # 4: the blocking front
    ("_facade.py",),
    # 5: bulk export, the embedded Alive5
    ("export/", "sandbox/"),
    # 6: doors for people and other systems
    ("cli/", "dlt.py", "spark.py", "pytest_plugin.py", "__main__.py"),
)
# The package itself gives lazy names and its version; the generator imports nothing of it.
APART = ("__init__.py", "_mirror.py", "_version.py")
# What may look up, and why.
UPWARD = {
    ("client.py", "export/", "inside"): "both clients have export(), which is loaded when it is called",
    ("client.py", "export/", "typing"): "export() is annotated",
    ("_facade.py", "export/", "typing"): "export() is annotated",
}
WORLD = {
    "anyio",
    "asyncio",
    "concurrent.futures",
    "fcntl",
    "httpcore",
    "httpx",
    "multiprocessing",
    "queue",
    "select",
    "selectors",
    "signal",
    "sniffio",
    "socket",
    "ssl",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "trio",
    "urllib.request",
    "zlib",
}
# Rooms 0, 1, 3 and 4 know nothing of the world, save these.
ALLOWED = {
    ("client.py", "ssl"): "the type of an option",
    ("_facade.py", "ssl"): "the type of an option",
}


def room(name: str) -> int:
    (found,) = [
        number
        for number, names in enumerate(ROOMS)
        if any(name == n or (n[-1] == "/" and name.startswith(n)) for n in names)
    ]
    return found


def place(name: str) -> str:
    return name.partition("/")[0] + "/" if "/" in name else name


def test_every_file_has_one_room() -> None:
    assert [name for name in FILES if name not in APART] == [n for n in FILES if n not in APART and room(n) >= 0]


@pytest.mark.parametrize("name", [name for name in FILES if name not in APART])
def test_imports_go_down(name: str) -> None:
    wrong = [
        found
        for found in imports(name)
        if found.ours
        and found.target not in APART
        and room(found.target) > room(name)
        and (name, place(found.target), found.how) not in UPWARD
    ]
    assert wrong == []


def test_each_exception_is_needed() -> None:
    found = {(i.source, place(i.target), i.how) for name in FILES for i in imports(name) if i.ours}
    assert set(UPWARD) - found == set()
    assert set(ALLOWED) - {(i.source, i.target) for name in FILES for i in imports(name)} == set()


@pytest.mark.parametrize("name", [n for n in FILES if n not in APART and room(n) in (0, 1, 3, 4)])
def test_only_the_ports_touch_the_world(name: str) -> None:
    wrong = [
        found
        for found in imports(name)
        if not found.ours
        and (found.target in WORLD or found.target.partition(".")[0] in WORLD)
        and (name, found.target) not in ALLOWED
    ]
    assert wrong == []


@pytest.mark.parametrize("name", APART)
def test_what_stands_apart_imports_nothing_of_ours(name: str) -> None:
    assert [found for found in imports(name) if found.ours and found.how != "typing"] == []


def test_no_import_goes_round_in_a_circle() -> None:
    graph = {name: {i.target for i in imports(name) if i.ours and i.how == "top"} - {name} for name in FILES}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, f"{' > '.join((*path, name))}"
        if name not in done:
            for target in sorted(graph[name]):
                # A package's own __init__ gathers its files.
                if target != "__init__.py" and not target.endswith("/__init__.py"):
                    visit(target, (*path, name))
            done.add(name)

    for name in FILES:
        visit(name, ())


def test_models_have_no_imports_for_typing_alone() -> None:
    """typing.get_type_hints has to work on them."""
    assert [i for name in FILES if name.startswith("models/") for i in imports(name) if i.how != "top"] == []


def test_the_reader_of_imports_sees_them() -> None:
    assert Import("_port/settings.py", "httpx", False, "top") in imports("_port/settings.py")
    assert Import("_port/blocking.py", "_wire.py", True, "top") in imports("_port/blocking.py")
    assert Import("client.py", "_port/make.py", True, "inside") in imports("client.py")
    assert Import("__init__.py", "client.py", True, "typing") in imports("__init__.py")
    assert (PACKAGE / "py.typed").exists()
