"""The part of JSON Schema that ``alive5 schema`` speaks, and what a run of the command said of itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from alive5.cli._command import command_tree
from alive5.cli._describe import describe
from alive5.cli.app import app

_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
    "array": (list,),
    "object": (dict,),
}
_WORDS = {"type", "format", "properties", "required", "additionalProperties", "items", "anyOf", "enum"}


def complaints(value: Any, schema: Mapping[str, Any], where: str = "") -> Iterator[str]:
    """Yield what is wrong with a value."""
    assert schema.keys() <= _WORDS, schema.keys()
    if "anyOf" in schema and all([*complaints(value, each, where)] for each in schema["anyOf"]):
        yield f"{where}: {value!r} is none of {len(schema['anyOf'])}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is not of {schema['enum']}"
    types = [schema["type"]] if isinstance(schema.get("type"), str) else schema.get("type", [])
    if types and not any(_is_a(value, name) for name in types):
        yield f"{where}: {value!r} is no {types}"
    elif isinstance(value, dict):
        yield from _of_object(value, schema, where)
    elif isinstance(value, list) and "items" in schema:
        for at, one in enumerate(value):
            yield from complaints(one, schema["items"], f"{where}[{at}]")


def _is_a(value: Any, name: str) -> bool:
    return isinstance(value, _TYPES[name]) and (not isinstance(value, bool) or name == "boolean")


def _of_object(value: Mapping[str, Any], schema: Mapping[str, Any], where: str) -> Iterator[str]:
    known = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    yield from (f"{where}.{name} is missing" for name in schema.get("required", ()) if name not in value)
    for name, one in value.items():
        if name in known:
            yield from complaints(one, known[name], f"{where}.{name}")
        elif others is False:
            yield f"{where}.{name} is not described"
        elif isinstance(others, dict):
            yield from complaints(one, others, f"{where}.{name}")


@cache
def described() -> dict[tuple[str, ...], dict[str, Any]]:
    """Return the description of each command by its words."""
    return {tuple(each["words"]): each for each in describe(command_tree(app))["commands"]}


def words_of(arguments: Sequence[str]) -> tuple[str, ...]:
    """Return the words of the command a line names."""
    at: Any = command_tree(app)
    words: list[str] = []
    for word in arguments:
        if word in getattr(at, "commands", {}):
            at = at.commands[word]
            words.append(word)
    if words == ["sms", "send"]:
        words[1] = next(
            (way for option, way in (("--from-csv", "send-many"), ("--line", "send-from")) if _has(arguments, option)),
            "send",
        )
    return tuple(words)


def _has(arguments: Sequence[str], option: str) -> bool:
    return any(word == option or word.startswith(f"{option}=") for word in arguments)


def untrue(arguments: Sequence[str], code: int, out: str) -> list[str]:
    """Return what a run did that is not what its command says of itself."""
    found = described().get(words_of(arguments))
    if found is None:
        return []
    wrong = [] if code in found["exit_codes"] else [f"exit code {code} is not described"]
    if "--json" in arguments and code == 0 and not {"-h", "--help", "--version"} & {*arguments}:
        wrong += _untrue_output(found["result"], out)
    return [f"{' '.join(found['words'])}: {each}" for each in wrong]


def _untrue_output(result: Mapping[str, Any], out: str) -> list[str]:
    document = result if result["form"] == "document" else {"schema": result.get("document")}
    if out.startswith("{\n"):
        return [*complaints(json.loads(out), document["schema"])]
    if result["form"] == "document":
        return ["it is no document"]
    return [each for line in out.splitlines() for each in complaints(json.loads(line), result["schema"])]
