"""People planted into conversations, each in six spellings of a number and of an address."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import attrs

Row = dict[str, Any]
Rows = list[tuple[str, Row]]
By = Literal["phone", "email"]
Truth = dict[tuple[int, By], set[str]]

LINE = "+12025559900"
FIRST_MS = 1_767_312_000_000  # 2026-01-02T00:00:00Z
HOUR_MS = 3_600_000
DAYS = 26
KINDS = ("livechat", "sms", "fbm")


@attrs.frozen
class Planted:
    """A person; ``mark`` is in every value only they have, and in no one else's."""

    number: int
    phone: str
    email: str

    @classmethod
    def numbered(cls, number: int) -> Planted:
        """
        Return the person of a number below 9,000.
        """
        return cls(number, f"+1202555{number:04}", f"person-{number:04}@example.com")

    @property
    def mark(self) -> str:
        """A word in the texts and names of the person."""
        return f"Mark{self.number:04}Kram"

    @property
    def spellings(self) -> dict[By, tuple[str, ...]]:
        """Six spellings of the number and of the address."""
        local, mail = self.phone[2:], self.email
        area, exchange, rest = local[:3], local[3:6], local[6:]
        return {
            "phone": (
                self.phone, f"1{local}", f"001{local}", f"({area}) {exchange}-{rest}", f"{area}.{exchange}.{rest}",
                f"+1-{area}-{exchange}-{rest}",
            ),
            "email": (
                mail, mail.upper(), mail.title(), f"{self.mark} <{mail}>", f'"{self.mark}, A" <{mail.upper()}>',
                f" mailto:{mail} ",
            ),
        }  # fmt: skip

    def spelled(self, rng: random.Random, by: By) -> str:
        """
        Return a spelling to ask by, which has the country's code.
        """
        fitting = [one for one in self.spellings[by] if by == "email" or one[0] in "+10"]
        return rng.choice(fitting)


def chat(kind: str, name: str, *, start: int = FIRST_MS, said: Sequence[str] = (), **values: Any) -> tuple[str, Row]:
    """
    Return a conversation of two messages or more.
    """
    texts = ["Hello", "Hi, how can I help?", *said]
    messages = [
        {"created_at": start + at * 1000, "created_by": "Maria" if at == 1 else "Visitor", "message_content": text}
        for at, text in enumerate(texts)
    ]
    row = {"alive5_sessionID": name, "start_time": start, "end_time": start + HOUR_MS, "chat_conversation": messages}
    return kind, {**row, **values}


def planted(
    rng: random.Random, people: Iterable[Planted], *, flat: bool = False
) -> tuple[Rows, dict[tuple[int, By], set[str]]]:
    """
    Return conversations of people, and the ids that are about each, by what.
    """
    rows: Rows = []
    truth: Truth = {}
    for person in people:
        for by in ("phone", "email"):
            own = truth[person.number, by] = set[str]()
            for spelling in person.spellings[by]:
                name, start = f"{by}-{person.number}-{len(own)}", FIRST_MS + rng.randrange(DAYS * 24) * HOUR_MS
                own.add(name)
                rows.append(
                    chat(
                        rng.choice(KINDS),
                        name,
                        start=start,
                        said=[f"I am {person.mark}"],
                        contacts_first_name=person.mark,
                        **_place(rng, by, spelling, flat=flat),
                    )
                )
    rng.shuffle(rows)
    return rows, truth


def _place(rng: random.Random, by: By, spelling: str, *, flat: bool) -> Row:
    """Return a spelling where a contact's value may stand, in the documented shape or any."""
    nested = "phone" if by == "phone" else "email"
    line = {"alive_sms_phone_number": rng.choice([LINE, None])}
    if flat:
        return {f"contacts_{by}": spelling, **line}
    return rng.choice(
        [
            {f"contacts_{by}": spelling, **line},
            {"threadData": {nested: spelling}, **line},
            {"threadData": {"crmData": {nested: spelling}}, **line},
            *([{"contacts_phone": "", "contacts_phone_mobile": spelling}] if by == "phone" else []),
            *([{"contacts_phone": LINE, "contacts_phone_mobile": spelling}] if by == "phone" else []),
        ]
    )


def neighbours(rng: random.Random, person: Planted) -> Rows:
    """
    Return conversations of others: another country, a digit more or less, the person as agent or in a text.
    """
    local, mail = person.phone[2:], person.email
    others: list[Row] = [
        {"contacts_phone": f"+44{local}"},
        {"contacts_phone": local, "alive_sms_phone_number": "+442079460000"},
        {"contacts_phone": person.phone[:-1]},
        {"contacts_phone": f"{person.phone}0"},
        {"contacts_phone": local[3:]},
        {"contacts_email": f"x{mail}"},
        {"contacts_email": mail.replace("@", "@mail.")},
        {"contacts_email": f"{mail}; other@example.org"},
        {"contacts_email": "other@example.org", "contacts_notes": f"knows {mail}"},
        {"contacts_phone": LINE, "assigned_to": person.phone, "agent_id": mail, "said": [f"ask {person.phone}"]},
    ]
    return [chat(rng.choice(KINDS), f"other-{person.number}-{at}", **values) for at, values in enumerate(others)]
