"""
Imports on first use, and forks that wait for them.

A package's block for type checkers is the only list of its names: it is read at
the first look-up, line by line, which takes a tenth of the time of parsing it.

Python makes a thread wait for a module that another one imports. A child that is
forked meanwhile has no such thread, and would wait for ever.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, get_ident

_homes: dict[str, dict[str, str]] = {}
_changed = Condition()
_under_way: dict[int, int] = {}
# An import takes less; one that needs a module that the forking thread is importing never ends before the fork.
_LONGEST_WAIT = 10.0


@contextmanager
def importing() -> Iterator[None]:
    """
    Keep forks of other threads waiting until what is imported inside is complete.
    """
    thread = get_ident()
    with _changed:
        _under_way[thread] = _under_way.get(thread, 0) + 1
    try:
        yield
    finally:
        with _changed:
            if (left := _under_way.pop(thread) - 1) > 0:
                _under_way[thread] = left
            _changed.notify_all()


def find(scope: dict[str, object], name: str) -> object:
    """
    Return what a package has by a name, and keep it there; *scope* are the package's globals.
    """
    from importlib import import_module

    homes = homes_of(scope)
    if name == "__all__":
        return sorted(homes)
    if name.startswith("__") or name not in homes:
        raise AttributeError(f"module {scope['__name__']!r} has no attribute {name!r}")
    with importing():
        value = scope[name] = getattr(import_module(homes[name]), name)
    return value


def homes_of(scope: dict[str, object]) -> dict[str, str]:
    """
    Return the module of each name in a package's block for type checkers.
    """
    package = str(scope["__name__"])
    if package not in _homes:
        words = (line.split() for line in _source(scope).splitlines() if line.startswith("    from ."))
        # "from .module import Name as Name", as type checkers want a name that is handed on.
        _homes[package] = {line[3]: package + line[1] for line in words if line[4:5] == ["as"]}
    return _homes[package]


def _source(scope: dict[str, object]) -> str:
    try:
        with open(str(scope["__file__"]), encoding="utf-8") as file:
            return file.read()
    except OSError:  # in an archive
        from pkgutil import get_data

        return (get_data(str(scope["__name__"]), "__init__.py") or b"").decode()


def _before_fork() -> None:
    _changed.acquire()
    _changed.wait_for(lambda: _under_way.keys() <= {get_ident()}, _LONGEST_WAIT)


def _after_fork_in_child() -> None:
    for thread in _under_way.keys() - {get_ident()}:
        del _under_way[thread]
    _changed.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_changed.release, after_in_child=_after_fork_in_child)
