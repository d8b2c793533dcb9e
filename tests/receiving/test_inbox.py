"""A handler sees each text that came exactly once, delivered or not."""

from __future__ import annotations

import io
import json
import random
import threading
from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import anyio
import attrs
import pytest
from support import counts
from support.front import Front
from support.scripted import refusal, reply
from support.watch import watching

from alive5 import InboundSms, InvalidArgumentError, Ledger, RetryPolicy, ServerError
from alive5.sandbox import Sandbox
from alive5.sending.owner import owner
from alive5.webhooks import AsgiReceiver, AsyncInbox, Inbox, Polled, WsgiReceiver, parse

NOW = datetime(2026, 3, 31, 18, tzinfo=timezone.utc)
MS = int(NOW.timestamp() * 1000)
PERSON, LINE = "+12025550123", "+12025550100"
LINES = reply([{"channel_id": "channel-1", "channel_phone_number": LINE, "agents": []}])


def row(text: str = "Are you open?", at: int = MS + 250, by: str = PERSON, **more: Any) -> dict[str, Any]:
    told = {"created_at": at, "created_by": by, "message_content": text, "thread_id": "t1", "channel_id": "channel-1"}
    return {**told, "media_url": "", **more}


class Handled:
    """An inbox of a front with what its handler was given."""

    def __init__(self, front: Front, path: Path, handler: Any = None, **options: Any) -> None:
        self.front = front
        self.texts: list[InboundSms] = []
        self.now = NOW.timestamp() + 60
        self.also = handler
        ledger = Ledger(path / "texts.ledger", clock=lambda: self.now)
        make: Any = Inbox if front.is_blocking else AsyncInbox
        self.inbox = make(ledger, self.handle, **{"since": NOW, **options})

    def handle(self, text: InboundSms) -> None:
        self.texts.append(text)
        if self.also is not None:
            self.also(text)

    async def give(self, text: InboundSms) -> bool:
        given = self.inbox(text)
        return bool(given if self.front.is_blocking else await given)

    async def poll(self, client: Any) -> Polled:
        # The inbox knows its client by the front itself.
        polled = self.inbox.poll(client._target if self.front.is_blocking else client)
        found: Polled = polled if self.front.is_blocking else await polled
        return found

    @property
    def words(self) -> list[str]:
        return [text.message for text in self.texts]


@pytest.fixture
def handled(front: Front, tmp_path: Path) -> Handled:
    return Handled(front, tmp_path)


def polls(handled: Handled, *answers: Any) -> list[Polled]:
    async def body(client: Any) -> list[Polled]:
        return [await handled.poll(client) for answer in answers if answer is not LINES]

    return handled.front.run(body, port=handled.front.port(answers))


def given(handled: Handled, *texts: InboundSms) -> list[bool]:
    async def main() -> list[bool]:
        return [await handled.give(text) for text in texts]

    return handled.front.drive(main)


