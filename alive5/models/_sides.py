"""
Who wrote a message: the one place that decides it.

The service names an author as it likes: by a name, an address, an id or a
number. What it wrote is held against the values of the conversation and
against what is known of the account; what fits nothing, or fits two sides, is
unknown and stays so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Literal, NamedTuple

import attrs

from ._numbers import is_number_of, number_key, read_number

Side = Literal["agent", "customer", "bot", "unknown"]
SIDES: Final[tuple[Side, ...]] = ("agent", "customer", "bot", "unknown")

UNNAMED: Final[Mapping[str, Side]] = {"bot": "bot", "visitor": "customer"}
"""What an author without a name is called."""


class Parties(NamedTuple):
    """
    What a conversation says of those who take part in it, as delivered.
    """

    agents: tuple[str | None, ...] = ()
    contact: tuple[str | None, ...] = ()
    phones: tuple[str | None, ...] = ()
    line: str | None = None


NOBODY: Final = Parties()


def parties_of(value: Callable[[str], Any]) -> Parties:
    """
    Return the parties of a conversation, whose values are read by their names.
    """
    first, last = value("contacts_first_name"), value("contacts_last_name")
    return Parties(
        agents=(value("assigned_to"), value("agent_id")),
        contact=(first, f"{first or ''} {last or ''}", value("contacts_email"), value("crm_id")),
        phones=(value("contacts_phone"), value("contacts_phone_mobile")),
        line=value("alive_sms_phone_number"),
    )


def folded(text: Any) -> str:
    """
    Return a name as it is compared: blanks and case do not count.
    """
    return " ".join(text.casefold().split()) if isinstance(text, str) else ""


@attrs.frozen
class Directory:
    """
    What is known of an account beyond one conversation: names, addresses and ids, folded, and keys of its numbers.
    """

    agents: frozenset[str] = frozenset()
    bots: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()

    @classmethod
    def of(cls, agents: Iterable[Any] = (), bots: Iterable[Any] = (), lines: Iterable[Any] = ()) -> Directory:
        """
        Return a directory of values as the service writes them.
        """
        return cls(_names(agents), _names(bots), frozenset(filter(None, map(line_key, lines))))


UNKNOWN_ACCOUNT: Final = Directory()


def line_key(value: Any) -> str | None:
    """
    Return what a number is known by in any spelling; None when it is none.
    """
    number = read_number(value)
    return None if number is None else number_key(number)


def side_of(author: Any, parties: Parties = NOBODY, directory: Directory = UNKNOWN_ACCOUNT) -> Side:
    """
    Return the side that wrote a message, by its ``created_by``.

    1. Names: a bot is who the directory says is one; an agent is who the
       conversation is assigned to, who the directory names, or a number of the
       account; a customer is the conversation's contact, by name, first name,
       e-mail, id, or number in any spelling. Who is two of them is unknown.
    2. Else a number: where one of the account's own is known, and this is
       another, a customer. Where none is known it could be the account's.
    3. Else the words "bot" and "visitor".
    """
    name = folded(author)
    number = read_number(author)
    lines = directory.lines | {key for key in (line_key(parties.line),) if key}
    claims: list[Side] = []
    if name in directory.bots:
        claims.append("bot")
    elif name in directory.agents or name in _names(parties.agents) or line_key(author) in lines:
        claims.append("agent")
    if name in _names(parties.contact) or (number is not None and _is_any(parties.phones, number)):
        claims.append("customer")
    if claims:
        return claims[0] if len(claims) == 1 else "unknown"
    if number is not None:
        return "customer" if lines else "unknown"
    return UNNAMED.get(name, "unknown")


def _names(values: Iterable[Any]) -> frozenset[str]:
    return frozenset(filter(None, map(folded, values)))


def _is_any(phones: Iterable[Any], number: str) -> bool:
    known = filter(None, map(read_number, phones))
    return any(is_number_of(phone, number) or is_number_of(number, phone) for phone in known)
