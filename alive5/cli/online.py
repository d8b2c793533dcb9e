"""
``alive5 doctor --online``: the facts of the wire as a table, and the shapes of its answers for support.

A shape holds names and types. What is no name of the wire, or is also said by
a value, is written as "<key>"; no value is kept.
"""

from __future__ import annotations

import os
import re
from collections.abc import Container, Iterator, Mapping
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import Any, Final

import attrs

from .._core.wire_facts import MOST_REQUESTS, Probing
from .._sansio.endpoint import Edition
from .._sansio.step import step
from .._sansio.wire_facts import Finding, choose_edition
from .._version import __version__
from ..errors import ConfigurationError
from ..models import Model
from ..models._base import WIRE
from ..models._secret_names import is_secret_name
from ._exits import ExitCode
from ._output import to_json
from ._session import Session
from ._shapes import record
from ._tables import Column, show_rows

KEY: Final = "<key>"
# That of the account, before.
_ALREADY: Final = 1
_NAME: Final = re.compile(r"_?[a-z][A-Za-z]*(?:_[A-Za-z]+)*", re.ASCII)
_LONGEST_NAME: Final = 40
_DIGITS: Final = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_WORD: Final = re.compile(r"[^\W_]+")
_DEEPEST: Final = 16
# Names of the wire that are no field of a model.
_STRUCTURE: Final = (
    "Items items page pages totalPages totalRecord threadData threadConversation _source _id crmData assignedTo"
    " thread_start_chat thread_end_chat thread_status status_timestamp phone phone_mobile closed_at user_role"
)
_COLUMNS: Final = (
    Column[Finding](title="", cell=lambda one: str(one.fact), right=True),
    Column[Finding](title="about", cell=lambda one: one.about),
    Column[Finding](title="fact", cell=lambda one: one.question),
    Column[Finding](title="answer", cell=lambda one: f"{one.answer}{f' ({one.why})' if one.why else ''}", whole=True),
    Column[Finding](title="probe", cell=lambda one: one.probe, spare=1),
)

ONLINE: Final = record(edition=Edition | None, verdict=str, requests=int, requests_at_most=int, facts=list[Finding])
"""The shape of what is found out."""


def examine(session: Session, anonymous: Path | None) -> tuple[dict[str, Any], list[Finding], ExitCode]:
    """
    Return the document of the facts, the facts, and the exit code; write the shapes of the answers.
    """
    if anonymous is not None and not anonymous.absolute().parent.is_dir():
        raise ConfigurationError("--anonymous: there is no such directory")
    shapes = Shapes()
    with session.client() as client:
        probing = Probing(
            client._core._caller,
            datetime.now(timezone.utc).date(),
            versioned=session.origins.read.has_version,
            already=_ALREADY,
            on_answer=shapes.add if anonymous is not None else None,
        )
        findings = step(probing.run())
    edition = choose_edition(findings)
    document = {
        "edition": edition,
        "verdict": "neither edition answers" if edition is None else f'use edition="{edition}"',
        "requests": probing.requests,
        "requests_at_most": MOST_REQUESTS,
        "facts": [attrs.asdict(finding) for finding in findings],
    }
    if anonymous is not None:
        _write_privately(anonymous, {"alive5": __version__, **document, "shapes": shapes.document()})
    refused = ExitCode.AUTHENTICATION if probing.refused_key else ExitCode.INCOMPLETE
    return document, findings, refused if edition is None else ExitCode.DONE


def show_facts(session: Session, document: Mapping[str, Any], findings: list[Finding]) -> None:
    """
    Show the facts as a table, and the verdict below it.
    """
    session.out.text("")
    show_rows(session.out.console, _COLUMNS, findings, session.zone)
    session.out.text(f"\nverdict: {document['verdict']} ({document['requests']} requests)")


