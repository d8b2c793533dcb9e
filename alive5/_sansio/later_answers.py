"""Answers that hold their rows in a place of their own; pure."""

from __future__ import annotations

from typing import Any


def rows_by_thread(data: Any) -> Any:
    """
    Return the data of a bot report with each row knowing its thread: the key it stands under.
    """
    if not isinstance(data, dict):
        return data
    key = "Items" if "Items" in data else "items"
    threads = data.get(key)
    if not isinstance(threads, dict):
        return data
    rows = [_of_thread(name, row) for name, found in threads.items() for row in _listed(found) if row is not None]
    return {**data, key: rows}


def webhooks_of(data: Any) -> Any:
    """
    Return the data of a list of webhooks under the name of its rows; None when there is no list.
    """
    if data is None:
        return {}
    if isinstance(data, list):
        return {"interceptors": data}
    known = isinstance(data, dict) and ("interceptors" in data or "channelUpdate" in data)
    return data if known else None


def _of_thread(name: str, row: Any) -> Any:
    if not isinstance(row, dict) or row.get("thread_id"):
        return row
    return {**row, "thread_id": name}


def _listed(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [found]
