"""An import goes down the list of rooms, never up, and only the rooms that may touch the world do."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hygiene.rooms import APART, MUTATED, ROOMS, STRANGERS, pure_patterns, room_of
from hygiene.sources import FILES, PACKAGE, Import, imports, tree

PROJECT = Path(__file__).parents[2]
WORLD = {
    "anyio",
    "asyncio",
    "concurrent",
    "fcntl",
    "httpcore",
    "httpx",
    "multiprocessing",
    "os",
    "queue",
    "select",
    "selectors",
    "shutil",
    "signal",
    "sniffio",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "trio",
    "urllib.request",
}
# What may look up, and why.
UPWARD = {
    ("client.py", "export", "inside"): "both clients have export(), which is loaded when it is called",
    ("client.py", "export/report", "typing"): "export() is annotated",
    ("_facade.py", "export/report", "typing"): "export() is annotated",
}
# What a room without leave may import of the world, and why.
ALLOWED = {
    ("client.py", "ssl"): "the type of an option",
    ("client.py", "os"): "the environment, and the type of a path",
    ("_opening.py", "ssl"): "the type of an option",
    ("_opening.py", "os"): "a key that is set after the client is made",
    ("_facade.py", "ssl"): "the type of an option",
    ("_facade.py", "os"): "the type of a path",
}
# Whole programs, which nobody forks. What a package imports late is found by _lazy.
PROGRAMS = {"cli", "__main__", "sandbox", "sandbox/data", "sandbox/quirks", "sandbox/service", "pytest_plugin"}
ROOMED = [name for name in FILES if name not in APART]


def name_of(file: str) -> str:
    return ROOMS[room_of(file)].name


def test_every_file_has_one_room_and_every_room_a_file() -> None:
    assert {room.name for room in ROOMS} == {name_of(name) for name in ROOMED}


@pytest.mark.parametrize("name", ROOMED)
def test_imports_go_down(name: str) -> None:
    """Those inside functions and for type checkers, too."""
    wrong = [
        found
        for found in imports(name)
        if found.ours
        and found.target not in APART
        and room_of(found.target) > room_of(name)
        and (name, name_of(found.target), found.how) not in UPWARD
    ]
    assert wrong == []


@pytest.mark.parametrize("name", [name for name in ROOMED if name_of(name) in STRANGERS])
def test_strangers_do_not_know_each_other(name: str) -> None:
    others = {room for room in STRANGERS if room != name_of(name)}
    assert [found for found in imports(name) if found.ours and name_of(found.target) in others] == []


def test_each_exception_is_needed() -> None:
    every = [found for name in ROOMED for found in imports(name)]
    ours = {(i.source, name_of(i.target), i.how) for i in every if i.ours and i.target not in APART}
    assert set(UPWARD) - ours == set()
    assert set(ALLOWED) - {(i.source, i.target) for i in every} == set()


@pytest.mark.parametrize("name", [name for name in ROOMED if not ROOMS[room_of(name)].world])
def test_only_some_rooms_touch_the_world(name: str) -> None:
    wrong = [
        found
        for found in imports(name)
        if not found.ours
        and (found.target in WORLD or found.target.partition(".")[0] in WORLD)
        and (name, found.target) not in ALLOWED
    ]
    assert wrong == []


@pytest.mark.parametrize("name", [name for name in ROOMED if ROOMS[room_of(name)].pure])
def test_pure_rooms_import_nothing_impure(name: str) -> None:
    wrong = [i for i in imports(name) if i.ours and i.target not in APART and not ROOMS[room_of(i.target)].pure]
    assert wrong == []


@pytest.mark.parametrize("name", [name for name in ROOMED if ROOMS[room_of(name)].pure])
def test_pure_rooms_wait_for_nothing(name: str) -> None:
    waiting = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)
    # The retry loop of the blocking front steps coroutines, which is not waiting.
    found = [node for node in ast.walk(tree(name)) if isinstance(node, waiting)]
    assert found == [] or name == "_sansio/step.py"


@pytest.mark.parametrize("name", [name for name in ROOMED if name_of(name) not in PROGRAMS])
def test_late_imports_keep_forks_waiting(name: str) -> None:
    """A child that is forked while another thread imports a module waits for it for ever."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    late = {
        node.lineno
        for function in ast.walk(tree(name))
        if isinstance(function, functions)
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    }
    held = [node for node in ast.walk(tree(name)) if isinstance(node, ast.With) and "importing()" in ast.unparse(node)]
    assert name.endswith("__init__.py") or late <= {inner.lineno for node in held for inner in node.body}


def test_json_is_read_and_written_in_one_room() -> None:
    """Bytes that are digested must not hang on who wrote them, nor the loss of a row on who read it."""
    modules = {"json", "msgspec", "orjson", "ujson", "simplejson"}
    found = {name for name in FILES for i in imports(name) if not i.ours and i.target.partition(".")[0] in modules}
    assert {name_of(name) for name in found} == {"_json"}


def test_what_stands_apart_imports_the_version_alone() -> None:
    found = {i.target for name in APART for i in imports(name) if i.ours and i.how != "typing"}
    assert found == {"_version.py", "_lazy.py", "_mirror_imports.py"}


def test_no_import_goes_round_in_a_circle() -> None:
    graph = {name: {i.target for i in imports(name) if i.ours} - {name} for name in ROOMED}
    allowed = {("client.py", "export/entry.py")}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, f"{' > '.join((*path, name))}"
        if name not in done:
            for target in sorted(graph[name]):
                # A package's own __init__ gathers its files.
                if target not in APART and not target.endswith("__init__.py") and (name, target) not in allowed:
                    visit(target, (*path, name))
            done.add(name)

    for name in ROOMED:
        visit(name, ())


def test_models_have_no_imports_for_typing_alone() -> None:
    """typing.get_type_hints has to work on them; the package itself only says where they are."""
    files = [name for name in FILES if name.startswith("models/") and name != "models/__init__.py"]
    assert [i for name in files for i in imports(name) if i.how != "top"] == []


def test_each_room_says_its_law() -> None:
    for room in ROOMS:
        for place in room.places:
            text = ast.get_docstring(tree(f"{place}__init__.py" if place.endswith("/") else place)) or ""
            assert text, place
            if room.name.startswith(("export/", "sandbox/", "_")) and place.endswith("/"):
                assert "Law: " in text, place


def test_the_coverage_bar_and_the_mutants_use_this_list() -> None:
    text = (PROJECT / "noxfile.py").read_text(encoding="utf-8")
    assert "pure_patterns()" in text
    mutated = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    assert [name for name in MUTATED if f'"alive5/_sansio/{name}.py"' not in mutated] == []
    assert all((PACKAGE / "_sansio" / f"{name}.py").exists() for name in MUTATED)
    assert "alive5/_sansio/*.py" in pure_patterns()


def test_the_reader_of_imports_sees_them() -> None:
    assert Import("_port/settings.py", "ssl", False, "top") in imports("_port/settings.py")
    assert Import("_port/blocking.py", "_sansio/wire.py", True, "top") in imports("_port/blocking.py")
    assert Import("client.py", "export/entry.py", True, "inside") in imports("client.py")
    assert Import("__init__.py", "client.py", True, "typing") in imports("__init__.py")
    assert (PACKAGE / "py.typed").exists()
