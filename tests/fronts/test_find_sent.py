"""A text whose outcome is unknown is looked for, and never sent again."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from support.front import Front
from support.scripted import TEXT, After, ScriptedPort, refusal, reply
from support.watch import watching

from alive5 import Failure, InvalidArgumentError, Ledger, OutcomeUnknownError, ServerError
from alive5.sandbox import Sandbox

SINCE = datetime(2026, 3, 31, 18, tzinfo=timezone.utc)
TO = {name: TEXT[name] for name in ("phone_number_to", "message")}
LOST = Failure(True, "read_timeout", "late")
DIRECTORY = reply(
    [{"channel_id": TEXT["channel_id"], "agents": [{"user_id": TEXT["user_id"], "screen_name": "Maria"}]}]
)
FEED, SEND, DIRECTORY_CALL, THREADS = "conversations.messages", "sms.send", "channels.list", "conversations.sms"


def found_ones(**more: Any) -> Any:
    async def body(client: Any) -> Any:
        return await client.sms.find_sent(**{**TO, "since": SINCE, **more})

    return body


def sending(**more: Any) -> Any:
    return lambda client: client.sms.send(**TEXT, **more)


def now_sandbox(**quirks: Any) -> Sandbox:
    return Sandbox(livechat=0, sms=0, fbm=0, now=datetime.now(timezone.utc), **quirks)


class Service:
    """Answers of a service by operation; a text that is lost may be written all the same."""

    def __init__(self, *, delivered: bool = True, late: float = 0.0, **answers: Any) -> None:
        self.delivered, self.late, self.answers = delivered, late, answers
        self.written_at: float | None = None
        self.persons: list[str] = []

    def __call__(self, call: Any) -> Any:
        name = call.operation
        if name == SEND:
            self.written_at = call.at
            return After(5.0, LOST)
        if name.replace(".", "_") in self.answers:
            return self.answers[name.replace(".", "_")]
        if name == DIRECTORY_CALL:
            return DIRECTORY
        return self.messages(call.at) if name == FEED else self.threads()

    def messages(self, now: float) -> Any:
        assert self.written_at is not None
        if not self.delivered or now < self.written_at + self.late:
            return reply([])
        at = int((time.time() + self.written_at - 1000.0) * 1000) + 100
        row = {"thread_id": "t1", "channel_id": TEXT["channel_id"], "created_at": at, "message_id": "m1"}
        ours = {**row, "created_by": "Maria", "message_content": TEXT["message"]}
        theirs = [{**row, "message_id": "m2", "created_by": name, "message_content": "Hi"} for name in self.persons]
        return reply([ours, *theirs])

    def threads(self) -> Any:
        row = {"alive5_sessionID": "t1", "contacts_phone": TEXT["phone_number_to"], "channel_id": TEXT["channel_id"]}
        return reply({"Items": [{**row, "start_time": 1_700_000_000_000}], "page": 1, "totalPages": 1})


def service(front: Front, **options: Any) -> tuple[ScriptedPort, Service]:
    made = Service(**options)
    return front.port(made), made


@pytest.mark.parametrize("edition", ["documented", "current"])
@pytest.mark.parametrize("feed", [True, False])
@pytest.mark.parametrize("line", [{}, {"phone_number_from": TEXT["phone_number_from"]}])
def test_a_text_that_was_sent_is_found(front: Front, edition: Any, feed: bool, line: dict[str, str]) -> None:
    sandbox = Sandbox(livechat=0, sms=20, fbm=0)
    if not feed:
        sandbox.fail("client_error", on=FEED, status=400, error="Invalid version", times=None)

    async def body(client: Any) -> Any:
        await client.sms.send(**TEXT)
        await client.sms.send(**{**TEXT, "message": "Another"})
        await client.sms.send(**{**TEXT, "phone_number_to": "+12025550199"})
        return await client.sms.find_sent(**TO, **line, since=SINCE)

    found = front.inside(sandbox, body, edition=edition)
    assert [TEXT["message"]] == [message.text for message in found]
    assert [] == sandbox.unused_faults()


def test_what_a_person_wrote_is_not_what_was_sent(front: Front) -> None:
    sandbox = Sandbox(livechat=0, sms=0, fbm=0)

    async def body(client: Any) -> Any:
        await client.sms.push(
            phone_number_from=TO["phone_number_to"], phone_number_to=TEXT["phone_number_from"], message=TO["message"]
        )
        return await client.sms.find_sent(**TO, since=SINCE)

    assert [] == front.inside(sandbox, body)


def test_another_line_and_an_earlier_time_find_nothing(front: Front) -> None:
    sandbox = Sandbox(livechat=0, sms=0, fbm=0)
    front.inside(sandbox, sending())
    assert [] == front.inside(sandbox, found_ones(phone_number_from="+12025550101"))
    assert [] == front.inside(sandbox, found_ones(since=SINCE + timedelta(minutes=1)))
    assert 1 == len(front.inside(sandbox, found_ones()))


@pytest.mark.parametrize(
    "wrong",
    [{"since": datetime(2026, 1, 1)}, {"since": "2026-01-01"}, {"message": ""}, {"phone_number_to": "Grace"}],
)
def test_what_is_looked_for_is_checked(front: Front, wrong: dict[str, Any]) -> None:
    error = front.fails(InvalidArgumentError, found_ones(**wrong), port=front.port())
    assert [error.argument] == list(wrong)


def test_an_outage_while_looking_is_no_absence(front: Front, half_jitter: None) -> None:
    port = front.port([refusal(503)] * 4)
    front.fails(ServerError, found_ones(), port=port)


def test_a_text_that_left_is_confirmed_and_never_sent_again(front: Front, tmp_path: Path) -> None:
    for options in ({}, {"ledger": Ledger(tmp_path / f"{front.name}.ledger"), "key": "order-4711"}):
        sandbox = now_sandbox(dated=True)
        sandbox.fail("reset_after", on=SEND)
        sent = front.inside(sandbox, sending(confirm=30, **options))
        assert {"confirmed": True} == dict(sent.extra)
        assert TEXT["channel_id"] == sent.channel_id
        assert sent.thread_id
        assert 1 == len(sandbox.deliveries)


def test_a_text_that_did_not_arrive_stays_unknown_with_its_own_error(front: Front, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "texts.ledger")
    for options in ({}, {"ledger": ledger, "key": "order-4711"}):
        port, _ = service(front, delivered=False)
        error = front.fails(OutcomeUnknownError, sending(confirm=40, **options), port=port)
        assert (SEND, 1, "timeout", "unknown") == (error.operation, error.attempts, error.reason, error.outcome)
        assert [SEND] == [call.operation for call in port.calls if call.method != "GET"]
        assert [1.0, 2.0, 4.0, 8.0, 16.0, 9.0] == port.sleeps
    assert ["order-4711"] == [entry.key for entry in ledger.unknown()]


def test_one_that_is_listed_late_is_found_and_accepted_in_the_ledger(front: Front, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "texts.ledger")
    port, _ = service(front, late=10.0)
    sent = front.run(sending(confirm=30, ledger=ledger, key="order-4711"), port=port)
    assert ("m1", "t1") == (sent.message_id, sent.thread_id)
    entry = ledger.entry("order-4711")
    assert entry is not None
    assert "accepted" == entry.state
    again = front.run(sending(ledger=ledger, key="order-4711"), port=port)
    assert ("m1", {"from_ledger": True}) == (again.message_id, dict(again.extra))
    assert 1 == len([call for call in port.calls if call.operation == SEND])


@pytest.mark.parametrize("wrote", [True, False])
def test_a_host_without_a_filter_by_thread_has_the_people_of_the_feed(front: Front, wrote: bool) -> None:
    port, made = service(front, conversations_sms=refusal(400))
    made.persons = [TEXT["phone_number_to"]] if wrote else []
    if wrote:
        assert "m1" == front.run(sending(confirm=5), port=port).message_id
    else:
        front.fails(OutcomeUnknownError, sending(confirm=5), port=port)


@pytest.mark.parametrize("answer", [refusal(401), refusal(400), refusal(503), LOST, reply({"rows": []})])
def test_a_look_that_fails_leaves_the_first_error(front: Front, half_jitter: None, answer: Any) -> None:
    port, _ = service(front, conversations_messages=answer, conversations_sms=answer)
    error = front.fails(OutcomeUnknownError, sending(confirm=20), port=port)
    assert SEND == error.operation
    assert 1 == len([call for call in port.calls if call.operation == SEND])


def test_a_refused_text_is_not_looked_for(front: Front) -> None:
    port = front.port([refusal(400)])
    with pytest.raises(Exception, match="HTTP 400"):
        front.run(sending(confirm=20), port=port)
    assert 1 == len(port.calls)


def test_an_earlier_run_of_a_key_is_not_looked_for(front: Front, tmp_path: Path) -> None:
    ledger, options = Ledger(tmp_path / "texts.ledger"), {"key": "order-4711"}
    port, _ = service(front)
    front.fails(OutcomeUnknownError, sending(ledger=ledger, **options), port=port)
    front.fails(OutcomeUnknownError, sending(ledger=ledger, confirm=20, **options), port=port)
    assert 1 == len(port.calls)


@pytest.mark.parametrize("skew", [-7200, 7200])
def test_an_equal_text_of_before_is_not_taken_for_this_one_whatever_the_clock(
    front: Front, monkeypatch: pytest.MonkeyPatch, skew: float
) -> None:
    sandbox, real = now_sandbox(dated=True), time.time
    front.inside(sandbox, sending())
    sandbox.advance(seconds=600)
    sandbox.fail("reset_before", on=SEND)
    monkeypatch.setattr("alive5.sending.confirm.time.time", lambda: real() + skew)
    with pytest.raises(OutcomeUnknownError):
        front.inside(sandbox, sending(confirm=0.2))
    assert 1 == len(sandbox.deliveries)


@pytest.mark.parametrize("wrong", [0, -1, True, "soon", float("nan"), float("inf"), 3601])
def test_the_seconds_are_checked(front: Front, wrong: Any) -> None:
    assert "confirm" == front.fails(InvalidArgumentError, sending(confirm=wrong), port=front.port()).argument


@pytest.mark.promise("D3")
def test_nothing_personal_is_shown_by_a_look(front: Front) -> None:
    needles = [TEXT["phone_number_to"], TEXT["message"]]
    with watching(needles) as watch:
        port, _ = service(front, delivered=False)
        error = front.fails(OutcomeUnknownError, sending(confirm=5), port=port)
    assert [] == watch.found
    assert [] == [needle for needle in needles if needle in f"{error} {error!r} {json.dumps(error.to_dict())}"]
