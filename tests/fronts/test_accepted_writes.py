"""After an accepted write nothing raises: whatever the data, a model comes back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.front import Front
from support.scripted import TEXT, Events, raw, reply

from alive5 import OutcomeUnknownError
from alive5.sandbox import Sandbox

ODD: dict[str, Any] = {
    "null": None,
    "list": [],
    "list of one": [{"thread_id": "t"}],
    "list of two": [{}, {}],
    "list of null": [None],
    "text": "accepted",
    "number": 7,
    "false": False,
    "empty": {},
    "wrong types": {"thread_id": {"a": 1}, "newThread": [1], "created_at": "soon", "crmData": 7, "tag_id": ["x"]},
    "nested deep": json.loads('{"a":' * 90 + "1" + "}" * 90),
    "unknown keys": {"surprise": [1, {"a": None}], "": 1},
    "huge numbers": {"created_at": 10**30, "timestamp": -(10**18), "updated_at": 1e308},
}
WRITES: dict[str, Any] = {
    "sms.send": lambda client: client.sms.send(**TEXT),
    "sms.push": lambda client: client.sms.push(**{name: TEXT[name] for name in list(TEXT)[:3]}),
    "channels.create": lambda client: client.channels.create(channel_name="c"),
    "agents.create": lambda client: client.agents.create(
        email="ada@example.com", screenname="Ada", role="admin", channels="c"
    ),
    "faq.create_category": lambda client: client.faq.create_category(title="t", channel="c"),
    "faq.create_article": lambda client: client.faq.create_article(title="t", content="c", category="k"),
    "tags.create": lambda client: client.tags.create(name="n", email="ada@example.com"),
    "widgets.create": lambda client: client.widgets.create(
        widget_name="w", widget_type="t", botname="b", access_channels="a", channel_id="c", short_code="s"
    ),
    "botchains.create": lambda client: client.botchains.create(
        botchain_name="b", bot_type="t", widget_id="w", channel_id="c"
    ),
}
RETURNS = {
    "sms.send": "SentSms",
    "sms.push": "PushedSms",
    "channels.create": "Channel",
    "agents.create": "Agent",
    "faq.create_category": "FaqCategory",
    "faq.create_article": "FaqArticle",
    "tags.create": "Tag",
    "widgets.create": "Widget",
    "botchains.create": "Botchain",
}


@pytest.mark.promise("S5")
@pytest.mark.parametrize("name", ODD)
def test_odd_data_gives_a_model_that_can_be_used(front: Front, name: str) -> None:
    for operation, write in WRITES.items():
        port = front.port([reply(ODD[name])])
        made = front.run(write, port=port, org_name="Acme")
        assert RETURNS[operation] == type(made).__name__
        assert repr(made).startswith(f"<{RETURNS[operation]}")
        assert isinstance(json.dumps(made.to_dict()), str)
        assert [operation] == [call.operation for call in port.calls]


@pytest.mark.parametrize(
    "answer",
    [
        raw({"code": 200}),
        raw({"code": "200", "data": {}, "error": []}),
        raw({"data": {"data": {"data": {"crmData": 7}}}}),
        raw({"code": 201, "data": {"error": False}}, status=201),
        raw({"success": True, "code": None, "error": "", "message_id": 7}),
        raw([None, {"thread_id": ["x"]}]),
        raw(b'\xef\xbb\xbf{"code": 200, "data": {"thread_id": "\xff"}}'),
        raw(b'{"code": 200, "data": {"thread_id": NaN, "x": "\\ud800"}}'),
    ],
)
def test_an_odd_envelope_that_is_good_gives_a_model(front: Front, answer: Any) -> None:
    sent = front.run(WRITES["sms.send"], port=front.port([answer]))
    assert "SentSms" == type(sent).__name__


@pytest.mark.promise("S2")
@pytest.mark.parametrize(
    "answer",
    [
        *({}, [], {"errorMessage": "Task timed out"}, {"statusCode": 500}, {"message": "Internal server error"}),
        *(
            {"code": code, "data": {"thread_id": "t", "tag_id": "t"}}
            for code in (500.0, "E500", -1, True, {"a": 1}, 302)
        ),
        *({"data": "Failed to send"}, {"success": 0, "data": {}}, {"data": {"data": None}}, {"success": True}),
    ],
    ids=str,
)
def test_http_200_alone_is_no_acceptance(front: Front, events: Events, answer: Any) -> None:
    for operation, write in WRITES.items():
        port = front.port([raw(answer)])
        error = front.fails(OutcomeUnknownError, write, port=port, org_name="Acme", on_event=events)
        assert ("unknown", operation, 1, 200) == (error.outcome, error.operation, len(port.calls), error.status)
    assert ["unknown"] * len(WRITES) == events.outcomes


def test_a_write_that_is_not_modelled_is_accepted_by_its_code_alone(front: Front) -> None:
    answers = [reply({"a": 1}), raw({"a": 1}), raw({"data": {"a": 1}})]
    port = front.port(answers)
    assert {"a": 1} == front.run(lambda client: client.call("POST", "x"), port=port)
    for _ in answers[1:]:
        front.fails(OutcomeUnknownError, lambda client: client.call("POST", "x"), port=port)


SHAPES = ("usual", "bare", "one", "two", "inner_without_code")


@pytest.mark.promise("S5")
@pytest.mark.parametrize("edition", ["documented", "current"])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_documented_answer_is_accepted_in_every_envelope(front: Front, shape: Any, edition: Any) -> None:
    quirks: list[tuple[Any, Any]] = [("null", "number"), ("object", "text"), ("list", "number"), ("false", "text")]
    for no_error, code_as in quirks:
        sandbox = Sandbox(envelope=shape, edition=edition, no_error=no_error, code_as=code_as, strict_ids=False)
        for operation, write in WRITES.items():
            assert RETURNS[operation] == type(front.inside(sandbox, write)).__name__


def test_what_came_instead_is_kept(front: Front) -> None:
    sent = front.run(WRITES["sms.send"], port=front.port([reply("queued")]))
    assert {"value": "queued"} == dict(sent.extra)
