"""Who wrote a message: a table of authors, and the same on a listing."""

from __future__ import annotations

import copy
import pickle

import pytest

from alive5._sansio.decode import shape
from alive5.models import FbmConversation, FeedMessage, LivechatConversation, Message, SmsConversation
from alive5.models._sides import NOBODY, SIDES, Directory, Parties, Side, parties_of, side_of

TALK = parties_of(
    {
        "assigned_to": "Maria  Ortiz",
        "agent_id": "agent-maria",
        "contacts_first_name": "Ana",
        "contacts_last_name": "Silva",
        "contacts_email": "Ana@example.com",
        "contacts_phone": "(202) 555-0123",
        "crm_id": "crm-1",
        "alive_sms_phone_number": "+12025550100",
    }.get
)
ACCOUNT = Directory.of(
    agents=["Ken Sato", None, ""], bots=["Frontdesk", "u-bot"], lines=["+1 202-555-0101", None, "12345", "no line"]
)


@pytest.mark.parametrize(
    ("author", "side"),
    [
        (None, "unknown"),
        ("", "unknown"),
        ("  ", "unknown"),
        ("maria ortiz", "agent"),
        ("AGENT-MARIA", "agent"),
        ("Ken Sato", "agent"),
        ("Ana", "customer"),
        (" ana  SILVA ", "customer"),
        ("ana@EXAMPLE.com", "customer"),
        ("crm-1", "customer"),
        ("+1 (202) 555-0123", "customer"),
        ("2025550123", "customer"),
        ("+12025550100", "agent"),
        ("2025550101", "agent"),
        ("12345", "agent"),
        ("+4915112345678", "customer"),  # another number, and the account's own are known
        ("frontdesk", "bot"),
        ("u-bot", "bot"),
        ("Bot", "bot"),
        ("Visitor", "customer"),
        ("Silva", "unknown"),
        ("Omar Haddad", "unknown"),
    ],
)
def test_who_wrote_it(author: str | None, side: Side) -> None:
    assert side in SIDES
    assert side == side_of(author, TALK, ACCOUNT)


def test_who_is_two_is_unknown() -> None:
    twice = TALK._replace(agents=("Ana Silva",))
    assert "unknown" == side_of("ana silva", twice)
    assert "unknown" == side_of("Ana", TALK, Directory.of(agents=["Ana"]))
    assert "unknown" == side_of("Ana", TALK, Directory.of(bots=["Ana"]))
    assert "unknown" == side_of("+12025550123", TALK, Directory.of(lines=["+12025550123"]))


def test_a_bot_that_a_conversation_is_assigned_to_is_a_bot() -> None:
    assert "bot" == side_of("Frontdesk", TALK._replace(agents=("Frontdesk",)), ACCOUNT)


def test_a_number_is_unknown_where_no_number_of_the_account_is_known() -> None:
    assert "unknown" == side_of("+4915112345678")
    assert "unknown" == side_of("+4915112345678", TALK._replace(line=None))
    assert "customer" == side_of("+12025550123", TALK._replace(line=None))
    assert "customer" == side_of("2025550123", Parties(phones=("+12025550123",)))
    assert "unknown" == side_of("+442025550123", Parties(phones=("+12025550123",)))


SAID = [{"created_by": name} for name in ("Ana", "Maria Ortiz", "+12025550100", "Bot", None, 7)]


@pytest.mark.parametrize("model", [SmsConversation, LivechatConversation, FbmConversation])
def test_the_side_of_a_message_of_a_listing(model: type[SmsConversation]) -> None:
    row = {"assigned_to": "Maria Ortiz", "contacts_first_name": "Ana", "alive_sms_phone_number": "+12025550100"}
    talk = shape(model, {**row, "chat_conversation": [dict(message) for message in SAID]})
    line = "unknown" if model is FbmConversation else "agent"  # Messenger has no number of ours
    expected = ["customer", "agent", line, "bot", "unknown", "unknown"]
    assert expected == [message.side for message in talk.messages]
    assert expected == [message.side for message in copy.deepcopy(talk).messages]
    assert expected == [message.side for message in pickle.loads(pickle.dumps(talk)).messages]
    assert "side" not in talk.messages[0].to_dict()


def test_the_side_of_a_message_alone() -> None:
    assert "unknown" == Message(created_by="Ana").side
    assert "bot" == FeedMessage(created_by="bot").side
    assert NOBODY == Parties()
