"""The keys of an export's rows: doubled ones, and messages without a conversation."""

from __future__ import annotations

import random
from typing import Any

import pytest

from alive5.export.read.keys import KeyCheck

A, B = ("sms", "a"), ("sms", "b")


def checked(conversations: list[Any], messages: list[Any]) -> tuple[int, int]:
    check = KeyCheck()
    try:
        assert conversations == list(check.conversations(iter(conversations)))
        assert messages == list(check.messages(iter(messages)))
        return check.doubled, check.lost
    finally:
        check.close()


@pytest.mark.parametrize(
    ("conversations", "messages", "doubled", "lost"),
    [
        ([], [], 0, 0),
        ([A, B], [(*A, 0), (*A, 1), (*B, 0)], 0, 0),
        ([A, B, A, A], [], 2, 0),
        ([A, ("fbm", "a")], [(*A, 0), ("fbm", "a", 0)], 0, 0),
        # Kind and id are two texts, not one.
        ([("sms", "a"), ("smsa", "")], [], 0, 0),
        ([A], [(*B, 0), (*B, 1), (*A, 0)], 0, 2),
        ([], [(*A, 0)], 0, 1),
        ([A], [(*A, 0), (*A, 0)], 1, 0),
        ([A], [(*A, 1)], 1, 0),
        ([A], [(*A, 0), (*A, 2), (*A, 3)], 1, 0),
        ([A], [(*A, 1), (*A, 0)], 2, 0),
        ([A, B], [(*A, 0), (*B, 0), (*A, 0)], 0, 0),
    ],
)
def test_keys(conversations: list[Any], messages: list[Any], doubled: int, lost: int) -> None:
    assert (doubled, lost) == checked(conversations, messages)


@pytest.mark.parametrize("seed", range(20))
def test_many_keys(seed: int) -> None:
    rng = random.Random(seed)
    rows = [(rng.choice(("sms", "fbm")), str(rng.randrange(200))) for _ in range(rng.randrange(500))]
    asked = sorted({(rng.choice(("sms", "fbm")), str(rng.randrange(300))) for _ in range(300)})
    messages = [(*key, number) for key in asked for number in range(rng.randrange(4))]
    lost = sum(message[:2] not in rows for message in messages)
    assert (len(rows) - len(set(rows)), lost) == checked(rows, messages)
