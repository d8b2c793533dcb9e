"""Numbers, addresses and texts of people appear in no log line, no event and no exception text."""

from __future__ import annotations

import json
import traceback
import warnings
from typing import Any

import pytest
from fronts.test_operations import CALLS
from support.front import Front
from support.scripted import Events, refusal, reply
from support.watch import CORE, watching
from support.wire_server import Heard, Last, WireServer, http

from alive5 import Alive5Error, Failure, RetryPolicy
from alive5.sandbox import FAULTS, Sandbox

pytestmark = pytest.mark.promise("D3")

PEOPLE = {
    "phone_number_to": "+12025550147",
    "email": "grace.hopper@mail.example.com",
    "message": "My blood test is on Friday, call Grace",
    "name": "Grace Brewster Hopper",
    "id": "chan-7f3a-secret-desk",
}
WRITTEN = ("+1 (202) 555-0147", "202.555.0147", "202-555-0147", "(202) 555 0147", "blood test", "Grace", "hopper")
NEEDLES = (*PEOPLE.values(), *WRITTEN)

BODIES: dict[str, Any] = {
    "sms.send": lambda client: client.sms.send(
        phone_number_from="+12025550100",
        phone_number_to="+1 (202) 555-0147",
        message=PEOPLE["message"],
        channel_id=PEOPLE["id"],
        user_id=PEOPLE["name"],
    ),
    "sms.push": lambda client: client.sms.push(
        phone_number_from=PEOPLE["phone_number_to"], phone_number_to="+12025550100", message=PEOPLE["message"]
    ),
    "agents.create": lambda client: client.agents.create(
        email=PEOPLE["email"], screenname=PEOPLE["name"], role="agent", channels=[PEOPLE["id"]], org_name="Acme"
    ),
    "tags.create": lambda client: client.tags.create(name=PEOPLE["name"], email=PEOPLE["email"], org_name="Acme"),
    "call": lambda client: client.call("POST", "contact/create-new", params=PEOPLE, body={"deep": [PEOPLE]}),
    "call.get": lambda client: client.call("GET", "objects/contact/get-all", params=PEOPLE),
}


def shown(error: BaseException) -> str:
    """
    Return all text of an exception as people and programs print it, without locals.
    """
    facts = json.dumps(error.to_dict(), ensure_ascii=False) if isinstance(error, Alive5Error) else ""
    return "".join([*traceback.format_exception_only(type(error), error), str(error), repr(error), facts])


def assert_nothing_personal(text: str) -> None:
    assert [] == [needle for needle in NEEDLES if needle.lower() in text.lower()]


def echo(heard: Heard) -> str:
    """
    Say again what was sent, in a person's way of writing.
    """
    said = "; ".join([*PEOPLE.values(), *WRITTEN[:4], f"mail <{PEOPLE['email'].upper()}>"])
    return f"No: {said}"


@pytest.mark.parametrize("operation", BODIES)
@pytest.mark.parametrize("status", ["400 Bad Request", "404 Not Found", "429 Slow", "500 Oops", "200 OK"])
def test_an_echo_of_the_server_is_cleaned(front: Front, events: Events, operation: str, status: str) -> None:
    def answer(heard: Heard) -> bytes:
        words = echo(heard)
        # Only what the call was given can be known; a name it was not given is beyond anyone.
        words = words if operation in ("call", "call.get") else "; ".join(w for w in words.split("; ") if known(w))
        body = json.dumps({"code": int(status[:3]), "error": {"message": words}, "data": {"to": PEOPLE}})
        return http(body.encode(), status, "Retry-After: 900", f"X-Request-Id: {PEOPLE['email']}")

    def known(words: str) -> bool:
        given = json.dumps(list(PEOPLE_OF[operation]))
        return any(mark in words for mark in ("0147", "@")) or words in given

    with watching(NEEDLES) as watch, WireServer(answer) as server, pytest.raises(Alive5Error) as caught:
        front.run(BODIES[operation], base_url=server.url, retry=RetryPolicy.none(), on_event=events)
    assert_nothing_personal(shown(caught.value))
    assert_nothing_personal(repr(events.seen))
    # httpcore writes down response headers at DEBUG; request headers, bodies and queries it does not.
    assert {f"a log record of {CORE}.http11"} >= set(watch.found)
    assert watch.heard["alive5"]


PEOPLE_OF = {
    "sms.send": (PEOPLE["message"], PEOPLE["id"], PEOPLE["name"]),
    "sms.push": (PEOPLE["message"],),
    "agents.create": (PEOPLE["name"], PEOPLE["id"]),
    "tags.create": (PEOPLE["name"],),
    "call": tuple(PEOPLE.values()),
    "call.get": tuple(PEOPLE.values()),
}


