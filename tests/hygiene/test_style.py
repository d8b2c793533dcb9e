"""Sizes, docstrings and excuses."""

from __future__ import annotations

import ast
import re

import pytest
from hygiene.sources import FILES, PACKAGE, tree

LONGEST_FILE, LONGEST_BODY = 260, 30
EACH = pytest.mark.parametrize("name", FILES)
WRITTEN = pytest.mark.parametrize("name", [name for name in FILES if name != "_facade.py"])


def functions(name: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree(name)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]


@WRITTEN
def test_files_are_short(name: str) -> None:
    assert len((PACKAGE / name).read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@EACH
def test_functions_are_short(name: str) -> None:
    """Signature and docstring do not count."""
    for function in functions(name):
        body = [node for node in function.body if not _is_text(node)] or function.body
        assert (body[-1].end_lineno or 0) - body[0].lineno < LONGEST_BODY, function.name


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


@EACH
def test_what_is_public_says_what_it_is(name: str) -> None:
    assert ast.get_docstring(tree(name)), "the file"
    for scope, node in public(tree(name), ""):
        assert ast.get_docstring(node), f"{scope}{node.name}"


Documented = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def public(node: ast.Module | ast.ClassDef, scope: str) -> list[tuple[str, Documented]]:
    """
    Return the public classes and functions of a file, methods of public classes included.
    """
    found: list[tuple[str, Documented]] = []
    for item in node.body:
        if isinstance(item, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and not item.name.startswith("_"):
            if any("overload" in ast.unparse(d) or ".setter" in ast.unparse(d) for d in item.decorator_list):
                continue
            found.append((scope, item))
            found += public(item, f"{scope}{item.name}.") if isinstance(item, ast.ClassDef) else []
    return found


@EACH
def test_summaries_stand_alone_on_their_line(name: str) -> None:
    """A summary ends with its line; what follows it follows an empty line; functions open on a line of their own."""
    for scope, node in public(tree(name), ""):
        text = ast.get_docstring(node, clean=False) or ""
        lines = (ast.get_docstring(node) or "").split("\n")
        is_property = any(ast.unparse(d) in ("property", "cached_property") for d in node.decorator_list)
        where = f"{scope}{node.name}"
        assert len(lines) == 1 or lines[1] == "", where
        assert lines[0][-1] in ".:", where
        assert len(lines) == 1 or text.startswith("\n"), where
        if not isinstance(node, ast.ClassDef) and not is_property:
            assert text.startswith("\n"), where


# A summary begins with what a reader looks up, not with what the code is asked to do.
BANNED_STARTS = {
    "Give",
    "Gives",
    "Let",
    "Lets",
    "Say",
    "Says",
    "Tell",
    "Tells",
    "Take",
    "Takes",
    "Make",
    "Makes",
    "Have",
}
# Words of our own where the field has better ones: correct, elapsed, again, timestamp, learn.
BANNED_PHRASES = re.compile(
    r"\b(?:mend (?:it|the)|anew|by the way|to (?:its|their|the) end\b(?! of)|Else today|each time anew"
    r"|moments|is gone|are gone|was told|were told|nobody knows|looked at)\b"
)
# What people of the sandbox write is no text of ours.
SPOKEN = {"_facade.py", "sandbox/data/phrases.py"}


@EACH
def test_summaries_begin_with_what_a_reader_looks_up(name: str) -> None:
    texts = {f"{scope}{node.name}": ast.get_docstring(node) or "" for scope, node in public(tree(name), "")}
    texts["the file"] = ast.get_docstring(tree(name)) or ""
    starts = {where: text.partition(" ")[0] for where, text in texts.items()}
    assert {where: start for where, start in starts.items() if start in BANNED_STARTS} == {}


@pytest.mark.parametrize("name", [name for name in FILES if name not in SPOKEN])
def test_texts_use_the_words_of_the_field(name: str) -> None:
    """Docstrings, helps, errors and log lines: every text of more than one word."""
    texts = [n for n in ast.walk(tree(name)) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    said = [(n.lineno, BANNED_PHRASES.findall(n.value)) for n in texts if " " in n.value]
    assert [found for found in said if found[1]] == []


@EACH
def test_excuses_name_their_rule(name: str) -> None:
    text = (PACKAGE / name).read_text(encoding="utf-8")
    assert re.findall(r"#\s*type:\s*ignore(?!\[)", text) == []
    assert re.findall(r"#\s*noqa(?!:\s*[A-Z])", text) == []
    assert re.findall(r"#\s*pyright:\s*ignore(?!\[)", text) == []
    assert re.findall(r"#\s*pragma", text) == []


@EACH
def test_nothing_is_left_undone(name: str) -> None:
    text = (PACKAGE / name).read_text(encoding="utf-8")
    assert re.findall(r"\b(?:TODO|FIXME|XXX|HACK)\b", text) == []
    assert [n.lineno for n in ast.walk(tree(name)) if _is_print(n)] == []


def _is_print(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("print", "breakpoint")


# What waits for the end of its loop, which ends its generators.
ENDS_WITH_ITS_LOOP = {("_port/asynchronous.py", "_keep")}


@pytest.mark.parametrize("name", [name for name in FILES if not name.startswith(("export/", "cli/", "sandbox/"))])
def test_no_asynchronous_generator(name: str) -> None:
    """What an early end of one leaves open cannot be closed in time."""
    for function in functions(name):
        if isinstance(function, ast.AsyncFunctionDef) and (name, function.name) not in ENDS_WITH_ITS_LOOP:
            assert [n for n in _own(function) if isinstance(n, (ast.Yield, ast.YieldFrom))] == [], function.name


def _own(function: ast.AsyncFunctionDef) -> list[ast.AST]:
    inner = {
        node
        for nested in ast.walk(function)
        if nested is not function and isinstance(nested, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        for node in ast.walk(nested)
    }
    return [node for node in ast.walk(function) if node not in inner]


@EACH
def test_no_assertion_guards_a_promise(name: str) -> None:
    """``python -O`` drops them; an assertion may only narrow a type."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Assert):
            assert re.fullmatch(r"\w+(\.\w+)* is not None|isinstance\(.+\)", ast.unparse(node.test)), node.lineno
