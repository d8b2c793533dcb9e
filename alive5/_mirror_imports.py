"""The imports of the generated front: found in the sources, written as a formatter would."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

WIDTH = 120
_BUILTIN = {
    "str",
    "int",
    "float",
    "bool",
    "list",
    "tuple",
    "None",
    "object",
    "type",
    "BaseException",
    "C",
    "Pages",
    "self",
}


class MirrorError(Exception):
    """The core holds something this generator does not understand."""


def import_block(used: set[str], origins: Mapping[str, str], guarded: set[str]) -> str:
    """
    Return the import statements for the names *used*; *guarded* ones are for type checkers.
    """
    modules: dict[str, set[str]] = {}
    plain = {"builtins", "os", "ssl"} & used
    wanted = used | ({"TYPE_CHECKING"} if guarded & used else set())
    for name in sorted(wanted - _BUILTIN - plain):
        module = "collections.abc" if name == "Iterator" else origins.get(name)
        if module is None:
            raise MirrorError(f"nothing imports {name}")
        modules.setdefault(module, set()).add(name)
    absolute = sorted(m for m in modules if not m.startswith("."))
    relative = sorted((m for m in modules if m.startswith(".")), key=lambda m: (m.lstrip("."),))
    lines = ["from __future__ import annotations", "", *(f"import {name}" for name in sorted(plain))]
    lines += [_import(m, modules[m]) for m in absolute]
    lines += ["", *(_import(m, modules[m] - guarded) for m in relative if modules[m] - guarded)]
    late = [_import(m, modules[m] & guarded) for m in relative if modules[m] & guarded]
    lines += ["", "if TYPE_CHECKING:", *(f"    {line}" for line in late)] if late else []
    return "\n".join(lines)


def spelled(annotation: str, origins: Mapping[str, str]) -> str:
    """
    Return an annotation as the blocking front has it: its own classes, and models by their package.
    """
    text = re.sub(r"\b(_core\.)?Async(?=[A-Z])", "", annotation)
    ours = "|".join(sorted(name for name, origin in origins.items() if origin == ".models"))
    return re.sub(rf"(?<![\w.])({ours})\b", r"models.\1", text) if ours else text


def _import(module: str, names: set[str]) -> str:
    order = sorted(names, key=lambda n: (not n.isupper(), n[0].islower(), n.lower()))
    line = f"from {module} import {', '.join(order)}"
    if len(line) <= WIDTH:
        return line
    return f"from {module} import (\n" + "".join(f"    {name},\n" for name in order) + ")"


def unguarded(body: list[ast.stmt], guarded: set[str]) -> Iterator[ast.stmt]:
    """
    Yield statements, those for type checkers flattened; their names are added to *guarded*.
    """
    for node in body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            imports = [item for item in node.body if isinstance(item, ast.ImportFrom)]
            guarded |= {name.name for item in imports for name in item.names}
            yield from imports
        else:
            yield node
