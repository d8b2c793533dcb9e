"""The package's files as syntax trees, and what each imports, from where and how."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import attrs

import alive5

PACKAGE = Path(alive5.__file__).parent
FILES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


def tree(name: str) -> ast.Module:
    """
    Parse a file of the package.
    """
    return ast.parse((PACKAGE / name).read_text(encoding="utf-8"))


@attrs.frozen
class Import:
    """
    One name brought in: ``how`` is "top", "inside" a function or for "typing" alone.

    ``target`` is a file of the package when it is ours, else a module.
    """

    source: str
    target: str
    ours: bool
    how: str


def imports(name: str) -> list[Import]:
    """
    Return all imports of a file.
    """
    return [
        Import(name, target, ours, how)
        for node, how in _nodes(tree(name).body, "top")
        for target, ours in _targets(name, node)
    ]


def _nodes(body: list[ast.stmt], how: str) -> Iterator[tuple[ast.Import | ast.ImportFrom, str]]:
    for node in body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node, how
            continue
        deeper = how
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            deeper = "typing"
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            deeper = "inside"
        for field in ("body", "orelse", "finalbody", "handlers"):
            inner = getattr(node, field, [])
            yield from _nodes([item for item in inner if isinstance(item, ast.stmt)], deeper)
            for handler in inner:
                if isinstance(handler, ast.ExceptHandler):
                    yield from _nodes(handler.body, deeper)


def _targets(name: str, node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, bool]]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield _file(alias.name.split(".")[1:]) if _is_ours(alias.name) else (alias.name, False)
        return
    module = (node.module or "").split(".") if node.module else []
    if node.level == 0:
        if not _is_ours(node.module or ""):
            yield node.module or "", False
            return
        base = module[1:]
    else:
        parts = name.split("/")[:-1]
        base = [*parts[: len(parts) - node.level + 1], *module]
    for alias in node.names:
        found, ours = _file([*base, alias.name])
        yield (found, ours) if ours and (PACKAGE / found).exists() else _file(base)


def _is_ours(module: str) -> bool:
    return module == "alive5" or module.startswith("alive5.")


def _file(parts: list[str]) -> tuple[str, bool]:
    path = "/".join(parts)
    if path and (PACKAGE / f"{path}.py").exists():
        return f"{path}.py", True
    return (f"{path}/__init__.py" if path else "__init__.py"), True
