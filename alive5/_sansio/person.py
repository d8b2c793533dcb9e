"""
Which conversations are about a person: the one place that decides it.

A person is a phone number, an e-mail address, or both. A conversation is about
the person who is its contact; who is only named in one is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import attrs

from .. import models
from ..models._addresses import read_address
from ..models._numbers import country_code, full_number, read_number
from .reshape import values_of_contact
from .validate import refuse

Row = Mapping[str, Any]

# What a conversation of a listing has of its contact; places of the other shapes are in its ``extra``.
_VALUES: Final = ("contacts_phone", "contacts_phone_mobile", "contacts_email", "alive_sms_phone_number")
# What may stand between two digits of a number in a text.
_GAP: Final = r"[ ()\[\]./\-\u00a0\u2010-\u2013]{0,3}"
_NO_DIGIT_BEFORE, _NO_DIGIT_AFTER = r"(?<![0-9])", r"(?![0-9])"
_NO_ADDRESS_BEFORE, _NO_ADDRESS_AFTER = r"(?<![\w.+\-])", r"(?![\w\-])"


@attrs.frozen(repr=False)
class Person:
    """
    A person, by a number in full or an address in lower case, of which one is enough to know them by.
    """

    phone: str | None = None
    email: str | None = None

    @property
    def keys(self) -> frozenset[str]:
        """What :func:`contact_keys` has of them."""
        return _keys([self.phone], [self.email])

    @property
    def mention(self) -> re.Pattern[str]:
        """What finds their number or address in a text, in any spelling."""
        phone = [] if self.phone is None else [_number_pattern(self.phone)]
        email = [] if self.email is None else [_NO_ADDRESS_BEFORE + re.escape(self.email) + _NO_ADDRESS_AFTER]
        return re.compile("|".join((*phone, *email)), re.IGNORECASE)

    def __repr__(self) -> str:
        return "<Person>"


def read_person(phone: Any, email: Any) -> Person:
    """
    Return the person of two arguments, of which one may be None.

    :raises InvalidArgumentError: when they could be those of several people.
    """
    if phone is None and email is None:
        raise refuse("phone", "or email is needed")
    number, address = full_number(phone), read_address(email)
    if phone is not None and (number is None or not (read_number(phone) or "").startswith("+")):
        raise refuse("phone", "must be a whole number with its country code (+): else it may be several people's")
    if email is not None and address is None:
        raise refuse("email", "must be one address, as name@host")
    return Person(number, address)


def contact_keys(row: Row, authors: Iterable[Any] = ()) -> frozenset[str]:
    """
    Return what a conversation's contact is known by; *authors* are those of its messages.

    Where the contact has neither number nor address, it is the one who wrote
    from a number, unless that is the account's own or the account's is not known.
    """
    line = next((value for value in values_of_contact(row, "alive_sms_phone_number") if value), None)
    phones = [_text(value) for value in values_of_contact(row, "contacts_phone") if value]
    emails = [value for value in values_of_contact(row, "contacts_email") if value]
    own = full_number(line)
    if not phones and not emails and own is not None:
        writers = {full_number(author, line) for author in authors} - {own, None}
        return _keys(writers, ()) if len(writers) == 1 else frozenset()
    return _keys((full_number(phone, line) for phone in phones), map(read_address, emails))


def conversation_keys(conversation: models.Conversation) -> frozenset[str]:
    """
    Return what the contact of a conversation of a listing is known by.
    """
    values = {name: getattr(conversation, name) for name in _VALUES if hasattr(conversation, name)}
    return contact_keys({**conversation.extra, **values}, (message.created_by for message in conversation.messages))


def texts_in(value: Any) -> Iterator[str]:
    """
    Yield every text inside of a value of JSON.
    """
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, Mapping):
            waiting += one.values()
        elif isinstance(one, (list, tuple)):
            waiting += one


def _keys(phones: Iterable[str | None], emails: Iterable[str | None]) -> frozenset[str]:
    return frozenset([*(f"phone {one}" for one in phones if one), *(f"email {one}" for one in emails if one)])


def _text(value: Any) -> Any:
    return str(value) if value.__class__ is int else value


def _number_pattern(number: str) -> str:
    """Return a pattern of a number with its country's code, or without, and then with a 0 before it or without."""
    code = country_code(number)
    inside = _GAP.join(number.removeprefix(f"+{code}"))
    return rf"{_NO_DIGIT_BEFORE}(?:(?:00)?{_GAP.join(code)}{_GAP}|0)?{inside}{_NO_DIGIT_AFTER}"
