"""A call of every operation, made of the facts of the contract: a new fact is tried wherever all of them are."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any, Final

from support import facts, later_facts

FACTS: Final = {fact.call: fact for fact in (*facts.OPERATIONS, *later_facts.OPERATIONS)}


def act_of(operation: str, read: Callable[[Any], Any], *without: str) -> Callable[[Any], Any]:
    """
    Return a call with the arguments of its facts, less those named; *read* reads what is a listing.
    """
    given = {name: value for name, value in FACTS[operation].arguments.items() if name not in without}

    def act(client: Any) -> Any:
        found = attrgetter(operation)(client)(**given)
        return read(found) if hasattr(found, "pages") else found

    return act


def place_of(operation: str, edition: str, base: str, read: str) -> str:
    """
    Return where a call goes: its method and path, with the paths of the base URL and of a versioned URL of reads.
    """
    fact = FACTS[operation]
    if isinstance(fact, later_facts.Later):
        where = base if fact.host == "base" else f"{read.rpartition('/')[0]}/{fact.version}"
    elif edition == "current" and fact.current is not None:
        where = read if fact.current.version is None else f"{read.rpartition('/')[0]}/{fact.current.version}"
    else:
        where = base
    return f"{fact.method} {where}{fact.path}"
