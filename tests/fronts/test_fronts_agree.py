"""The same scenario gives the same calls, results, errors, events and warnings on the three fronts."""

from __future__ import annotations

import json
import random
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from fronts.test_operations import CALLS
from support.counts import count, seed
from support.front import NAMES, Front
from support.scripted import TEXT, Events

from alive5 import Alive5Error, RetryPolicy
from alive5.sandbox import FAULTS, Sandbox

DAYS: dict[str, Any] = {"start": "2026-02-01", "end": "2026-02-10"}
QUICK = RetryPolicy(initial=0.0)
LISTINGS = ("conversations.sms", "conversations.livechat", "conversations.fbm")

SCENES: dict[str, dict[str, Any]] = {
    "plain": {},
    "counting from 0": {"page_base": 0, "metadata": "pages"},
    "totals as text": {"metadata": "totals", "metadata_as": "text", "list_key": "items"},
    "promising too much": {"metadata": "totals", "metadata_lies": "high"},
    "clamped": {"clamped_limit": 3, "metadata": "pages"},
    "the window ignored": {"ignored_window": "all"},
    "one spelling ignored": {"ignored_window": "hyphenated"},
    "the page ignored": {"ignored_page": True},
    "the last page for ever": {"after_last": "repeat"},
    "page 0 failing": {"page_zero": "server_error"},
    "page 0 refused": {"page_zero": "refused"},
    "empty as 404": {"empty": "http_404"},
    "duplicates": {"duplicates": 2},
    "rows that leave": {"shifting": -1},
    "a hole": {"middle_page": "empty", "metadata": "pages"},
    "odd values": {"odd_values": 0.5, "missing_ids": 0.1},
    "newer shape": {"livechat_shape": "thread", "times": "iso", "numbers": "text"},
    "texts in pages": {"sms_fbm_pages": 4},
    "bare": {"envelope": "bare", "list_key": "by_id"},
    "code as text": {"code_as": "text", "no_error": "object", "error_as": "object", "refusals": "http_400"},
}


# In these, what the first reading's two requests meet depends on which comes first.
STEADY = [scene for scene in SCENES if scene not in ("rows that leave", "page 0 failing", "page 0 refused")]


def dicts(value: Any) -> Any:
    """
    Return a result as JSON.
    """
    return json.loads(json.dumps([item.to_dict() for item in value] if isinstance(value, list) else value.to_dict()))