@attrs.define
class Shape:
    """
    The types seen in one place, with the names and the elements of what is nested there.
    """

    times: int = 0
    types: set[str] = attrs.field(factory=set)
    objects: int = 0
    names: dict[str, Shape] = attrs.field(factory=dict)
    element: Shape | None = None

    def add(self, value: Any, depth: int = 0) -> None:
        """
        Add the types of a value; nothing is added below a depth no service nests to.
        """
        self.times += 1
        if isinstance(value, dict):
            self.objects += 1
            known = not _known().isdisjoint(value)
            for name, inner in value.items() if depth < _DEEPEST else ():
                if not is_secret_name(name):
                    kept = name if name in _known() or (known and _is_name(name)) else KEY
                    self.names.setdefault(kept, Shape()).add(inner, depth + 1)
        elif isinstance(value, list):
            self.element = self.element or Shape()
            for inner in value if depth < _DEEPEST else ():
                self.element.add(inner, depth + 1)
        else:
            self.types.add(_type_of(value))

    def merge(self, other: Shape) -> None:
        """
        Add all that another shape has.
        """
        self.times += other.times
        self.types |= other.types
        self.objects += other.objects
        for name, inner in other.names.items():
            self.names.setdefault(name, Shape()).merge(inner)
        if other.element is not None:
            self.element = self.element or Shape()
            self.element.merge(other.element)

    def document(self, said: Container[str]) -> Any:
        """
        Return the shape as JSON: "name?" is one some objects lack, and one that is *said* by a value is hidden.
        """
        forms: list[Any] = [" | ".join(sorted(self.types))] if self.types else []
        if self.objects:
            forms.append(self._object(said))
        if self.element is not None:
            forms.append([self.element.document(said)] if self.element.times else [])
        return forms[0] if len(forms) == 1 else {"any of": forms}

    def _object(self, said: Container[str]) -> dict[str, Any]:
        shown: dict[str, Shape] = {}
        for name, inner in self.names.items():
            hidden = name not in _known() and _plain(name) in said
            shown.setdefault(KEY if hidden else name, Shape()).merge(inner)
        return {
            name if name == KEY or inner.times >= self.objects else f"{name}?": inner.document(said)
            for name, inner in sorted(shown.items())
        }


class Shapes:
    """The shapes of all answers, by operation and edition, and the words of their values."""

    def __init__(self) -> None:
        self._found: dict[str, Shape] = {}
        self._said: set[str] = set()

    def add(self, name: str, data: Any) -> None:
        """
        Add an answer's data.
        """
        self._found.setdefault(name, Shape()).add(data)
        for text in _texts(data):
            self._said.add(_plain(text))
            self._said.update(word.lower() for word in _WORD.findall(text))

    def document(self) -> dict[str, Any]:
        """
        Return all shapes as JSON.
        """
        return {name: shape.document(self._said) for name, shape in self._found.items()}


@cache
def _known() -> frozenset[str]:
    """Return the names of the wire: those of all models, and of what is round their values."""
    models, names = [Model], {*_STRUCTURE.split()}
    for model in models:
        models += model.__subclasses__()
        names |= {field.metadata[WIRE] or field.name for field in attrs.fields(model) if field.metadata}
    return frozenset(names)


def _is_name(name: str) -> bool:
    return len(name) <= _LONGEST_NAME and _NAME.fullmatch(name) is not None


def _plain(text: str) -> str:
    return "".join(_WORD.findall(text)).lower()


def _type_of(value: Any) -> str:
    if isinstance(value, str):
        return "digits" if _DIGITS.fullmatch(value) else "text"
    kinds: Mapping[type, str] = {type(None): "null", bool: "boolean", int: "integer", float: "number"}
    return kinds.get(type(value), "other")


def _texts(value: Any) -> Iterator[str]:
    """Yield all texts that are values; names are none."""
    ahead = [value]
    while ahead:
        each = ahead.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, (dict, list)):
            ahead += each.values() if isinstance(each, dict) else each


def _write_privately(path: Path, document: Mapping[str, Any]) -> None:
    """Write a file for this user alone; one that was there is replaced, not opened."""
    made = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(to_json(document, indent=2) + "\n")
        os.replace(made, path)
    except BaseException:
        made.unlink(missing_ok=True)
        raise
