"""A kind that is read on without a directory comes to what an export holds: rows elsewhere, what is known as JSON."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from support.account_year import NIGHT_MS, Account, chats, threads
from support.counts import FULL, count, seed
from support.exporting import DAY_MS, FIRST_MS, JANUARY, KINDS, QUICK, export, found, tried

from alive5 import Call, ExportError, OtherJobError, Reply
from alive5.export.continued import Known, continued
from alive5.export.rows.json_lines import read_line
from alive5.sandbox import Sandbox


@attrs.define
class Place:
    """Where rows go: they are merged by kind and id, and what is known is kept as text beside them."""

    rows: dict[str, dict[str, Any]] = attrs.field(factory=lambda: {kind: {} for kind in KINDS})
    known: dict[str, str] = attrs.field(factory=dict)

    def load(self, sandbox: Sandbox, clock: Callable[[], float], edition: Any = None, **options: Any) -> int:
        """
        Read on and return how many rows came.
        """
        came = 0
        with sandbox.client(retry=QUICK, edition=edition) as client:
            for kind in KINDS:
                known: Known = json.loads(self.known.get(kind, "{}"))
                with continued(client, kind, known, clock=clock, **{"start": "2026-01-01", **options}) as read:
                    for line in read.fetched.lines():
                        _, name, row = read_line(line)
                        self.rows[kind][name] = row
                        came += 1
                    self.known[kind] = json.dumps(read.known)
        return came


def account(rng: random.Random, edition: Any, people: int, days: int) -> Account:
    sandbox = Sandbox(livechat=0, sms=0, fbm=0, edition=edition, now=FIRST_MS)
    others = [*chats(rng, "livechat", people, days), *chats(rng, "fbm", people // 3, days)]
    return Account(sandbox, [*threads(rng, people, days), *others])


@pytest.mark.promise("E10")
@pytest.mark.parametrize("edition", ["current", "documented"])
def test_every_night_ends_with_what_a_full_export_holds(edition: Any, tmp_path: Path) -> None:
    days = 365 if FULL else 12
    lived, place = account(random.Random(seed()), edition, count(ci=60, full=1000), days), Place()
    for night in range(1, days + 1):
        lived.live_until(FIRST_MS + night * DAY_MS + NIGHT_MS)
        place.load(lived.sandbox, lambda: lived.now_ms / 1000, edition, sweep="all")
    lived.export(tmp_path, start="2026-01-01", edition=edition)
    assert found(tmp_path) == place.rows


@pytest.mark.promise("E10")
def test_the_feed_alone_keeps_texts_true_and_few_rows_come_again(tmp_path: Path) -> None:
    days = 365 if FULL else 12
    lived, place = account(random.Random(seed()), "current", count(ci=60, full=1000), days), Place()
    for night in range(1, days + 1):
        lived.live_until(FIRST_MS + night * DAY_MS + NIGHT_MS)
        came = place.load(lived.sandbox, lambda: lived.now_ms / 1000, "current", sweep="none")
    lived.export(tmp_path, start="2026-01-01", edition="current")
    whole = found(tmp_path)
    assert whole["sms"] == place.rows["sms"]
    assert came < sum(map(len, whole.values()))


def test_what_was_open_is_read_again_until_it_ends() -> None:
    """Ten days later, so that the days before the end of what is complete do not hold it."""
    sandbox, place, now = Sandbox(livechat=0, sms=0, fbm=0), Place(), FIRST_MS / 1000 + 60 * 86_400
    name = sandbox.add("livechat", start_time=int(now - 86_400) * 1000, end_time=None)["alive5_sessionID"]
    for passed in (0, 10, 12, 14):
        ended = {"end_time": int(now + 11 * 86_400) * 1000} if passed > 11 else {}
        sandbox.change("livechat", name, **ended, tags=[f"after {passed} days"])
        place.load(sandbox, lambda: now + passed * 86_400, sweep="none")  # noqa: B023 - called at once
        # What ended is read for the last time, and not again.
        assert [f"after {min(passed, 12)} days"] == place.rows["livechat"][name]["tags"]


def test_what_is_known_of_another_start_is_completed(tmp_path: Path) -> None:
    sandbox, place, now = Sandbox(livechat=200, sms=60, fbm=40), Place(), FIRST_MS / 1000 + 90 * 86_400
    place.load(sandbox, lambda: now, start="2026-02-01", sweep="none")
    assert place.load(sandbox, lambda: now, sweep="none")
    export(sandbox, tmp_path, start="2026-01-01", end=None, clock=lambda: now)
    assert found(tmp_path) == place.rows


def test_what_was_known_in_another_form_is_read_anew(tmp_path: Path) -> None:
    sandbox, place = Sandbox(livechat=20, sms=6, fbm=4), Place()
    place.known = dict.fromkeys(KINDS, '{"version": 0, "facts": "of before"}')
    place.load(sandbox, lambda: FIRST_MS / 1000 + 90 * 86_400)
    export(sandbox, tmp_path, end=None)
    assert found(tmp_path) == place.rows


def test_rows_of_two_accounts_do_not_mix(tmp_path: Path) -> None:
    sandbox, place = Sandbox(livechat=5, sms=5, fbm=5), Place()
    place.load(sandbox, lambda: FIRST_MS / 1000)
    place.known["livechat"] = place.known["livechat"].replace('"account": "sandbox"', '"account": "0123456789abcdef"')
    with pytest.raises(OtherJobError, match="another account"):
        place.load(sandbox, lambda: FIRST_MS / 1000)


def test_what_is_not_proven_raises_and_is_not_known() -> None:
    sandbox, place = Sandbox(livechat=2_000, ignored_page=True, clamped_limit=4), Place()
    with pytest.raises(ExportError, match=r"^livechat 2026-01-01\.\.2026-01-31: grade C, B is required: "):
        place.load(sandbox, lambda: FIRST_MS / 1000 + 90 * 86_400, end="2026-01-31")
    assert {} == place.known


def test_conversations_that_share_an_id_are_kept_apart_in_one_run(tmp_path: Path) -> None:
    sandbox, place = Sandbox(livechat=60, sms=30, fbm=20, shared_ids=True), Place()
    place.load(sandbox, lambda: FIRST_MS / 1000 + 90 * 86_400, **JANUARY)
    assert tried(sandbox, tmp_path).report
    assert found(tmp_path) == place.rows


def test_one_that_shares_an_id_does_not_take_the_place_of_another_that_is_not_read_again(tmp_path: Path) -> None:
    now = FIRST_MS / 1000 + 60 * 86_400
    sandbox, place = Sandbox(livechat=0, sms=0, fbm=0), Place()
    names = [
        sandbox.add("sms", start_time=int(now - days * 86_400) * 1000, end_time=int(now) * 1000)["alive5_sessionID"]
        for days in (40, 1)
    ]
    under_one_id(sandbox, *names)
    for passed in (0, 1, 2):
        place.load(sandbox, lambda: now + passed * 86_400, sweep="none")  # noqa: B023 - called at once
        export(sandbox, tmp_path / str(passed), end=None, clock=lambda: now)
        assert 2 == len(place.rows["sms"])
        assert found(tmp_path / str(passed)) == place.rows


def under_one_id(sandbox: Sandbox, first: str, second: str) -> None:
    inner = sandbox.exchange

    def exchange(call: Call, **options: Any) -> Any:
        served = inner(call, **options)
        assert isinstance(served.answer, Reply)
        body = served.answer.body.replace(second.encode(), first.encode())
        return attrs.evolve(served, answer=attrs.evolve(served.answer, body=body))

    sandbox.exchange = exchange  # type: ignore[method-assign]
