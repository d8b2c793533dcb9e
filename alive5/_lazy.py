"""
Names of a package that are imported on first use.

The package's block for type checkers is the only list of them: it is read at the
first look-up, line by line, which takes a tenth of the time of parsing it.
"""

from __future__ import annotations

_homes: dict[str, dict[str, str]] = {}


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