@pytest.mark.promise("S8")
def test_what_was_delivered_is_not_polled_and_the_other_way_round(handled: Handled) -> None:
    first, second = row(), row("Hello", MS + 500)
    assert [True, False] == given(handled, parse(first), parse({**first, "created_at": MS // 1000}))
    answer = reply([second, first])
    assert [Polled(handled=1), Polled()] == polls(handled, answer, LINES, answer)
    assert [False] == given(handled, parse(second))
    assert ["Are you open?", "Hello"] == handled.words


def test_another_inbox_on_the_ledger_knows_it(front: Front, tmp_path: Path) -> None:
    assert [True] == given(Handled(front, tmp_path), parse(row()))
    later = Handled(front, tmp_path, since=NOW - timedelta(days=9))
    assert [False] == given(later, parse(row()))
    assert [Polled()] == polls(later, reply([row()]))


@pytest.mark.parametrize(
    ("delivered", "listed"),
    [
        ({"created_at": MS // 1000}, {}),
        ({"phone_mobile": PERSON, "created_by": None}, {}),
        ({"thread_id": None}, {"created_by": "2025550123"}),
        ({"created_at": None}, {"created_at": MS + 59_000}),
        ({"message_content": "Are you open? "}, {}),
        ({"media_url": "https://example.com/a?1"}, {"media_url": "https://example.com/a?2"}),
        ({"message_content": "", "media_url": "https://a/b?1"}, {"message_content": "", "media_url": "https://a/b?2"}),
    ],
)
def test_one_text_in_two_spellings(handled: Handled, delivered: dict[str, Any], listed: dict[str, Any]) -> None:
    given(handled, parse({**row(), **delivered}))
    polls(handled, reply([{**row(), **listed}]))
    assert 1 == len(handled.texts)


@pytest.mark.parametrize(
    "other",
    [
        {"message_content": "Are you open"},
        {"created_at": MS + 251},
        {"thread_id": "t2"},
        {"thread_id": None, "created_by": "+12025550124"},
        {"message_content": "", "media_url": "https://example.com/a"},
    ],
)
def test_two_texts_that_are_alike(handled: Handled, other: dict[str, Any]) -> None:
    assert [True, True] == given(handled, parse(row()), parse({**row(), **other}))


def test_equal_words_in_neighbouring_seconds_keep_their_own(handled: Handled) -> None:
    times = [MS + 900, MS + 1_500, MS + 1_700]
    given(handled, *(parse(row("Yes", at // 1000)) for at in times))
    assert 2 == len(handled.texts)
    assert [Polled(handled=1), Polled()] == polls(
        handled, answer := reply([row("Yes", at) for at in times]), LINES, answer
    )
    assert 3 == len(handled.texts)


def test_a_whole_second_is_a_time_like_others_where_the_feed_tells_fractions(handled: Handled) -> None:
    times = [MS + 1_000, MS + 1_041]
    given(handled, parse(row("Yes", times[1])))
    assert [Polled(handled=1)] == polls(handled, reply([row("Yes", at) for at in times]), LINES)
    given(handled, parse(row("Yes", times[0])), parse(row("Yes", times[0] // 1000)))
    assert 2 == len(handled.texts)


def test_what_the_account_wrote_is_not_handed_over(handled: Handled) -> None:
    rows = [row(by="Maria"), row("a", by=LINE), row("b", by="12025550100"), row("c", direction="outbound"), row("d")]
    assert [Polled(handled=1, unclear=1)] == polls(handled, reply(rows), LINES)
    assert ["d"] == handled.words
    assert [False] == given(handled, parse(row("e", direction="outbound")))


def test_they_come_oldest_first_and_a_name_that_is_said_to_be_inbound_comes(handled: Handled) -> None:
    rows = [row("c", MS + 3), row("a", MS + 1), row("b", MS + 2, by="Grace", direction="inbound")]
    polls(handled, reply(rows), LINES)
    assert ["a", "b", "c"] == handled.words


@pytest.mark.promise("D3")
def test_a_handler_that_fails_is_given_the_text_again_and_stops_no_other(front: Front, tmp_path: Path) -> None:
    def fail(text: InboundSms) -> None:
        if text.message == "a" and len(handled.texts) < 3:
            raise ValueError(f"{text.message} of {text.phone_number}")

    handled = Handled(front, tmp_path, fail)
    answer = reply([row("a", MS + 1), row("b", MS + 2)])
    with watching([PERSON[1:]]) as watch:
        found = polls(handled, answer, LINES, answer, LINES, answer)
    assert [Polled(handled=1, failed=1), Polled(handled=1), Polled()] == found
    assert ["a", "b", "a"] == handled.words
    assert [] == watch.found


def test_a_failure_in_a_receiver_is_left_to_the_poll(front: Front, tmp_path: Path) -> None:
    failures = [ValueError("no")]
    handled = Handled(front, tmp_path, lambda text: failures and _raise(failures.pop()))
    with pytest.raises(ValueError, match="no"):
        given(handled, parse(row()))
    assert [Polled(handled=1)] == polls(handled, reply([row()]), LINES)


def _raise(error: Exception) -> None:
    raise error


def test_a_poll_that_fails_or_is_not_whole_begins_at_the_same_time_again(handled: Handled) -> None:
    async def body(client: Any) -> None:
        with pytest.raises(ServerError):
            await handled.poll(client)

    def start() -> datetime:
        found: datetime = handled.inbox._record.since()
        return found

    handled.front.run(body, port=handled.front.port([refusal(503)]), retry=RetryPolicy.none())
    assert NOW == start()
    handled.now += 86_400 * 3
    polls(handled, reply([row("a")]), LINES)
    assert NOW + timedelta(days=2, seconds=60) == start()


def test_what_is_being_handled_elsewhere_waits_and_what_died_comes_again(
    handled: Handled, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = handled.inbox._record
    assert isinstance(record.begin(parse(row())), int)
    assert [Polled(busy=1)] == polls(handled, reply([row()]), LINES)
    assert [False] == given(handled, parse(row()))
    handled.now += 3_700
    assert [Polled(handled=1)] == polls(handled, reply([row()]), LINES)
    machine, _, start = owner().split()
    monkeypatch.setattr("alive5.receiving.record.owner", lambda: f"{machine} 4194305 {start}")
    record.begin(parse(row("b")))
    assert [True] == given(handled, parse(row("b")))


@pytest.mark.promise("S8")
def test_receivers_and_pollers_at_once_hand_a_text_over_once(tmp_path: Path) -> None:
    texts, start = list[InboundSms](), threading.Barrier(8)
    boxes = [Inbox(Ledger(tmp_path / "a.ledger"), texts.append) for _ in range(4)]

    def give(number: int) -> None:
        start.wait(10)
        for at in range(20):
            boxes[number % 4](parse(row(at=MS + 1 + at)))

    threads = [threading.Thread(target=give, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (20, 20) == (len(texts), len({text.created_at for text in texts}))


def test_a_cancelled_handler_gives_the_text_free(tmp_path: Path) -> None:
    texts: list[InboundSms] = []

    async def handle(text: InboundSms) -> None:
        texts.append(text)
        if len(texts) == 1:
            await anyio.sleep(60)

    async def main() -> None:
        inbox = AsyncInbox(Ledger(tmp_path / "a.ledger"), handle)
        with anyio.move_on_after(0.05):
            await inbox(parse(row()))
        assert await inbox(parse(row()))
        assert not await inbox(parse(row()))

    anyio.run(main)
    assert 2 == len(texts)


def test_what_is_very_old_is_forgotten(handled: Handled) -> None:
    given(handled, parse(row()))
    handled.now += 86_400 * 61
    polls(handled, reply([]))
    assert [parse(row())] == handled.inbox._record.missing([parse(row())])


def test_the_ledgers_file_holds_no_number_and_no_text(handled: Handled, tmp_path: Path) -> None:
    given(handled, parse(row()))
    content = (tmp_path / "texts.ledger").read_bytes()
    assert not any(needle in content for needle in (b"2025550123", b"Are you open", b"t1\x00"))


@pytest.mark.parametrize(
    "wrong",
    [{"ledger": "here"}, {"handler": None}, {"since": datetime(2026, 1, 1)}, {"since": "2026-01-01"}],
)
@pytest.mark.parametrize("make", [Inbox, AsyncInbox])
def test_the_arguments_are_checked(make: Any, wrong: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        make(**{"ledger": Ledger(tmp_path / "a"), "handler": print, **wrong})
    assert [caught.value.argument] == list(wrong)


def test_a_coroutine_function_needs_the_asynchronous_inbox(tmp_path: Path) -> None:
    async def handle(text: InboundSms) -> None:
        raise AssertionError

    with pytest.raises(TypeError, match="AsyncInbox"):
        Inbox(Ledger(tmp_path / "a"), handle)(parse(row()))


@attrs.define
class World:
    """Texts that came, as the service keeps and delivers them."""

    rng: random.Random
    rows: list[dict[str, Any]] = attrs.field(factory=list)

    def deliveries(self) -> list[bytes]:
        """
        Return what is delivered: 5 % lost, 5 % doubled, reordered, pictures never.
        """
        found = [one for one in self.rows if one["message_content"] and one["created_by"].startswith("+")]
        found = [one for one in found if self.rng.random() > 0.05]
        found += [one for one in found if self.rng.random() < 0.05]
        # By a few places, as retried requests and several workers do.
        order = sorted(range(len(found)), key=lambda at: at + self.rng.random() * 20)
        return [self.spelled(found[at]) for at in order]

    def spelled(self, one: dict[str, Any]) -> bytes:
        told = {**one, "direction": "inbound"}
        if self.rng.random() < 0.5:
            told["phone_mobile"] = told.pop("created_by")
        if self.rng.random() < 0.5:
            told["created_at"] //= 1000
        return json.dumps(told).encode()


def world(rng: random.Random, count: int) -> World:
    made, at = World(rng), MS
    for _ in range(count):
        at += rng.choice((1, 40, 700, 5_000, 1_000 - at % 1_000))
        number = rng.randrange(8)
        kind = rng.random()
        one = row(rng.choice(("Yes", "No", "Are you open?", f"Order {rng.randrange(999)}")), at)
        one |= {"created_by": f"+120255501{number + 10}", "thread_id": f"thread-{number}"}
        if kind < 0.1:
            one |= {"message_content": "", "media_url": f"https://example.com/{at}.png"}
        elif kind < 0.3:
            one["created_by"] = "Maria Ortiz"
        made.rows.append(one)
    return made


def filled(made: World) -> Sandbox:
    sandbox = Sandbox(livechat=0, sms=0, fbm=0, now=NOW + timedelta(days=1))
    threads: dict[str, list[dict[str, Any]]] = {}
    for one in made.rows:
        threads.setdefault(one["thread_id"], []).append(one)
    for identity, said in threads.items():
        sandbox.add("sms", alive5_sessionID=identity, start_time=said[0]["created_at"], chat_conversation=said)
    return sandbox


def name_of(thread: Any, words: str, media: Any) -> tuple[Any, ...]:
    return (thread, words, media if not words else None)


@pytest.mark.timeout(900)
@pytest.mark.promise("S8")
def test_every_text_is_handled_once_whatever_is_lost_doubled_or_late(front: Front, tmp_path: Path) -> None:
    rng = random.Random(counts.seed())
    made, handled = world(rng, counts.count(ci=300, full=20_000)), Handled(front, tmp_path)
    handled.now += 86_400
    bodies = made.deliveries()
    path, middle = "/texts/0123456789abcdef", len(bodies) // 2

    async def main(client: Any) -> list[Polled]:
        receiver = (WsgiReceiver if front.is_blocking else AsgiReceiver)(handled.inbox, path=path)
        found = []
        for part in (bodies[:middle], bodies[middle:]):
            for body in part:
                await _post(receiver, path, body, blocking=front.is_blocking)
            found.append(await handled.poll(client))
        return [*found, await handled.poll(client)]

    found = front.inside(filled(made), main)
    came = [one for one in made.rows if one["created_by"].startswith("+")]
    expected = Counter(name_of(one["thread_id"], one["message_content"], one["media_url"]) for one in came)
    seen = Counter(name_of(text.thread_id, text.message, text.media_url) for text in handled.texts)
    assert expected == seen
    assert (0, 0, 0) == (found[-1].handled, found[-1].failed, found[-1].busy)
    counts.measured(found_by_polls=sum(one.handled for one in found))


async def _post(receiver: Any, path: str, body: bytes, *, blocking: bool) -> None:
    if blocking:
        environ = {"REQUEST_METHOD": "POST", "PATH_INFO": path, "CONTENT_LENGTH": str(len(body))}
        receiver({**environ, "wsgi.input": io.BytesIO(body)}, lambda status, headers: None).close()
        return

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        assert message.get("status", 200) == 200

    await receiver({"type": "http", "method": "POST", "path": path, "headers": []}, receive, send)
