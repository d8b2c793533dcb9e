"""Values as the texts and numbers of formats that have no types of their own."""

from __future__ import annotations

from typing import Any

from ...._json.codec import canonical, loads
from ....models._times import read_text
from ..schema import Type


def to_cell(kind: Type, value: Any) -> Any:
    """
    Return the cell of a value: times as ISO 8601 that sorts as they do, lists as JSON.
    """
    if value is None or kind in ("text", "json", "int", "real"):
        return value
    if kind == "time":
        return value.isoformat(timespec="microseconds").replace("+00:00", "Z")
    return int(value) if kind == "flag" else canonical(value).decode("utf-8")


def from_cell(kind: Type, cell: Any) -> Any:
    """
    Return the value of a cell ``to_cell`` wrote, also from its text.
    """
    if cell is None or kind in ("text", "json"):
        return cell
    if kind == "time":
        return read_text(cell)
    if kind == "texts":
        return loads(cell)
    if kind == "real":
        return float(cell)
    return int(cell) if kind == "int" else bool(int(cell))