@pytest.mark.parametrize("operation", BODIES)
@pytest.mark.parametrize("wrong", ["good", "closed", "cut", "html", "refused"])
def test_no_log_line_over_a_socket_shows_a_person(front: Front, events: Events, operation: str, wrong: str) -> None:
    answers: dict[str, Any] = {
        "good": http(json.dumps({"code": 200, "data": PEOPLE, "error": None}).encode()),
        "cut": Last(http()[:-7]),
        "html": http(json.dumps(PEOPLE).encode()[1:]),
    }
    with watching(NEEDLES) as watch, WireServer(lambda heard: answers.get(wrong)) as server:
        url = server.url if wrong != "refused" else "http://127.0.0.1:1"
        try:
            front.run(BODIES[operation], base_url=url, retry=RetryPolicy(attempts=2, initial=0), on_event=events)
        except Alive5Error as error:
            assert_nothing_personal(shown(error))
    assert [] == watch.found
    assert watch.heard[f"{CORE}.connection"]
    assert_nothing_personal(repr(events.seen))


@pytest.mark.parametrize("operation", BODIES)
@pytest.mark.parametrize(
    "answer",
    [reply(dict(PEOPLE)), refusal(500), Failure(True, "read_timeout", "late"), Failure(False, "connect", "no")],
)
def test_an_on_event_that_raises_shows_nobody(front: Front, operation: str, answer: Any) -> None:
    def watch_out(event: Any) -> None:
        raise LookupError(PEOPLE["message"])

    with watching(NEEDLES) as watch:
        try:
            front.run(BODIES[operation], port=front.port([answer]), retry=RetryPolicy.none(), on_event=watch_out)
        except Alive5Error as error:
            assert_nothing_personal(shown(error))
    assert [] == watch.found


@pytest.mark.parametrize(
    "wrong",
    [
        lambda client: client.sms.send(
            phone_number_from="+12025550100", phone_number_to="202-555-0147", message="x", channel_id="c", user_id="u"
        ),
        lambda client: client.sms.push(
            phone_number_from=PEOPLE["phone_number_to"], phone_number_to="+12025550100", message=PEOPLE["message"] * 99
        ),
        lambda client: client.tags.create(name=PEOPLE["name"] + "\0", email=PEOPLE["email"]),
        lambda client: client.agents.create(email=PEOPLE["email"], screenname="", role="r", channels=[]),
        lambda client: client.call("POST", PEOPLE["message"], body=PEOPLE),
        lambda client: client.call("POST", "x", body={"a": PEOPLE["message"] + "\ud800"}),
        lambda client: client.conversations.sms(start=PEOPLE["message"]).list(),
    ],
)
def test_a_refused_argument_is_not_shown(front: Front, wrong: Any) -> None:
    with pytest.raises(Alive5Error) as caught:
        front.run(wrong, port=front.port())
    assert_nothing_personal(shown(caught.value))
    assert_nothing_personal("".join(traceback.format_exception_only(caught.value)))


@pytest.mark.parametrize("quirks", [{}, {"odd_values": 1.0}, {"livechat_shape": "thread"}, {"ignored_window": "all"}])
def test_what_is_read_stays_out_of_logs_reprs_warnings_and_errors(front: Front, quirks: dict[str, Any]) -> None:
    sandbox = Sandbox(livechat=60, sms=40, fbm=20, **quirks)
    for fault in ("server_error_before", "garbage", "truncated", "html"):
        sandbox.fail(fault, on="conversations.livechat", after=3)
    needles = people_of(sandbox)

    async def body(client: Any) -> str:
        texts = []
        for name, call in CALLS.items():
            try:
                found = await call(client)
            except Alive5Error as error:
                texts.append(shown(error))
            else:
                texts += [f"{found!r} {found}", name]
                rows = found if isinstance(found, list) else []
                texts += [f"{row.chat_conversation!r} {row.contact!r}" for row in rows if hasattr(row, "contact")]
        return "".join(texts)

    with watching(needles) as watch, warnings.catch_warnings(record=True):
        warnings.simplefilter("always")
        text = front.inside(sandbox, body, retry=RetryPolicy(initial=0))
    assert [] == watch.found
    assert [] == [needle for needle in needles if needle in text]
    assert watch.heard["alive5"] > len(CALLS)


def people_of(sandbox: Sandbox) -> list[str]:
    """
    Return what is personal in all conversations of a sandbox.
    """
    found = set()
    for kind in ("sms", "livechat", "fbm"):
        for row in sandbox.conversations(kind):
            values = [row.get(f"contacts_{name}") for name in ("email", "phone", "last_name", "notes")]
            values += [message["message_content"] for message in row["chat_conversation"]]
            found |= {value for value in values if value and len(value) > 5}
    return sorted(found)


def test_every_fault_is_told_without_a_person(front: Front) -> None:
    with watching(NEEDLES) as watch:
        for fault in FAULTS:
            if fault == "slow":
                continue
            sandbox = Sandbox(livechat=0, sms=0, fbm=0)
            sandbox.fail(fault, times=None)
            for body in BODIES.values():
                with pytest.raises(Alive5Error) as caught:
                    front.inside(sandbox, body, retry=RetryPolicy.none(), timeout=5)
                assert_nothing_personal(shown(caught.value))
    assert [] == watch.found
