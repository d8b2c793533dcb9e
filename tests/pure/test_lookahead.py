"""Reading ahead, on paper: requests in flight, drains and waste, without a clock."""

from __future__ import annotations

import pytest

from alive5._sansio.lookahead import ROUNDS, ROWS, LookAhead


@pytest.mark.parametrize(
    ("flight", "read", "pages"),
    [
        # One at a time is never ahead, and the first page is asked for alone.
        (1, 0, 1),
        (1, 9, 1),
        (8, 0, 1),
        # As many as were read before, beside those in flight.
        (8, 1, 8),
        (8, 9, 16),
        (8, 25, 32),
        (8, 57, 64),
        (2, 1, 2),
        (2, 3, 4),
        # At most 8 rounds.
        (8, 121, 64),
        (2, 500, 16),
        (32, 1, 32),
        (32, 500, 256),
    ],
)
def test_how_many_pages_are_asked_for(flight: int, read: int, pages: int) -> None:
    assert pages == LookAhead(flight).pages(read)


def test_who_keeps_all_rows_waits_for_any_number_of_rounds() -> None:
    ahead = LookAhead(8, rows=None, keeps=True)
    assert [1, 8, 64, 507] == [ahead.pages(read) for read in (0, 1, 57, 500)]
    assert 1 == LookAhead(1, keeps=True).pages(500)
    ahead.see(10 * ROWS)
    assert ahead.has_room(10**6)


@pytest.mark.parametrize(
    ("largest", "rows", "pages"),
    [
        # The page waited for always; then pages that hold what may be ahead, and no more.
        (0, ROWS, None),
        (100, ROWS, 100),
        (99, ROWS, 102),
        (ROWS, ROWS, 1),
        (10 * ROWS, ROWS, 1),
        (ROWS - 1, ROWS, 2),
        # A reader of few rows: what the first page lacks.
        (100, 1, 1),
        (100, 100, 1),
        (100, 101, 2),
        (100, 0, 1),
    ],
)
def test_how_many_rows_may_be_ahead(largest: int, rows: int, pages: int | None) -> None:
    ahead = LookAhead(8, rows=rows)
    ahead.see(largest)
    ahead.see(0)
    allowed = [number for number in range(500) if ahead.has_room(number)]
    assert list(range(500 if pages is None else pages)) == allowed


def waits(total: int, flight: int, size: int = 100, *, read: int | None = None, keeps: bool = False) -> list[int]:
    """
    Return how many pages are asked for at each wait of a reader of *read* of *total* pages.
    """
    ahead = LookAhead(flight, rows=None if keeps else ROWS, keeps=keeps)
    asked: list[int] = []
    while sum(asked) < min(total, total if read is None else read):
        most = min(ahead.pages(sum(asked)), total - sum(asked))
        asked.append(sum(ahead.has_room(number) for number in range(most)))
        ahead.see(size)
    return asked


def rounds(asked: list[int], flight: int) -> int:
    """
    Return how many answers one after the other it takes.
    """
    return sum(-(-pages // flight) for pages in asked)


@pytest.mark.parametrize(
    ("flight", "total", "size", "asked", "taken"),
    [
        (1, 4, 100, [1, 1, 1, 1], 4),
        (8, 200, 100, [1, 8, 16, 32, 64, 64, 15], 26),
        (8, 1, 100, [1], 1),
        (3, 30, 100, [1, 3, 6, 12, 8], 11),
        # 100 pages hold the rows that may be ahead.
        (32, 400, 100, [1, 32, 64, 100, 100, 100, 3], 17),
        # Pages of a host that gives 5,000 rows each: two of them.
        (8, 8, 5_000, [1, 2, 2, 2, 1], 5),
    ],
)
def test_a_whole_reading(flight: int, total: int, size: int, asked: list[int], taken: int) -> None:
    assert asked == waits(total, flight, size)
    assert taken == rounds(asked, flight)
    assert all(pages <= ROUNDS * flight and (pages - 1) * size < ROWS for pages in asked)


def test_a_list_is_read_with_fewer_drains() -> None:
    assert [1, 8, 16, 32, 64, 128, 151] == waits(400, 8, keeps=True)
    assert [1, 8, 16, 32, 64, 64, 64, 64, 64, 23] == waits(400, 8)


@pytest.mark.parametrize("flight", [1, 2, 3, 8, 32])
def test_who_stops_early_wastes_few_requests(flight: int) -> None:
    for read in (*range(1, 70), 120, 200, 500):
        asked = sum(waits(10_000, flight, read=read))
        assert asked - read <= (0 if flight == 1 or read == 1 else read - 2 + flight - 1)
