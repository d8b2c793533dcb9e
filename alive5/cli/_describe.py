"""The description of the command line, read off its tree: every command, option, argument, exit code and result."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, Final, get_args, get_origin

import typer

from .._sansio.options import ENGINE_VARIABLE, KEY_VARIABLE, LOG_VARIABLE, SANDBOX_VARIABLE
from .._sansio.origins import EDITION_VARIABLE, READ_URL_VARIABLE, URL_VARIABLE
from .._version import __version__
from ..sandbox.embedded.clock import NOW_VARIABLE
from ._command import FACTS, GLOBALS
from ._exits import ALWAYS, MEANINGS, ExitCode
from ._ids import VARIABLE
from ._shapes import Facts, Shape, optional, record, shape

PROGRAM: Final = "alive5"
ENVIRONMENT: Final = {
    KEY_VARIABLE: "the key; read until the first call",
    URL_VARIABLE: "where the API is",
    READ_URL_VARIABLE: "where the current edition reads",
    EDITION_VARIABLE: "documented or current",
    ENGINE_VARIABLE: "httpx or httpx2",
    SANDBOX_VARIABLE: "1: the embedded Alive5 in place of the service",
    NOW_VARIABLE: "the present of sandboxes, an ISO moment with a zone; otherwise today",
    LOG_VARIABLE: "info or debug: the log on stderr",
    VARIABLE: "0: keep no ids for completion",
}
_ERROR: Final = optional(
    record(schema=int, error=str, message=str, exit_code=int) | {"additionalProperties": True}, "exit_code"
)


def describe(tree: Any) -> dict[str, Any]:
    """
    Return all of it as one JSON-ready document.
    """
    commands = [_command(words, found) for words, found in _commands(tree, ())]
    return {
        "program": PROGRAM,
        "version": __version__,
        "about": _paragraphs(tree.help),
        "options": [_parameter(one, tree) for one in tree.get_params(typer.Context(tree))],
        "commands": commands,
        "groups": [{"words": [*words], "about": _paragraphs(found.help)} for words, found in _groups(tree, ())],
        "exit_codes": [{"code": int(code), "name": code.name, "means": MEANINGS[code]} for code in ExitCode],
        "environment": [{"name": name, "about": about} for name, about in ENVIRONMENT.items()],
        "error": _ERROR,
    }


def envelope(data: Shape) -> Shape:
    """
    Return the shape of a document whose ``data`` has a shape.
    """
    head = record(schema=int, operation=str, sandbox=bool, dry_run=bool, data=data)
    return optional(head, "dry_run")


def _groups(group: Any, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, child in getattr(group, "commands", {}).items():
        if hasattr(child, "commands"):
            yield (*words, name), child
            yield from _groups(child, (*words, name))


def _commands(group: Any, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if hasattr(group.callback, FACTS):
        yield words, group
    for name, child in getattr(group, "commands", {}).items():
        yield from _commands(child, (*words, name))


def _command(words: Sequence[str], found: Any) -> dict[str, Any]:
    facts: Facts = getattr(found.callback, FACTS)
    own = [one for one in found.params if one.name not in GLOBALS]
    summary, *details = _paragraphs(found.help)
    return {
        "words": [*words],
        "summary": summary,
        "details": details,
        "arguments": [_parameter(one, found) for one in own if one.param_type_name == "argument"],
        "options": [_parameter(one, found) for one in own if one.param_type_name == "option"],
        "examples": [line.strip() for line in (found.epilog or "").splitlines()[2:]],
        "exit_codes": sorted({*map(int, ALWAYS), *map(int, facts.exits)}),
        "result": _result(facts),
    }


def _result(facts: Facts) -> dict[str, Any]:
    if not facts.lines:
        return {"form": "document", "schema": envelope(facts.shape)}
    instead = {} if facts.instead is None else {"document": envelope(facts.instead)}
    return {"form": "lines", "schema": facts.shape, **instead}


def _parameter(one: Any, found: Any) -> dict[str, Any]:
    """Return an option or argument; what it takes is as JSON Schema has it."""
    names = {"names": [*one.opts, *one.secondary_opts]} if one.param_type_name == "option" else {"name": one.name}
    default = {} if one.default is None or callable(one.default) else {"default": one.default}
    return {
        **names,
        "metavar": one.metavar,
        "about": one.help or "",
        "required": one.required,
        "several": bool(getattr(one, "multiple", False)),
        "flag": bool(getattr(one, "is_flag", False)),
        "takes": _taken(one.name, found),
        **default,
    }


def _taken(name: str, found: Any) -> Shape:
    """Return the shape of one value, off the annotation of the command's function."""
    known = inspect.signature(found.callback).parameters
    annotation = known[name].annotation if name in known else bool
    kind = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
    kinds = [each for each in get_args(kind) if each is not NoneType] if isinstance(kind, UnionType) else [kind]
    taken = shape(kinds[0])
    items: Shape = taken["items"] if taken.get("type") == "array" else taken
    return items


def _paragraphs(text: str | None) -> list[str]:
    parts = inspect.cleandoc(text or "").replace("\b", "").split("\n\n")
    return [" ".join(part.split()) for part in parts if part.strip()]
