"""
A week with a rhythm: busy in office hours, quiet at night, with bots and with people whom nobody answers.

The weeks of a world without it are even, and everybody is answered at once,
which proves more about paging, and shows less on a page of figures.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from itertools import accumulate
from typing import Any, Final

Row = dict[str, Any]

_HOUR: Final = 3_600_000
_WEEK: Final = 168 * _HOUR
# A Monday's midnight of UTC, 1970-01-05.
_MONDAY: Final = 4 * 24 * _HOUR
# How busy the hours of a day are, in UTC: the office hours of New York are 14 to 22 there.
_WORKDAY: Final = (2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 5, 10, 24, 30, 28, 20, 24, 26, 22, 16, 8, 4)
_WEEKEND: Final = (2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 4, 6, 7, 7, 6, 5, 5, 4, 4, 3, 2)
# Mondays are the busiest.
_DAYS: Final = tuple(tuple(hour * weight for hour in _WORKDAY) for weight in (13, 11, 10, 10, 9))
_WEEKENDS: Final = tuple(tuple(hour * 10 for hour in _WEEKEND) for _ in range(2))
_WEIGHTS: Final = tuple(weight for day in (*_DAYS, *_WEEKENDS) for weight in day)
_SUMS: Final = tuple(accumulate(_WEIGHTS, initial=0))
# Every eighth is never answered; a bot greets every fourth of those who did not text.
_SILENT, _GREETED = 0.125, 0.25
# The longest a first answer is delayed: many within minutes, some after hours.
_DELAY: Final = 6 * _HOUR


def weighed(moment: int) -> int:
    """
    Return how much happened up to a moment in epoch milliseconds.
    """
    weeks, rest = divmod(moment - _MONDAY, _WEEK)
    hour, within = divmod(rest, _HOUR)
    return (weeks * _SUMS[-1] + _SUMS[hour]) * _HOUR + _WEIGHTS[hour] * within


def moment_of(weight: int) -> int:
    """
    Return when so much had happened: the inverse of ``weighed``.
    """
    weeks, rest = divmod(weight, _SUMS[-1] * _HOUR)
    hour = bisect_right(_SUMS, rest // _HOUR) - 1
    return _MONDAY + weeks * _WEEK + hour * _HOUR + (rest - _SUMS[hour] * _HOUR) // _WEIGHTS[hour]


def evened(moment: int, first: int, last: int) -> int:
    """
    Return where an evenly drawn moment between two others is in the rhythm; the order stays.
    """
    low, high = weighed(first), weighed(last)
    return moment_of(low + (high - low) * (moment - first) // (last - first))


def lived(row: Row, kind: str, now: int) -> Row:
    """
    Return a conversation with a late answer, with a bot's, or without any.

    Nothing is moved beyond *now*. It depends on the row alone.
    """
    rng = random.Random(row["alive5_sessionID"])
    messages = row["chat_conversation"]
    visitor, last = messages[0]["created_by"], messages[-1]["created_at"]
    if rng.random() < _SILENT:
        said = [message for message in messages if message["created_by"] == visitor]
        return {**row, "chat_conversation": said[:3]}
    delay = int(_DELAY * rng.random() ** 6)
    delay = delay if last + delay <= now else 0
    later = [{**message, "created_at": message["created_at"] + delay} for message in messages[1:]]
    greeted = kind != "sms" and rng.random() < _GREETED
    first = [messages[0], *([_greeting(messages[0])] if greeted else [])]
    end = row["end_time"] + delay if row["end_time"] else row["end_time"]
    return {**row, "end_time": end, "chat_conversation": [*first, *later]}


def _greeting(first: Row) -> Row:
    return {**first, "created_at": first["created_at"] + 900, "created_by": "bot", "message_content": "Hello! 👋"}
