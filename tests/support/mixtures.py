"""Mixtures of quirks: hosts with several habits at a time, drawn by chance."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from alive5.sandbox import Sandbox
from alive5.sandbox.service.request import Asked

CHOICES: dict[str, tuple[Any, ...]] = {
    "envelope": ("usual", "bare", "one", "two", "inner_without_code"),
    "code_as": ("number", "text"),
    "no_error": ("null", "object", "text", "list", "false"),
    "refusals": ("http_200", "http_400"),
    "list_key": ("bare", "Items", "items", "by_id"),
    "page_base": (0, 1),
    "page_zero": ("empty", "first", "refused"),
    "metadata": ("none", "pages", "totals"),
    "metadata_as": ("number", "text"),
    "metadata_lies": ("no", "no", "high", "low"),
    "clamped_limit": (None, 5, 8, 20),
    "ignored_limit": (None, None, None, 5, 130),
    "ignored_window": ("no", "no", "no", "all", "hyphenated", "underscored"),
    "ignored_page": (False, False, False, True),
    "after_last": ("empty", "repeat", "cycle"),
    "empty": ("list", "null", "http_404", "code_404"),
    "duplicates": (0, 0, 1, 2),
    "shifting": (0, 0, 0, 1, -1),
    "page_sizes": ("even", "even", "load", "days", "bytes"),
    "whole_limit": (None, None, None, 40, 50, 77, 100),
    "lost_answers": (0.0, 0.0, 0.03),
    "middle_page": ("full", "full", "empty", "short"),
    "odd_values": (0.0, 0.5),
    "numbers": ("number", "text"),
    "times": ("ms", "seconds", "iso"),
    "livechat_shape": ("documented", "thread"),
    "sms_fbm_pages": (None, None, 4, 30),
    "resolution": ("day", "day", "instant"),
    "order": ("newest", "oldest"),
    "end_date": ("day", "boundary"),
    "host_zone": ("+0:00", "+0:00", "-11:00", "+5:30", "+13:00", "Europe/London", "America/New_York"),
    "require_pages": (None, None, True),
    "filter_by": ("start", "start", "end", "last_message"),
    "lasting": (0, 3, 9),
    "shared_ids": (False, False, True),
    "far_rows": (0, 0, 1, 2),
    "divided": (False, False, True),
    "secrets": (False, True),
    "faults": (None, None, {"rate": 0.1, "names": ["server_error_before", "html", "disconnect_after"]}),
}
# Facts of the current edition, where a host has no habit of its own.
SETTLED = ("page_base", "page_zero", "ignored_limit", "livechat_shape", "sms_fbm_pages", "require_pages")
EDITIONS = (None, "documented", "current")
# A reading that goes on for ever ends here. The worst mixtures take 20,000: where an answer of some days holds one row,
# each row is looked for by the minute.
MOST_REQUESTS = 60_000
# 2026-03-31T18:00:00Z, the sandbox's own: by a later clock, days without end would be read up to now where a host
# chooses by the end of a conversation.
PRESENT = 1_774_980_000.0


def mixture(rng: random.Random, edition: str | None = None) -> dict[str, Any]:
    """
    Draw quirks: some habits of a host, each with its own chance.
    """
    drawn = {name: rng.choice(values) for name, values in CHOICES.items() if rng.random() < 0.5}
    if drawn.get("odd_values"):
        drawn.pop("shared_ids", None)  # nothing would tell two of them apart: no id, and no start
    if drawn.get("ignored_page"):
        drawn.pop("page_sizes", None)  # limits that differ from day to day, and no pages: no two answers tell of them
    if drawn.get("shifting", 0) > 0:
        # Where a row enters with each request, pages of as few rows have no end: each has as many new ones as any.
        if drawn.get("sms_fbm_pages") == 4:
            drawn.pop("sms_fbm_pages")
        if 5 in (drawn.get("clamped_limit"), drawn.get("ignored_limit")) and drawn.get("page_sizes", "even") != "even":
            drawn.pop("page_sizes")
    return {name: value for name, value in drawn.items() if edition != "current" or name not in SETTLED}


def bounded(sandbox: Sandbox, quirks: dict[str, Any], most: int = MOST_REQUESTS) -> Callable[[Asked], None]:
    """
    Return what stops an export that asks without end.
    """

    def stop(_: Asked) -> None:
        assert len(sandbox.requests) < most, f"endless with {quirks}"

    return stop
