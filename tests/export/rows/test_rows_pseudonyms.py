"""Pseudonyms in rows: what is replaced, what stays, and who stays equal to whom."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from alive5 import InvalidArgumentError
from alive5.export.rows.pseudonyms import SORTS, Pseudonyms, read_sorts
from alive5.models._numbers import full_number, is_number_of, line_number, number_key, read_number
from alive5.models._sides import Directory, parties_of, side_of

ALL = Pseudonyms(b"key" * 9, SORTS)
NAME, PHONE = r"name_[0-9a-f]{16}", r"phone_[0-9a-f]{16}"
EMAIL, TEXT = r"email_[0-9a-f]{16}@pseudonym\.invalid", r"text_[0-9a-f]{16}_"


def under(name: str, value: Any, of: tuple[str, ...] = SORTS) -> Any:
    """Return what stands for a value under a name."""
    return Pseudonyms(b"key" * 9, of).replace([{name: value}])[0][name]


@pytest.mark.parametrize(
    ("name", "value", "form"),
    [
        ("contacts_first_name", "Ana", NAME),
        ("contacts_last_name", "de la Cruz", f"{NAME} {NAME} {NAME}"),
        ("firstName", "Ana", NAME),
        ("assigned_to", "Maria Ortiz", f"{NAME} {NAME}"),
        ("assignedTo", "u7", NAME),
        ("agent_id", 7, NAME),
        ("crm_id", "crm-1", NAME),
        ("screenname", "maria", NAME),
        ("created_by", "Ana Silva", f"{NAME} {NAME}"),
        ("created_by", "+1 (202) 555-0123", PHONE),
        ("created_by", "Ana <ana@example.com>", EMAIL),
        ("From", "2025550123", PHONE),
        ("contacts_phone", "+12025550123", PHONE),
        ("contacts_phone_mobile", 12025550123, PHONE),
        ("alive_sms_phone_number", "+12025550199", PHONE),
        ("whatsapp", "+12025550123", PHONE),
        ("contacts_phone", "call me maybe", f"{NAME} {NAME} {NAME}"),
        ("contacts_email", "ana@example.com", EMAIL),
        ("email", "none; or a@b.c", f"{NAME} {NAME} {NAME}"),
        ("message_content", "y", TEXT + "1"),
        ("message_content", "no", TEXT + "2"),
        ("message_content", "x" * 17, TEXT + "32"),
        ("message_content", "\ud800x\x00", TEXT + "4"),
        ("contacts_notes", "met in May", TEXT + "16"),
        ("media_url", "https://x.test/a.png", TEXT + "32"),
        ("lastMessage", "hi", TEXT + "2"),
    ],
)
def test_what_is_replaced(name: str, value: Any, form: str) -> None:
    assert re.fullmatch(form, under(name, value))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("channel_name", "Support"),
        ("channel_label", "Support"),
        ("channel", {"name": "Support", "phone": "+12025550123"}),
        ("org_name", "Acme"),
        ("tags", ["vip", {"name": "new"}]),
        ("alive5_sessionID", "s1"),
        ("start_time", 1_767_225_600_000),
        ("crm_type", "email"),
        ("city", "Paris"),
        ("created_by", "bot"),
        ("created_by", " Visitor "),
        ("created_by", None),
        ("created_by", ""),
        ("contacts_phone", "0"),
        ("contacts_phone", 0),
        ("contacts_email", "  "),
        ("is_mobile", True),
        ("message_count", 3),
        ("message", {"at": 7}),
        ("x" * 300, "y"),
    ],
)
def test_what_stays(name: str, value: Any) -> None:
    assert value == under(name, copy.deepcopy(value))


def test_only_what_is_asked_for() -> None:
    row = {"created_by": "Ana", "phone": "+12025550123", "email": "a@b.c", "message_content": "hi"}
    for sort, name in zip(SORTS, row, strict=True):
        (found,) = Pseudonyms(b"k" * 16, (sort,)).replace([dict(row)])
        assert [name] == [key for key in row if row[key] != found[key]]
    for author in ("+12025550123", "a@b.c", "A@B.C"):
        assert author == under("created_by", author, ("names",))
        assert author == under("created_by", author, ("texts",))
    assert re.fullmatch(f"{NAME} {NAME}", under("created_by", "Ana <a@b.c>", ("names",)))
    assert re.fullmatch(EMAIL, under("created_by", "Ana <a@b.c>", ("emails",)))
    assert "Ana" == under("created_by", "Ana", ("emails", "phones"))


def test_at_any_depth() -> None:
    deep: Any = "+12025550123"
    for _ in range(5_000):
        deep = [deep]
    row = {
        "threadData": {"crmData": {"first_name": "Ana", "phone_mobile": {"value": ["+12025550123"]}}},
        "phones": deep,
    }
    said = {"threadConversation": [{"_source": {"created_by": "Ana", "message_content": "hi"}}, "odd", None]}
    (found,) = ALL.replace([{**row, **said}])
    assert re.fullmatch(NAME, found["threadData"]["crmData"]["first_name"])
    assert found["threadConversation"][0]["_source"]["created_by"] == found["threadData"]["crmData"]["first_name"]
    assert re.fullmatch(TEXT + "2", found["threadConversation"][0]["_source"]["message_content"])
    assert ["odd", None] == found["threadConversation"][1:]
    mobile = found["threadData"]["crmData"]["phone_mobile"]["value"][0]
    inner = found["phones"]
    while isinstance(inner, list):
        (inner,) = inner
    assert under("created_by", "(202) 555-0123") == mobile == inner


@pytest.mark.parametrize(
    ("name", "spellings"),
    [
        ("contacts_phone", ["+12025550123", "12025550123", "(202) 555-0123", "0012025550123", 2025550123]),
        ("contacts_email", ["ana@example.com", "ANA@Example.com", "Ana <ana@example.com>", " mailto:ana@example.com"]),
        ("created_by", ["Ana Silva", "ana  SILVA", " Ana Silva "]),
    ],
)
def test_spellings_of_one_person_are_one(name: str, spellings: list[Any]) -> None:
    assert 1 == len({under(name, spelling) for spelling in spellings})


def test_names_without_end_do_not_fill_the_memory() -> None:
    found = Pseudonyms(b"k" * 16, SORTS)
    rows = [{"created_by": f"Visitor {number}"} for number in range(5_000)]
    assert 5_000 == len({row["created_by"] for row in found.replace(rows)})
    assert len(found._known) < 4_097
    assert found.replace([{"created_by": "Visitor 7"}]) == rows[7:8]


def test_others_are_others() -> None:
    people = [f"+1202555{n:04}" for n in range(2_000)]
    assert 2_000 == len({under("phone", one) for one in people})
    assert (
        under("phone", people[0])
        != Pseudonyms(b"another key, as long", SORTS).replace([{"phone": people[0]}])[0]["phone"]
    )


def test_a_pseudonym_of_a_number_is_a_number_that_nothing_is_sent_to() -> None:
    one, other = under("phone", "+12025550123"), under("phone", "+12025550124")
    assert (one, one) == (read_number(one), number_key(one))
    assert (None, None) == (line_number(one), full_number(one))
    assert is_number_of(one, one)
    assert not is_number_of(one, other)
    for near in (one[:-1], one + "0", one.upper(), "name" + one[5:]):
        assert read_number(near) is None


ROWS = [
    {"assigned_to": "Maria Ortiz", "agent_id": "u1", "alive_sms_phone_number": "+12025550199", "crm_id": "c1"},
    {"contacts_first_name": "Ana", "contacts_last_name": "Silva", "contacts_email": "ana@example.com"},
    {"contacts_first_name": "Maria", "contacts_last_name": "Ortiz", "assigned_to": "Maria Ortiz"},
    {"contacts_phone": "(202) 555-0123", "alive_sms_phone_number": "12025550199"},
    {"contacts_phone": "+12025550123", "contacts_first_name": "Ana Silva"},
    {"contacts_email": "a@b.c; d@e.f"},
    {},
]  # fmt: skip
AUTHORS = [
    *("Maria Ortiz", "maria", "u1", "+12025550199", "c1", "Ana", "ana silva", "ANA@example.com", "2025550123"),
    *("+12025550123", "+442025550123", "bot", "Visitor", "Stranger", None, "", "7", "Ken Sato", "a@b.c; d@e.f"),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=range(len(ROWS)))
@pytest.mark.parametrize("author", AUTHORS)
def test_who_wrote_stays_known(row: dict[str, Any], author: str | None) -> None:
    """But for numbers of two countries that share their last ten digits: they become one, as in every other figure."""
    account = {"assigned_to": "Ken Sato", "alive_sms_phone_number": "+12025550188"}
    hidden = ALL.replace([dict(row), dict(account), {"created_by": author}])
    plain = side_of(author, parties_of(row.get), Directory.of([account["assigned_to"]], lines=["+12025550188"]))
    lines = [hidden[1]["alive_sms_phone_number"]]
    found = side_of(
        hidden[2]["created_by"], parties_of(hidden[0].get), Directory.of([hidden[1]["assigned_to"]], lines=lines)
    )
    assert plain == found


def test_what_tells_them_apart_reveals_nothing() -> None:
    assert re.fullmatch(r"names,emails [0-9a-f]{16}", Pseudonyms(b"k" * 16, ("names", "emails")).name)
    assert Pseudonyms(b"k" * 16, SORTS).name != Pseudonyms(b"l" * 16, SORTS).name
    assert "<Pseudonyms names,phones,emails,texts>" == repr(ALL)


def test_what_can_be_asked_for() -> None:
    assert () == read_sorts(None) == read_sorts([])
    assert ("names",) == read_sorts("names")
    assert ("names", "emails") == read_sorts(["emails", "names", "names"])
    with pytest.raises(InvalidArgumentError, match="pseudonymise must name some of names, phones, emails, texts"):
        read_sorts(["addresses"])
