"""Whose a number, an address and a conversation are, in any spelling: tables of what is known, and of what is not."""

from __future__ import annotations

from typing import Any

import pytest

from alive5 import InvalidArgumentError
from alive5._sansio.person import Person, contact_keys, read_person, texts_in
from alive5.models._addresses import read_address
from alive5.models._numbers import country_code, full_number

US, UK, BERLIN = "+12025550123", "+442025550123", "+49301234567"
KEY = frozenset({f"phone {US}"})
MAIL = frozenset({"email ana@example.com"})


@pytest.mark.parametrize(
    "value",
    [
        US,
        "12025550123",
        "0012025550123",
        "(202) 555-0123",
        "202.555.0123",
        "+1 202 555 0123",
        " 202\u2011555\u20110123",
    ],
)
@pytest.mark.parametrize("line", [None, "", "28777", "+1 202 555 0100", "(202) 555-0100"])
def test_spellings_of_a_north_american_number(value: str, line: str | None) -> None:
    assert US == full_number(value, line)


@pytest.mark.parametrize(
    ("value", "line", "number"),
    [
        ("2025550123", "+44 20 7946 0000", UK),
        (UK, "+12025550100", UK),
        ("0044 20 2555 0123", None, UK),
        ("020 2555 0123", "+442079460000", UK),
        ("030 1234567", "+4915112345678", BERLIN),
        ("030 1234567", None, None),
        ("030 1234567", "+12025550100", None),
        ("12345", "+4915112345678", None),
        ("5550123", "+12025550100", None),
        ("1025550123", None, None),
        ("+1202555012", None, None),
        ("+11025550123", None, None),
        ("120255501234", None, None),
        ("Ana", None, None),
        ("Ana", "+4915112345678", None),
        ("", None, None),
        (None, None, None),
        (7, None, None),
        ("+0012025550123", None, None),
    ],
)
def test_a_number_is_one_persons_or_nobodys(value: Any, line: str | None, number: str | None) -> None:
    assert number == full_number(value, line)


def test_codes_of_countries() -> None:
    numbers = {US: "1", UK: "44", BERLIN: "49", "+79161234567": "7", "+353861234567": "353"}
    assert numbers == {number: country_code(number) for number in numbers}


@pytest.mark.parametrize(
    "value",
    [
        *("ana@example.com", " ANA@Example.COM ", "Ana Silva <ana@example.com>", '"Silva, Ana" <Ana@Example.com>'),
        *("mailto:ana@example.com", "<mailto:ana@example.com>", "ana@example.com (Ana)", "ana@example.com."),
    ],
)
def test_spellings_of_an_address(value: str) -> None:
    assert "ana@example.com" == read_address(value)


@pytest.mark.parametrize(
    "value",
    [None, 7, "", "ana", "@example.com", "ana@", "ana@example.com, bo@example.com", "a@b@c", "a <b@c.d> <e@f.g>"],
)
def test_what_is_no_address_or_several(value: Any) -> None:
    assert read_address(value) is None


def test_two_addresses_stay_two() -> None:
    assert len({read_address(one) for one in ("stra\u00dfe@example.com", "strasse@example.com")}) == 2


@pytest.mark.parametrize(
    ("phone", "email", "why"),
    [
        (None, None, "or email is needed"),
        ("2025550123", None, "country code"),
        ("5550123", None, "country code"),
        ("28777", None, "country code"),
        ("+1202555012", None, "country code"),
        ("Anabel", None, "country code"),
        (US, "anasilva", "one address"),
        (US, "ana@example.com,bo@example.com", "one address"),
    ],
)
def test_what_could_be_several_people_is_refused(phone: str | None, email: str | None, why: str) -> None:
    with pytest.raises(InvalidArgumentError, match=why) as caught:
        read_person(phone, email)
    assert not [given for given in (phone, email) if given and given in str(caught.value)]


def test_a_person_is_known_by_either() -> None:
    assert Person(US, "ana@example.com") == read_person("1 (202) 555-0123", "Ana <ANA@example.com>")
    assert KEY | MAIL == read_person(US, "ana@example.com").keys
    assert "<Person>" == repr(read_person(US, None))


LINE = {"alive_sms_phone_number": "+12025550100"}


@pytest.mark.parametrize(
    ("row", "keys"),
    [
        ({}, frozenset()),
        ({"contacts_phone": "(202) 555-0123"}, KEY),
        ({"contacts_phone": 12025550123}, KEY),
        ({"contacts_phone": True}, frozenset()),
        ({"contacts_phone_mobile": US, "contacts_phone": ""}, KEY),
        ({"contacts_phone": UK, "contacts_phone_mobile": US}, KEY | {f"phone {UK}"}),
        ({"contacts_email": "Ana <ANA@example.com>", "contacts_phone": None}, MAIL),
        ({"contacts_email": "ana@example.com; bo@example.com"}, frozenset()),
        ({"threadData": {"phone": US, "crmData": {"email": "ana@example.com"}}}, KEY | MAIL),
        ({"threadData": {"phone_mobile": US, "crmData": None}}, KEY),
        ({"threadData": None}, frozenset()),
        ({"contacts_phone": "2025550123", "alive_sms_phone_number": "+442079460000"}, {f"phone {UK}"}),
        ({"threadData": {"phone": "2025550123", "alive_sms_phone_number": "+442079460000"}}, {f"phone {UK}"}),
        # Others' addresses stand under other names.
        ({"email": "ana@example.com", "agent": {"email": "ana@example.com"}, "assigned_to": US}, frozenset()),
    ],
)
def test_who_a_conversation_is_about(row: dict[str, Any], keys: frozenset[str]) -> None:
    assert keys == contact_keys(row)


@pytest.mark.parametrize(
    ("row", "authors", "keys"),
    [
        (LINE, [US, "+12025550100", "Maria", None], KEY),
        ({**LINE, "contacts_phone": UK}, [US], {f"phone {UK}"}),
        ({**LINE, "contacts_phone": "5550123"}, [US], frozenset()),
        ({**LINE, "contacts_email": "none given"}, [US], frozenset()),
        (LINE, [US, UK], frozenset()),
        (LINE, ["ana@example.com"], frozenset()),
        (LINE, [], frozenset()),
        ({}, [US], frozenset()),
        ({"alive_sms_phone_number": "28777"}, [US], frozenset()),
    ],
)
def test_a_contact_without_number_is_the_one_who_wrote(
    row: dict[str, Any], authors: list[Any], keys: frozenset[str]
) -> None:
    assert keys == contact_keys(row, authors)


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("call me at (202) 555-0123!", True),
        ("0012025550123", True),
        ("+1-202-555-0123", True),
        ("my number:2025550123", True),
        ("92025550123", False),
        ("20255501234", False),
        ("202 555 0124", False),
        ("write to ANA@example.com.", True),
        ("mariana@example.com", False),
        ("ana@example.community", False),
        ("", False),
    ],
)
def test_being_named_in_a_text(text: str, is_named: bool) -> None:
    assert is_named == bool(read_person(US, "ana@example.com").mention.search(text))


def test_texts_of_a_value() -> None:
    value = {"a": ["b", 1, None, {"c": ("d",)}], "e": "f"}
    assert ["b", "d", "f"] == sorted(texts_in(value))
