"""Tables for people: columns that fit, and cells without terminal codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timezone, tzinfo
from typing import Any, Generic, Literal, TypeVar

import attrs
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .._sansio.visible import clean
from ..models import Model
from ._fit import Size, fit
from ._output import to_json

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Column(Generic[T]):
    """
    One column; on a terminal too narrow for all, those get room in the order of ``spare``, and 0 always.

    What is to be copied, such as an id, is ``whole``: it wraps and is never cut.
    Text is ``cut`` where there is no room for all of it.
    """

    title: str
    cell: Callable[[T], Any]
    spare: int = 0
    whole: bool = False
    right: bool = False
    cut: bool = False


def show_rows(console: Console, columns: Iterable[Column[T]], rows: Iterable[T], zone: tzinfo | None) -> None:
    """
    Show a table, a line for each row.
    """
    found = [*rows]
    filled = [(column, [_cell(column.cell(row), zone) for row in found]) for column in columns]
    # A column nobody needs that has nothing to say is left out.
    filled = [one for one in filled if any(one[1]) or not (one[0].spare or (one[0].whole and found))]
    widths = fit([_size(column, cells) for column, cells in filled], console.width)
    table = _table()
    for at, width in widths.items():
        column = filled[at][0]
        overflow: Literal["fold", "ellipsis"] = "fold" if column.whole else "ellipsis"
        table.add_column(
            column.title,
            no_wrap=not column.whole,
            overflow=overflow,
            justify="right" if column.right else "left",
            width=width,
        )
    for line in zip(*(filled[at][1] for at in widths), strict=True):
        table.add_row(*line)
    _print(console, table)
    _name_absent(console, [column.title for at, (column, _) in enumerate(filled) if at not in widths])


def show_values(console: Console, values: Mapping[str, Any], zone: tzinfo | None) -> None:
    """
    Show names and values, one below the other; empty ones are left out.
    """
    table = _table(header=False)
    table.add_column("", no_wrap=True, style="bold")
    table.add_column("", overflow="fold")
    for name, value in values.items():
        if value not in (None, "", [], {}):
            table.add_row(clean(name), _cell(value, zone))
    _print(console, table)


def show_model(console: Console, model: Model, zone: tzinfo | None) -> None:
    """
    Show the values of an entity, times as times; nested entities are for ``--json``.
    """
    values = model.to_dict()
    names = [name for name in values if name != "extra" and not _is_nested(getattr(model, name))]
    moments = {name: getattr(model, name) for name in names if isinstance(getattr(model, name), datetime)}
    show_values(console, {name: moments.get(name, values[name]) for name in names}, zone)


def show_time(moment: datetime, zone: tzinfo | None) -> str:
    """
    Return a time to the minute, in *zone*, else in this machine's.
    """
    try:
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
    except (OverflowError, ValueError, OSError):  # the ends of the calendar
        return f"{moment.astimezone(timezone.utc):%Y-%m-%d %H:%M}Z"


def name_zone(zone: tzinfo | None) -> str:
    """
    Return the name of the zone times are shown in.
    """
    return str(zone) if zone is not None else "local time"


def _size(column: Column[Any], cells: list[Text]) -> Size:
    natural = max([cell_len(column.title), *(cell.cell_len for cell in cells)])
    return Size(natural, spare=column.spare, whole=column.whole, cut=column.cut)


def _name_absent(console: Console, titles: list[str]) -> None:
    """Name the columns a terminal had no room for; a program that reads along is not told."""
    if titles and console.file.isatty():  # is_terminal may be forced, for colours in a pipe
        console.print(Text(f"not shown at {console.width} columns: {', '.join(titles)}", style="dim"), soft_wrap=True)


def _table(*, header: bool = True) -> Table:
    return Table(box=None, show_header=header, header_style="bold", padding=(0, 2, 0, 0), pad_edge=False)


def _print(console: Console, table: Table) -> None:
    if console.is_terminal:
        console.print(table)
        return
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        console.print(Text(line.rstrip()), soft_wrap=True)


def _cell(value: Any, zone: tzinfo | None) -> Text:
    if value is None:
        return Text("")
    if isinstance(value, datetime):
        return Text(show_time(value, zone))
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = ", ".join(value)
    if isinstance(value, (dict, list, bool)):
        value = to_json(value)
    elif isinstance(value, int):
        value = f"{value:,}"
    return Text(clean(str(value)))


def _is_nested(value: Any) -> bool:
    return isinstance(value, Model) or (isinstance(value, list) and any(isinstance(item, Model) for item in value))
