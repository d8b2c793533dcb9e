"""Tables on a terminal: ids are always there and whole, and what there was no room for is named."""

from __future__ import annotations

import random
import re

import pytest
from rich.console import Console
from support.cli import Terminal, run_here, run_on_terminal
from support.counts import count, seed

from alive5.cli._fit import Size, fit
from alive5.cli._tables import Column, show_rows

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# A listing, and how many ids a row has.
LISTINGS = {
    "conversations sms --max-items 9": UUID,
    "conversations messages --start 2026-03-01 --end 2026-03-31 --max-items 9": UUID,
    "conversations history --phone +12025550134 --start 2026-03-01": UUID,
    "reports bots --start 2026-03-25 --end 2026-03-31": UUID,
    "contacts list --max-items 9": re.compile(r"crm-[0-9a-f]{16}"),
    "channels list": re.compile(r"channel-\S+ .* agent-\S+"),
    "sms lines": re.compile(r"channel-\S+ .* agent-\S+"),
    "tags list": re.compile(r"tag-\d"),
}


def size(text: str) -> Size:
    """
    Read "36w2" or "16-2": natural width, whole, cut or neither, and how spare.
    """
    natural, kind, spare = re.fullmatch(r"(\d+)(?:([wc-])(\d*))?", text).groups()  # type: ignore[union-attr]
    return Size(int(natural), spare=int(spare or 0), whole=kind == "w", cut=kind == "c")


@pytest.mark.parametrize(
    ("sizes", "width", "widths"),
    [
        ("16 36w", 80, {0: 16, 1: 36}),
        ("16 30c 4 36w", 80, {0: 16, 1: 18, 2: 4, 3: 36}),
        ("16 30c 43 36w", 80, {0: 16, 1: 11, 2: 43, 3: 11}),
        ("16 30c 43-2 36w", 80, {0: 16, 1: 24, 3: 36}),
        ("16 6c2 30c 4c1 36w", 80, {0: 16, 2: 18, 3: 4, 4: 36}),
        ("16 6c2 8 4c1 36w", 80, {0: 16, 1: 6, 2: 8, 3: 4, 4: 36}),
        ("16 30c1 30c3 30c2 36w", 80, {0: 16, 1: 11, 3: 11, 4: 36}),
        ("16 60-1 36w 9-2", 80, {0: 16, 2: 36, 3: 9}),
        ("30c 36w 30c 36w", 80, {0: 11, 1: 26, 2: 11, 3: 26}),
        ("30c 36w 30c 12w", 80, {0: 13, 1: 36, 2: 13, 3: 12}),
        ("100w 5", 80, {0: 73, 1: 5}),
        ("100w 5 36w1", 80, {0: 73, 1: 5}),
        ("100w 5 20w1", 80, {0: 51, 1: 5, 2: 20}),
        ("30", 10, {0: 30}),
        ("", 80, {}),
    ],
)
def test_what_fits_and_how_wide(sizes: str, width: int, widths: dict[int, int]) -> None:
    assert widths == fit([size(text) for text in sizes.split()], width)


def test_a_table_fits_wherever_it_can() -> None:
    source = random.Random(seed())
    for _ in range(count(ci=2_000, full=20_000)):
        sizes = [
            Size(source.randint(0, 60), source.randint(0, 3), whole=source.random() < 0.3, cut=source.random() < 0.5)
            for _ in range(source.randint(0, 7))
        ]
        width = source.randint(20, 200)
        widths = fit(sizes, width)
        total = sum(widths.values()) + 2 * max(len(widths) - 1, 0)
        needed = [sizes[at] for at in range(len(sizes)) if not sizes[at].spare]
        assert {at for at, one in enumerate(sizes) if not one.spare} <= widths.keys()
        assert all(widths[at] <= sizes[at].natural for at in widths)
        could = sum(min(11, one.natural) if one.whole or one.cut else one.natural for one in needed)
        if could + 2 * max(len(needed) - 1, 0) <= width:
            assert total <= width
        if len(widths) < len(sizes):  # nothing is left out for nothing: with the best of it there was no room
            best = min((one for at, one in enumerate(sizes) if at not in widths), key=lambda one: one.spare)
            assert sum(sizes[at].least for at in widths) + best.least + 2 * len(widths) > width


@pytest.mark.parametrize("width", [80, 200])
@pytest.mark.parametrize("listing", LISTINGS)
def test_ids_are_there_in_one_piece(listing: str, width: int) -> None:
    shown = run_on_terminal("--sandbox", *listing.split(), COLUMNS=str(width))
    assert 0 == shown.returncode, shown.stderr
    rows = [line for line in shown.stdout.split("\n\n")[0].splitlines()[1:] if "not shown at" not in line]
    assert rows
    assert [] == [row for row in rows if not LISTINGS[listing].search(row)]


def test_what_has_no_room_is_named_on_a_terminal_alone() -> None:
    listing = ["--sandbox", "conversations", "sms", "--max-items", "3"]
    narrow = run_on_terminal(*listing)
    assert "not shown at 80 columns: Length, Phone, E-mail, Channel, Agent\n" in narrow.stdout
    assert ["Started", "Contact", "Msgs", "Id"] == narrow.stdout.split("\n")[0].split()
    piped = [run_here(*listing, COLUMNS="80"), run_here(*listing, COLUMNS="80", FORCE_COLOR="1")]
    for other in (run_on_terminal(*listing, COLUMNS="200"), *piped):
        assert "not shown" not in other.stdout + other.stderr
    lines = run_on_terminal(*listing, "--json").stdout.splitlines()
    assert 3 == len(lines)


def test_two_long_ids_are_folded_and_nothing_of_them_is_lost() -> None:
    ids = ("A" * 18 + "B" * 18, "C" * 18 + "D" * 18)
    columns = [
        Column[int](title="Channel", cell=lambda _: "Support and more", cut=True),
        Column[int](title="Channel id", cell=lambda _: ids[0], whole=True),
        Column[int](title="Agent", cell=lambda _: "Maria Ortiz", cut=True),
        Column[int](title="User id", cell=lambda _: ids[1], whole=True),
    ]
    shown = Terminal()
    show_rows(Console(file=shown, width=80, color_system=None), columns, [1], None)
    lines = shown.getvalue().splitlines()
    assert (3, True) == (len(lines), max(map(len, lines)) <= 80)
    assert [*map(list, ids)] == [[c for line in lines[1:] for c in line if c in one] for one in ids]
