"""``capture``: every call of a context, with its attempts and waits; and ``drift``, what the models do not know."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from support.front import Front
from support.scripted import TEXT, After, Interrupt, raw, refusal, reply
from support.watch import shows_key

import alive5
from alive5 import CapturedCall, Failure, NotSentError, OutcomeUnknownError, RateLimitError, RetryPolicy
from alive5._sansio.drift import MOST, OTHERS, note
from alive5.models import LivechatConversation, SentSms, Tag
from alive5.sandbox import Sandbox

TAGS = reply([{"tag_id": "1"}])
ID = "5d41402a-bc4b-4a76-b971-9d911017c592"


def facts(call: CapturedCall) -> dict[str, Any]:
    return {name: value for name, value in attrs.asdict(call).items() if value not in (None, 0.0)}


@pytest.mark.usefixtures("half_jitter")
def test_a_call_with_all_its_attempts(front: Front) -> None:
    answers = [After(1.5, refusal(500)), After(0.5, refusal(429, Retry_After="2")), After(0.25, TAGS)]
    with alive5.capture() as calls:
        front.run(lambda client: client.tags.list(), port=front.port(answers))
    (call,) = calls
    known = {"operation": "tags.list", "outcome": "accepted", "status": 200, "attempts": 3}
    assert known | {"seconds": pytest.approx(4.5), "waited": pytest.approx(2.25)} == facts(call)


def test_a_refusal_has_its_code_and_request_id(front: Front) -> None:
    port = front.port([refusal(429, X_Request_Id=ID)])
    with alive5.capture() as calls, pytest.raises(RateLimitError):
        front.run(lambda client: client.tags.list(), port=port, retry=RetryPolicy.none())
    known = {"operation": "tags.list", "outcome": "rejected", "status": 429, "code": 429, "attempts": 1}
    assert [known | {"request_id": ID}] == [facts(call) for call in calls]


def test_the_request_id_of_a_success(front: Front) -> None:
    answer = attrs.evolve(raw(b'{"code": 200, "data": []}'), headers={"request-id": ID})
    with alive5.capture() as calls:
        front.run(lambda client: client.tags.list(), port=front.port([answer]))
    assert [ID] == [call.request_id for call in calls]


def test_a_call_that_never_left_and_one_that_is_unknown(front: Front) -> None:
    port = front.port([refusal(429, Retry_After="30"), Failure(True, "read", "no")])

    async def body(client: Any) -> None:
        for kind in (RateLimitError, NotSentError, OutcomeUnknownError):
            with pytest.raises(kind):
                await client.sms.send(**TEXT)
            if kind is NotSentError:
                port.time += 100  # type: ignore[attr-defined]

    with alive5.capture() as calls:
        front.run(body, port=port, timeout=10)
    assert [("rejected", 1), ("not_sent", 0), ("unknown", 1)] == [(call.outcome, call.attempts) for call in calls]


def test_an_interrupted_call_is_captured(front: Front) -> None:
    port = front.port([Interrupt(KeyboardInterrupt(), True)])
    with alive5.capture() as calls, pytest.raises(KeyboardInterrupt):
        front.run(lambda client: client.sms.send(**TEXT), port=port)
    assert [("sms.send", "unknown")] == [(call.operation, call.outcome) for call in calls]


def test_captures_nest_and_end(front: Front) -> None:
    async def body(client: Any) -> tuple[list[CapturedCall], list[CapturedCall]]:
        with alive5.capture() as outer:
            await client.tags.list()
            with alive5.capture() as inner:
                await client.tags.list()
        await client.tags.list()
        return outer, inner

    outer, inner = front.run(body, port=front.port(lambda call: TAGS))
    assert (2, 1) == (len(outer), len(inner))
    assert outer[1:] == inner


def test_pages_in_flight_are_of_the_context(front: Front) -> None:
    async def body(client: Any) -> None:
        await client.conversations.livechat(limit=10, prefetch=4).list()

    with alive5.capture() as calls:
        front.inside(sandbox := Sandbox(livechat=95), body)
    assert len(sandbox.requests) == len(calls) > 9


def test_an_export_is_of_the_context(front: Front, tmp_path: Path) -> None:
    async def body(client: Any) -> None:
        await client.export(tmp_path, kinds=["fbm"], start="2026-03-01", end="2026-03-31")

    with alive5.capture() as calls:
        front.inside(sandbox := Sandbox(livechat=0, sms=0, fbm=20), body)
    assert len(sandbox.requests) == len(calls) > 0


def test_another_task_or_thread_is_not_seen() -> None:
    sandbox = Sandbox(livechat=0)

    async def main() -> tuple[int, int]:
        async def other(ready: asyncio.Event) -> None:
            await ready.wait()
            await client.tags.list()

        async with sandbox.async_client() as client:
            ready = asyncio.Event()
            task = asyncio.create_task(other(ready))
            with alive5.capture() as calls:
                ready.set()
                await client.tags.list()
                await task
            return len(calls), len(sandbox.requests)

    assert (1, 2) == asyncio.run(main())
    thread = threading.Thread(target=sandbox.client().tags.list)
    with alive5.capture() as calls:
        thread.start()
        thread.join(10)
    assert ([], 3) == (calls, len(sandbox.requests))


def test_a_capture_may_end_in_another_context() -> None:
    """As that of an asynchronous fixture does."""
    import contextvars

    def fixture() -> Iterator[list[CapturedCall]]:
        with alive5.capture() as calls:
            yield calls

    made = fixture()
    assert [] == contextvars.copy_context().run(next, made)
    assert "ended" == contextvars.copy_context().run(next, made, "ended")  # type: ignore[arg-type]


def test_a_captured_call_holds_nothing_personal(front: Front) -> None:
    with alive5.capture() as calls:
        refused = front.port([refusal(400, "No")])
        front.fails(alive5.BadRequestError, lambda client: client.sms.send(**TEXT), port=refused)
    shown = f"{calls!r} {json.dumps(attrs.asdict(calls[0]))}"
    assert not shows_key(shown)
    assert not any(value in shown for value in TEXT.values())


NESTED = [{"emoji": "x"}, {"flag": 1}, {"emoji": "y"}]
CHAT = {"alive5_sessionID": "s", "start_time": 1_767_225_600_000, "chat_conversation": NESTED, "priority": 1}


def test_drift_counts_what_the_models_do_not_know(front: Front) -> None:
    rows = [{"tag_id": "1", "colour": "red"}, {"tag_id": {"not": "text"}, "colour": "blue"}, {"tag_id": "2"}]

    async def body(client: Any) -> tuple[Any, Any]:
        before = dict(client.drift)
        await client.tags.list()
        twin = client.with_options(timeout=5)
        return before, dict(twin.drift)

    assert ({}, {"Tag.colour": 2, "Tag.tag_id": 1}) == front.run(body, port=front.port([reply(rows)]))


def test_drift_of_a_listing_and_of_what_is_nested(front: Front) -> None:
    async def body(client: Any) -> Any:
        found = await client.conversations.livechat(limit=10).list()
        return len(found), dict(client.drift)

    sandbox = Sandbox(livechat=0)
    sandbox.add("livechat", **CHAT)
    assert (1, {"LivechatConversation.priority": 1, "Message.emoji": 2}) == front.inside(sandbox, body)


def test_the_sandbox_shows_no_drift(front: Front) -> None:
    async def body(client: Any) -> Any:
        for listing in (client.conversations.livechat(), client.conversations.sms(), client.conversations.fbm()):
            await listing.list()
        await client.channels.list()
        await client.account.get()
        await client.sms.send(**{**TEXT, "channel_id": "channel-line-1", "user_id": "agent-maria"})
        return dict(client.drift)

    assert {} == front.inside(Sandbox(livechat=50, sms=50, fbm=50), body)


@pytest.mark.parametrize(
    "name",
    ["+12025550123", "t2025550123", "ada@example.com", "two words", "a" * 65, "", "naïve", "_private", "x\n", "a__b"],
)
def test_a_name_that_may_be_a_persons_is_not_kept(name: str) -> None:
    drift: dict[str, int] = {}
    note(drift, [Tag(extra={name: 1}), Tag(extra={"good-name_2": 1})])
    assert {OTHERS: 1, "Tag.good-name_2": 1} == drift


def test_drift_is_bounded() -> None:
    drift: dict[str, int] = {}
    letters = [f"{a}{b}" for a in "abcdefghijklmnopqrstuvwxyz" for b in "abcdefghijklmnopqrstuvwxyz"]
    note(drift, [Tag(extra={name: 1}) for name in letters * 2])
    assert (MOST + 1, 2 * len(letters) - 2 * MOST) == (len(drift), drift[OTHERS])


def test_drift_of_nested_models_decoded_or_not() -> None:
    drift: dict[str, int] = {}
    chat = LivechatConversation(chat_conversation=[alive5.Message(extra={"emoji": 1}), alive5.Message()])
    sent = SentSms(new_thread=alive5.Thread(extra={"colour": 1}))
    note(drift, [chat, sent, LivechatConversation(), SentSms()])
    assert {"Message.emoji": 1, "Thread.colour": 1} == drift