async def attempt(call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """
    Return what a call comes to: a result or the facts of its error.
    """
    try:
        return dicts(await call(*arguments, **options))
    except Alive5Error as error:
        return error.to_dict()


async def read_all(client: Any, prefetch: int = 1) -> list[Any]:
    """
    Read every listing in several ways.
    """
    found = []
    await client.conversations.livechat(limit=1).page(1)
    for kind in ("sms", "livechat", "fbm"):
        options: dict[str, Any] = {"limit": 7, "prefetch": prefetch} if kind == "livechat" else {}
        pages = getattr(client.conversations, kind)(**DAYS, **options)
        found += [await attempt(pages.list), pages.report.to_dict()]
        strict = getattr(client.conversations, kind)(**DAYS, **options, strict=True)
        found += [await attempt(strict.list), strict.report.to_dict()]
        found += [await attempt(pages.list, max_items=3), pages.report.to_dict()]
        second = await pages.page(2)
        found += [second.number, second.has_next, dicts(second.items)]
    return found


def story(name: str, body: Callable[[Any], Any], **quirks: Any) -> dict[str, Any]:
    """
    Tell all that happens when *body* runs on one front.
    """
    faults: list[tuple[str, dict[str, Any]]] = quirks.pop("planned", [])
    sandbox, events, front = Sandbox(livechat=60, sms=30, fbm=20, **quirks), Events(), Front(name)
    for fault, details in faults:
        sandbox.fail(fault, **details)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = front.inside(sandbox, body, retry=QUICK, on_event=events, org_name="Acme")
    return {
        "result": result,
        "requests": sorted(
            (r.operation, r.method, r.path, sorted(r.query), r.attempt, r.fault or "") for r in sandbox.requests
        ),
        "deliveries": [(d.operation, d.arguments) for d in sandbox.deliveries],
        "events": sorted(
            (e.operation, e.attempt, e.outcome, str(e.status), str(e.code), e.retry_delay is None) for e in events.seen
        ),
        "warnings": [(w.category.__name__, str(w.message)) for w in caught],
    }


@pytest.mark.promise("L5")
@pytest.mark.parametrize("scene", SCENES)
def test_the_fronts_read_alike(scene: str) -> None:
    stories = [story(name, read_all, **SCENES[scene]) for name in NAMES]
    assert stories[0] == stories[1]
    assert stories[0] == stories[2]
    assert stories[0]["requests"]


@pytest.mark.parametrize("scene", [scene for scene in SCENES if scene != "rows that leave"])
def test_the_fronts_read_ahead_alike(scene: str) -> None:
    # Which pages past the end are still asked for depends on who answers first; what is given does not.
    ahead = [story(name, lambda client: read_all(client, 3), **SCENES[scene]) for name in NAMES]
    told = [{name: told[name] for name in ("result", "warnings", "deliveries")} for told in ahead]
    assert told[0] == told[1]
    assert told[0] == told[2]


@pytest.mark.promise("L5")
@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault != "slow"])
def test_the_fronts_fail_alike(fault: str) -> None:
    details: dict[str, Any] = {"times": None}
    if fault.startswith("rate_limited"):
        details["retry_after"] = 0

    async def body(client: Any) -> list[Any]:
        # The first reading of a documented listing asks two pages at once, and the first failure drops the other.
        current = client.with_options(edition="current")
        return [await attempt(call, current if name in LISTINGS else client) for name, call in CALLS.items()]

    stories = [story(name, body, planned=[(fault, details)]) for name in NAMES]
    assert stories[0] == stories[1]
    assert stories[0] == stories[2]
    assert all("error" in result for result in stories[0]["result"])


@pytest.mark.promise("L5")
@pytest.mark.parametrize("case", range(count(ci=20, full=200)))
def test_the_fronts_agree_on_mixed_days(case: int) -> None:
    rng = random.Random(seed())
    quirks = {name: value for scene in rng.sample(STEADY, 2) for name, value in SCENES[scene].items()}
    names = [fault for fault in FAULTS if fault not in ("slow", "rate_limited", "rate_limited_date")]
    planned: list[tuple[str, dict[str, Any]]] = [
        (rng.choice(names), {"on": operation, "after": 2 * (operation in LISTINGS)})
        for operation in rng.sample(sorted(CALLS), 8)
    ]
    order = rng.sample(sorted(CALLS), len(CALLS))

    async def body(client: Any) -> list[Any]:
        return [await attempt(CALLS[name], client) for name in order]

    stories = [story(name, body, planned=planned, **quirks) for name in NAMES]
    assert stories[0] == stories[1]
    assert stories[0] == stories[2]


def test_a_text_is_never_delivered_twice_whatever_strikes() -> None:
    for name in NAMES:
        for fault in FAULTS:
            sandbox = Sandbox(livechat=0, sms=0, fbm=0)
            details: dict[str, Any] = {"seconds": 0.0} if fault == "slow" else {}
            sandbox.fail(fault, **details)

            async def body(client: Any) -> str:
                try:
                    await client.sms.send(**TEXT)
                except Alive5Error as error:
                    return error.outcome
                return "accepted"

            outcome = Front(name).inside(sandbox, body, retry=RetryPolicy(initial=0, max_retry_after=0.5))
            delivered = len(sandbox.deliveries)
            assert {"accepted": [1], "rejected": [0], "not_sent": [0], "unknown": [0, 1]}[outcome].count(delivered) == 1
