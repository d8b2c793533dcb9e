"""What a program cannot go on without: it is there as text, or an error names it."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from support.rows import documented

from alive5 import Contact, InboundSms, InvalidArgumentError, MissingValueError, Model, models
from alive5._sansio.decode import shape
from alive5.models._required import Identified

# Typed in from the tables of the service's documents.
IDS = {
    "LivechatConversation": "alive5_sessionID",
    "SmsConversation": "alive5_sessionID",
    "FbmConversation": "alive5_sessionID",
    "FeedMessage": "message_id",
    "CrmContact": "crm_id",
    "Tag": "tag_id",
    "Agent": "user_id",
    "Channel": "channel_id",
    "SmsWebhook": "interceptorUuid",
    "FaqCategory": "category_id",
    "FaqArticle": "article_id",
    "Widget": "widget_id",
    "Botchain": "botchain_id",
}


def test_what_has_an_id_of_its_own_has_a_way_to_require_it() -> None:
    known = {name for name in models.__all__ if issubclass(getattr(models, name), Identified)}
    assert {*IDS, "Conversation"} == known


@pytest.mark.parametrize("name", IDS)
def test_an_id_is_there_or_named(name: str) -> None:
    model, wire = getattr(models, name), IDS[name]
    assert "a1" == shape(model, {wire: "a1"}).require_id
    for row in ({}, {wire: None}, {wire: ""}, {wire: ["no id"]}):
        made = shape(model, dict(row))
        with pytest.raises(MissingValueError, match=f"^{name} came without {model._id}: ") as caught:
            _ = made.require_id
        assert model._id == caught.value.value == pickle.loads(pickle.dumps(caught.value)).value


@pytest.mark.parametrize("model", documented(), ids=lambda model: model.__name__)
def test_texts_are_required_by_their_names(model: type[Model]) -> None:
    for name, hint in model.__annotations__.items():
        if "str | None" in str(hint):
            assert "v" == model(**{name: "v"}).require(name)
            with pytest.raises(MissingValueError, match=f"{model.__name__} came without {name}: "):
                model().require(name)


def test_people_and_texts_that_came_are_asked_in_the_same_way() -> None:
    assert "+12025550123" == Contact(phone="+12025550123").require("phone")
    assert "+12025550123" == InboundSms(phone_number="+12025550123").require("phone_number")
    for made, name in ((Contact(), "email"), (InboundSms(), "phone_number"), (InboundSms(), "message")):
        with pytest.raises(MissingValueError, match=f"came without {name}"):
            made.require(name)


def test_a_missing_value_of_an_answer_asks_nobody_to_send_again() -> None:
    """The text was accepted: whoever looks at what may be repeated must not repeat it."""
    sent = shape(models.SentSms, {"message_status": "queued"})
    with pytest.raises(MissingValueError) as caught:
        sent.require("message_id")
    assert (False, False, "unknown") == (
        caught.value.safe_to_repeat, caught.value.worth_repeating, caught.value.outcome,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["tags", "messages", "is_open", "start_time", "to_dict"])
def test_values_of_other_kinds_are_no_text(name: str) -> None:
    chat = shape(models.SmsConversation, {"start_time": 1767323045000})
    with pytest.raises(InvalidArgumentError, match="must be that of a value of text"):
        chat.require(name)


def test_a_name_that_no_value_has() -> None:
    made: Any = models.Tag()
    with pytest.raises(AttributeError, match="tag_idd"):
        made.require("tag_idd")
