"""The blocking front is what its generator writes, and says and takes what the asynchronous one does."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest

from alive5 import Alive5, AsyncAlive5, AsyncPages, Pages, _facade, _mirror, client, resources
from alive5.sending.sender import AsyncSender

RENAMED = {"aclose": "close", "__aenter__": "__enter__", "__aexit__": "__exit__", "__aiter__": "__iter__"}
ONE_SIDED = {"__await__", "__del__"}
PAIRS: list[tuple[type[Any], type[Any]]] = [
    (AsyncAlive5, Alive5),
    (AsyncPages, Pages),
    (AsyncSender, _facade.Sender),
    *((getattr(resources, name), getattr(_facade, name.removeprefix("Async"))) for name in resources.__all__),
]
METHODS = [
    (theirs, ours, name)
    for theirs, ours in PAIRS
    for name, member in vars(theirs).items()
    if (callable(member) or isinstance(member, property)) and (not name.startswith("_") or name in RENAMED)
]


def test_the_file_is_what_the_generator_writes() -> None:
    written = _mirror.TARGET.read_text(encoding="utf-8")
    assert _mirror.Mirror().text() == written


@pytest.mark.parametrize(("theirs", "ours"), PAIRS, ids=lambda kind: kind.__name__)
def test_both_have_the_same_members(theirs: type[Any], ours: type[Any]) -> None:
    def names(kind: type[Any]) -> set[str]:
        own = {name for name in vars(kind) if not name.startswith("_") or name in {*RENAMED, *RENAMED.values()}}
        return own | set(getattr(kind, "__annotations__", {}))

    public = {name for name in names(theirs) if not name.startswith("_") or name in RENAMED}
    assert {RENAMED.get(name, name) for name in public - ONE_SIDED} == names(ours)
    assert ours.__name__ == theirs.__name__.removeprefix("Async")


def plain(annotation: Any) -> str:
    """
    Write an annotation without its colour.
    """
    text = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", repr(annotation))
    text = re.sub(r"\b(_core\.)?Async(?=[A-Z])", "", text)
    # The generator names all models by their package, which makes them when they are asked for.
    return re.sub(r"(?<!models\.)\b(ListingReport|Page)\b", r"models.\1", text)


@pytest.mark.parametrize(("theirs", "ours", "name"), METHODS, ids=lambda v: v if isinstance(v, str) else v.__name__)
def test_both_take_and_give_the_same(theirs: type[Any], ours: type[Any], name: str) -> None:
    first, second = vars(theirs)[name], vars(ours)[RENAMED.get(name, name)]
    assert type(first) is type(second)
    if isinstance(first, property):
        first, second = first.fget, second.fget
    one, two = inspect.signature(first), inspect.signature(second)
    assert [(p.name, p.kind, p.default, plain(p.annotation)) for p in one.parameters.values()] == [
        (p.name, p.kind, p.default, plain(p.annotation)) for p in two.parameters.values()
    ]
    assert plain(one.return_annotation) == plain(two.return_annotation)
    assert not inspect.iscoroutinefunction(second)


def test_both_are_made_alike() -> None:
    one, two = inspect.signature(AsyncAlive5), inspect.signature(Alive5)
    assert list(one.parameters) == list(two.parameters)
    assert [p.default for p in one.parameters.values()] == [p.default for p in two.parameters.values()]
    kinds = [p.kind for p in one.parameters.values()]
    assert [inspect.Parameter.POSITIONAL_OR_KEYWORD, *[inspect.Parameter.KEYWORD_ONLY] * (len(kinds) - 1)] == kinds


@pytest.mark.parametrize(("theirs", "ours", "name"), METHODS, ids=lambda v: v if isinstance(v, str) else v.__name__)
def test_both_say_the_same(theirs: type[Any], ours: type[Any], name: str) -> None:
    said = inspect.getdoc(vars(theirs)[name]) or ""
    for rule, instead in _mirror.WORDS.items():
        said = said.replace(rule, instead)
    said = said.replace("await its ", "its ").replace("AsyncAlive5", "Alive5")
    assert said == (inspect.getdoc(vars(ours)[RENAMED.get(name, name)]) or "")


@pytest.mark.parametrize(("theirs", "ours"), PAIRS, ids=lambda kind: kind.__name__)
def test_the_blocking_front_speaks_of_no_loop_and_no_await(theirs: type[Any], ours: type[Any]) -> None:
    words = " ".join(filter(None, [ours.__doc__, *(getattr(member, "__doc__", "") for member in vars(ours).values())]))
    assert not re.search(r"\bawait\b|``async|AsyncAlive5", words)
    assert bool(ours.__doc__) is bool(theirs.__doc__)


# Methods that ask nothing of the service, or not before they are iterated.
PURE = {("AsyncSms", "segments"), ("AsyncSms", "send_many"), ("AsyncConversations", "history")}


def test_every_method_of_a_family_is_asynchronous_or_gives_pages() -> None:
    for name in resources.__all__:
        for method, member in vars(getattr(resources, name)).items():
            if not method.startswith("_") and (name, method) not in PURE:
                gives_pages = str(inspect.signature(member).return_annotation).startswith("_core.AsyncPages[")
                assert inspect.iscoroutinefunction(member) is not gives_pages, f"{name}.{method}"


def test_the_core_of_the_blocking_front_is_the_asynchronous_one() -> None:
    assert client.BlockingCore.__mro__[1] is AsyncAlive5
    assert [name for name in vars(client.BlockingCore) if not name.startswith("_")] == []
