"""Many texts: checked before the first leaves, at a pace, outside of quiet hours, each once."""

from __future__ import annotations

import errno
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from support.counts import count, measured
from support.front import Front
from support.scripted import After, Interrupt, refusal, reply
from support.texting import LINE, Failing, clock_of, people, run
from support.watch import watching

from alive5 import (
    AuthenticationError,
    ConfigurationError,
    Failure,
    InvalidArgumentError,
    Ledger,
    LedgerError,
    NotSentError,
    OutcomeUnknownError,
    SendingProgress,
    TextResult,
)
from alive5.sandbox import Sandbox
from alive5.sending import numbers
from alive5.sending.ledger import Claim, Intent

DAY = datetime(2026, 6, 1, 16, tzinfo=timezone.utc)
NEW_YORK = ZoneInfo("America/New_York")
LOST = Failure(True, "read_timeout", "late")


def accepted(_: Any = None) -> Any:
    return reply({"message_id": "m", "thread_id": "t"})


@pytest.fixture
def path() -> Iterator[Path]:
    """In memory where there is such a place: nothing here is about what is durable."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder, "texts.ledger")


def ledger_of(path: Path, port: Any, start: datetime = DAY) -> Ledger:
    return Ledger(path, clock=clock_of(port, start))


def outcomes(results: list[TextResult]) -> list[str]:
    return [result.outcome for result in results]


def test_texts_leave_in_order_at_the_pace(front: Front, path: Path) -> None:
    port, seen = front.port(lambda _: After(0.5, accepted())), list[SendingProgress]()
    results = run(front, port, people(10), ledger=ledger_of(path, port), progress=seen.append)
    assert ["accepted"] * 10 == outcomes(results)
    assert list(range(1, 11)) == [result.line for result in results]
    assert "m" == results[0].sent.message_id  # type: ignore[union-attr]
    assert pytest.approx([2.4 * number for number in range(10)]) == port.moments
    assert (0, 10, 10, 24.0) == (seen[0].done, seen[0].total, seen[0].credits, pytest.approx(seen[0].eta_seconds))
    assert (10, 10, {"accepted": 10}, 0.0) == (
        seen[-1].done,
        seen[-1].parts_done,
        seen[-1].outcomes,
        seen[-1].eta_seconds,
    )


def test_parts_make_the_pace_also_of_a_second_run(front: Front, path: Path) -> None:
    port = front.port(accepted)
    ledger = ledger_of(path, port)
    run(front, port, people(2), ledger=ledger, template="x" * 161 + "{first_name}", pace=60)
    run(front, port, people(2), ledger=ledger, template="Hi {first_name}", pace=60)
    assert [0.0, 2.0, 4.0, 5.0] == pytest.approx(port.moments)


def test_above_100_nothing_leaves_unless_it_is_asked_for(front: Front, path: Path) -> None:
    port = front.port(accepted)
    results = run(front, port, people(101), ledger=ledger_of(path, port))
    assert ({"planned": 101}, 0) == (Counter(outcomes(results)), len(port.calls))
    run(front, port, people(3), ledger=ledger_of(path, port), dry_run=True)
    assert 0 == len(port.calls)
    run(front, port, people(100), ledger=ledger_of(path, port), pace=6000)
    assert 100 == len(port.calls)


@pytest.mark.promise("S6")
def test_the_same_call_again_sends_what_was_not_sent(front: Front, path: Path) -> None:
    port = front.port(
        [accepted(), LOST, refusal(400, "Not a mobile number"), Failure(False, "local", "no"), accepted()]
    )
    ledger = ledger_of(path, port)
    first = run(front, port, people(5), ledger=ledger)
    assert ["accepted", "unknown", "rejected", "not_sent", "accepted"] == outcomes(first)
    assert "HTTP 400" in first[2].reason
    port = front.port(accepted)
    again = run(front, port, people(5), ledger=ledger_of(path, port))
    assert {
        1: ("accepted", True),
        2: ("unknown", True),
        3: ("accepted", False),
        4: ("accepted", False),
        5: ("accepted", True),
    } == {result.line: (result.outcome, result.from_ledger) for result in again}
    assert 2 == len(port.calls)
    assert [first[1].key] == [entry.key for entry in ledger.unknown()]
    ledger.resolve(first[1].key, "not_sent")
    assert {"accepted": 5} == Counter(outcomes(run(front, port, people(5), ledger=ledger_of(path, port))))
    assert 3 == len(port.calls)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([{"phone_number": "hello", "first_name": "A"}], "line 1: phone_number is no phone number"),
        ([{"phone_number": "+1 202 555 0123 ext. 7", "first_name": "A"}], "line 1: phone_number is no phone number"),
        ([{"phone_number": "+12025550123"}], "line 1: first_name is missing or empty"),
        (
            [
                {"phone_number": "+12025550123", "first_name": "A"},
                {"phone_number": "(202) 555-0123", "first_name": "B"},
            ],
            "line 2: phone_number is that of line 1",
        ),
        (
            [{**row, "key": "k"} for row in people(2)],
            "line 2: key is that of line 1",
        ),
        ([{"phone_number": "+15555550123", "first_name": "A"}], "line 1: the zone of the number is unknown"),
    ],
)
def test_what_cannot_be_sent_is_named_before_anything_leaves(
    front: Front, path: Path, rows: list[dict[str, str]], why: str
) -> None:
    port = front.port()
    with pytest.raises(InvalidArgumentError) as caught:
        run(front, port, rows, ledger=ledger_of(path, port))
    assert why in str(caught.value)
    assert "555" not in str(caught.value)
    assert [] == port.calls


def test_a_number_whose_zones_are_never_awake_together_is_refused(front: Front, path: Path) -> None:
    port = front.port()
    # A number anybody in North America may have.
    rows = [{"phone_number": "+18005550123", "first_name": "A"}]
    with pytest.raises(InvalidArgumentError, match="line 1: at no time"):
        run(front, port, rows, ledger=ledger_of(path, port), quiet_hours=("14:00", "10:00"))


def test_rows_may_be_numbered_by_their_file_and_written_in_national_form(front: Front, path: Path) -> None:
    class Row(dict[str, str]):
        line = 42

    port = front.port(accepted)
    rows = [Row(phone_number="(202) 555-0123", message="Hello", key="order-1")]
    (result,) = run(front, port, rows, ledger=ledger_of(path, port), template=None)
    assert (42, "+12025550123", "order-1") == (result.line, result.phone_number_to, result.key)


def test_an_own_key_with_another_text_is_named_by_its_line(front: Front, path: Path) -> None:
    port = front.port(accepted)
    ledger = ledger_of(path, port)
    ledger.plan([Intent("k2", "+12025550001", "Another text")])
    rows = [{**row, "key": f"k{number}"} for number, row in enumerate(people(2), 1)]
    with pytest.raises(InvalidArgumentError, match="of line 2 was used"):
        run(front, port, rows, ledger=ledger)
    assert (0, None) == (len(port.calls), ledger.entry("k1"))


@pytest.mark.parametrize(
    ("options", "argument"),
    [
        ({"ledger": None}, "ledger"),
        ({"sender": "Support"}, "sender"),
        ({"pace": 0}, "pace"),
        ({"pace": True}, "pace"),
        ({"quiet_hours": "21-8"}, "quiet_hours"),
        ({"template": "{"}, "template"),
        ({"zone": "Nowhere/Land"}, "zone"),
    ],
)
def test_arguments_are_checked_at_once(path: Path, options: dict[str, Any], argument: str) -> None:
    with Sandbox().client() as client, pytest.raises((InvalidArgumentError, ConfigurationError)) as caught:
        client.sms.send_many([], **{"sender": LINE, "ledger": Ledger(path), **options})
    assert argument in str(caught.value)


def test_without_the_extra_it_is_said_how_to_install_it(
    front: Front, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "phonenumbers", None)
    with pytest.raises(ConfigurationError, match=r"alive5\[phone\]"):
        run(front, front.port(), people(1), ledger=Ledger(path))


def test_a_zone_this_system_lacks_counts_as_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "_zone", lambda name: None)
    assert () == numbers.Numbers(LINE.phone_number_from).zones("+12025550123")


def test_zones_are_those_of_the_number_or_the_one_given(front: Front, path: Path) -> None:
    port = front.port(accepted)
    rows = [{"phone_number": number, "first_name": "A"} for number in ("+15555550123", "+12025550123")]
    # 6 in the morning in New York is 12 in Berlin.
    start = datetime(2026, 6, 1, 6, tzinfo=NEW_YORK)
    results = run(front, port, rows, ledger=ledger_of(path, port, start), zone="Europe/Berlin")
    assert [1, 2] == [result.line for result in results]
    assert 2 * 3600 == pytest.approx(port.moments[1], abs=5)


@pytest.mark.promise("S7")
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("day", ["2026-06-01", "2026-03-07", "2026-10-31"])
def test_a_long_list_keeps_its_pace_and_the_quiet_hours(day: str, path: Path) -> None:
    """
    In 3.3 hours when there is time, else over a night, also the one on which clocks are set.
    """
    front, number = Front("sync"), count(ci=300, full=5_000)
    port = front.port(lambda _: After(0.7, accepted()))
    evening = day != "2026-06-01"
    start = datetime.fromisoformat(f"{day}T{'20:50' if evening else '09:00'}").replace(tzinfo=NEW_YORK)
    results = run(front, port, people(number), ledger=ledger_of(path, port, start), dry_run=False)
    assert {"accepted": number} == Counter(outcomes(results))
    minutes = port.moments[-1] / 60
    if not evening:
        assert number / 25 == pytest.approx(minutes, rel=0.01)
        measured(minutes=round(minutes, 1))
    clocks = [datetime.fromtimestamp(start.timestamp() + at, NEW_YORK) for at in port.moments]
    assert [] == [clock for clock in clocks if not 8 <= clock.hour < 21]
    assert evening == (len({clock.date() for clock in clocks}) == 2)
    spans = [later - earlier for earlier, later in zip(port.moments, port.moments[1:], strict=False)]
    assert 2.4 <= min(spans) + 1e-6


@pytest.mark.promise("S7")
def test_people_of_several_zones_are_texted_in_their_days(path: Path) -> None:
    front = Front("sync")
    port = front.port(accepted)
    rows = [*people(20, "1202555"), *people(20, "1213555"), *people(20, "44791112"), *people(20, "6149157")]
    start = datetime(2026, 3, 7, 12, tzinfo=timezone.utc)
    results = run(front, port, rows, ledger=ledger_of(path, port, start))
    assert {"accepted": 80} == Counter(outcomes(results))
    numbering = numbers.Numbers(LINE.phone_number_from)
    for result, at in zip(results, port.moments, strict=True):
        for zone in numbering.zones(result.phone_number_to):
            clock = datetime.fromtimestamp(start.timestamp() + at, zone)
            assert 8 <= clock.hour < 21, (zone, clock)


def test_what_is_quiet_by_its_turn_waits(front: Front, path: Path) -> None:
    port = front.port(accepted)
    start = datetime(2026, 6, 1, 20, 58, 58, tzinfo=NEW_YORK)
    seen: list[SendingProgress] = []
    results = run(front, port, people(3), ledger=ledger_of(path, port, start), progress=seen.append)
    assert {"accepted": 3} == Counter(outcomes(results))
    assert [0.0, 11 * 3600, 11 * 3600] == pytest.approx(port.moments, abs=70)
    eight = datetime(2026, 6, 2, 8, tzinfo=NEW_YORK).timestamp()
    assert eight in {progress.waiting_until for progress in seen}


def test_a_service_that_is_ill_ends_the_run(front: Front, path: Path) -> None:
    port = front.port(lambda _: LOST)
    seen: list[SendingProgress] = []
    with pytest.raises(OutcomeUnknownError):
        run(front, port, people(50), ledger=ledger_of(path, port), progress=seen.append)
    assert (10, {"unknown": 10}) == (len(port.calls), seen[-1].outcomes)
    offline = front.port(lambda _: Failure(False, "local", "no"))
    with pytest.raises(NotSentError):
        run(front, offline, people(50, "1213555"), ledger=ledger_of(path, offline))
    assert 10 == len(offline.calls)


def test_a_key_that_is_refused_ends_the_run_and_the_next_goes_on(front: Front, path: Path) -> None:
    port = front.port([accepted(), refusal(401), *[accepted()] * 4])
    ledger = ledger_of(path, port)
    with pytest.raises(AuthenticationError):
        run(front, port, people(5), ledger=ledger)
    assert 2 == len(port.calls)
    assert {"accepted": 5} == Counter(outcomes(run(front, port, people(5), ledger=ledger)))
    assert 6 == len(port.calls)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_stays_one_and_the_next_run_goes_on(front: Front, path: Path) -> None:
    port = front.port([accepted(), Interrupt(KeyboardInterrupt(), left=False), *[accepted()] * 3])
    ledger = ledger_of(path, port)
    with pytest.raises(KeyboardInterrupt):
        run(front, port, people(4), ledger=ledger)
    assert {"accepted": 4} == Counter(outcomes(run(front, port, people(4), ledger=ledger)))
    assert 5 == len(port.calls)


def test_what_another_process_is_sending_is_waited_for(front: Front, path: Path) -> None:
    port = front.port(accepted)
    ledger = ledger_of(path, port)
    rows = [{**row, "key": f"k{number}"} for number, row in enumerate(people(2))]
    claim = ledger.begin(Intent("k0", rows[0]["phone_number"], "Hi Person 0"), Claim(), 60.0)

    def answer(_: Any) -> Any:
        ledger.finish(claim, "accepted", '{"message_id": "theirs"}')
        return accepted()

    port = front.port(answer)
    results = run(front, port, rows, ledger=ledger_of(path, port))
    assert [("k1", "m"), ("k0", "theirs")] == [(one.key, one.sent.message_id) for one in results if one.sent]
    assert 1 == len(port.calls)


def test_two_runs_on_one_ledger_share_the_pace_and_waste_none(path: Path) -> None:
    """The second one is asked for a result after each of the first, and sends nothing twice."""
    front = Front("sync")
    port = front.port(accepted)
    with front.client(port=port)._target as client:
        runs = [
            client.sms.send_many(
                people(20), sender=LINE, ledger=ledger_of(path, port), template="{first_name}", stopped=()
            )
            for _ in range(2)
        ]
        results = [next(run) for _ in range(20) for run in runs]
    assert {"accepted": 40} == Counter(outcomes(results))
    assert 20 == len(port.calls)
    assert pytest.approx([2.4 * number for number in range(20)]) == port.moments


@pytest.mark.promise("S6")
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_whichever_disk_operation_fails_no_text_of_many_leaves_twice(path: Path, code: int) -> None:
    front, number, disk = Front("sync"), 0, Failing(1, code)
    while disk.operations >= number:
        number += 1
        port, disk = front.port(accepted), Failing(number, code)
        ledger, clock = path.parent / str(number) / "texts.ledger", clock_of(port, DAY)
        with suppress(LedgerError):
            run(front, port, people(3), ledger=Ledger(ledger, clock=clock, disk=disk))
        again = run(front, port, people(3), ledger=Ledger(ledger, clock=clock))
        # Each left once; where that could not be stored it is unknown, and named.
        left = [found for call in port.calls for found in re.findall(rb"Hi Person \d", call.content)]
        assert 3 == len(left) == len(set(left))
        named = {entry.key for entry in Ledger(ledger, clock=clock).unknown()}
        assert named == {result.key for result in again if result.outcome == "unknown"}
        assert {"accepted", "unknown"} >= set(outcomes(again))
        assert 1 >= len(named)
    assert 12 < number


def test_a_ledger_that_fails_ends_the_run(front: Front, path: Path) -> None:
    port = front.port(accepted)
    ledger = ledger_of(path, port)

    def lose(progress: SendingProgress) -> None:
        if progress.done == 2:
            path.unlink()

    with pytest.raises(LedgerError, match="missing"):
        run(front, port, people(5), ledger=ledger, progress=lose)
    assert 2 == len(port.calls)


def test_a_progress_that_raises_changes_nothing(front: Front, path: Path) -> None:
    def fail(_: Any) -> None:
        raise LookupError("Person 1")

    port = front.port(accepted)
    with watching(["Person 1"]) as watch:
        assert 2 == len(run(front, port, people(2), ledger=ledger_of(path, port), progress=fail))
    assert [] == watch.found


STOPPED = {"stop": "+12025550001", "back": "+12025550002", "fine": "+12025550003", "elsewhere": "+12025550004"}


@pytest.mark.parametrize("given", [False, True])
def test_who_said_stop_is_skipped_and_listed(front: Front, path: Path, given: bool) -> None:
    sandbox = Sandbox(livechat=0, sms=5, fbm=0, strict_ids=False)
    line = LINE.phone_number_from
    pushed = [
        (STOPPED["stop"], line, "Stop"),
        (STOPPED["stop"], line, "Do you hear?"),
        (STOPPED["back"], line, "STOP"),
        (STOPPED["back"], line, "start"),
        (STOPPED["fine"], line, "Stop by on Friday"),
        (STOPPED["elsewhere"], "+12025550177", "STOP"),
    ]
    rows = [{"phone_number": number, "message": "Hello"} for number in STOPPED.values()]
    options = {"stopped": [STOPPED["stop"]]} if given else {}
    needles = [*STOPPED.values(), "Hello"]

    async def body(client: Any) -> list[TextResult]:
        for person, to, text in pushed:
            await client.sms.push(phone_number_from=person, phone_number_to=to, message=text)
        texts = client.sms.send_many(rows, sender=LINE, ledger=Ledger(path), quiet_hours=None, pace=6000, **options)
        return [result async for result in texts]

    with watching(needles) as watch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = front.inside(sandbox, body)
    assert [] == watch.found
    assert {1: "skipped", 2: "accepted", 3: "accepted", 4: "accepted"} == {one.line: one.outcome for one in results}
    assert "STOP" in results[0].reason
    assert 3 == sum(delivery.operation == "sms.send" for delivery in sandbox.deliveries)
    assert not any(needle in f"{results!r}" for needle in needles)
    content = path.read_bytes().decode("latin-1")
    assert not any(needle in content for needle in needles)
