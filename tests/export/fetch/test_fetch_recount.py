"""A period counted again by what should be its last page: what the pages and the host's own word say together."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast

import attrs
import pytest

from alive5._sansio.page_meta import Meta
from alive5.export.engine.backlog import Backlog
from alive5.export.fetch.paging import Page
from alive5.export.fetch.recount import count_again, holds_more
from alive5.export.fetch.source import Source
from alive5.export.fetch.window_reader import WindowReader
from alive5.export.plan.planner import Density, Habits
from alive5.export.plan.span import DAY, Span
from alive5.export.rows.blocks import Block
from alive5.export.rows.encode import Encoded

WEEK = Span(0, 7 * DAY)
BACKLOG = Backlog(cast(WindowReader, None), Density(), deque())


@attrs.define
class Listed:
    """
    A host of 23 rows on pages of ten, which counts from 1 and says the same of them on each.

    *Cycling*, it begins again after the last page, where a row has entered before all others.
    """

    meta: Meta = attrs.field(factory=Meta)
    cycling: bool = False
    asks_again: bool = False
    base: int = 1
    asked: list[int] = attrs.field(factory=list)

    async def together(self, fn: Callable[[int], Awaitable[Page]], items: Sequence[int]) -> list[Page]:
        return [await fn(item) for item in items]

    async def page(self, span: Span, number: int, rank: int, **facts: Any) -> Page:
        self.asked.append(number)
        turn, place = divmod(number - 1, 3) if self.cycling else (0, number - 1)
        numbers = range(-turn, 23 - turn)[place * 10 : place * 10 + 10]
        return Page(number, [Encoded(str(n), n, 0, 0, 0, b"", 0, 0, Block(b"")) for n in numbers], self.meta)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("meta", "agrees"),
    [
        (Meta(), True),
        (Meta(items=23), True),
        (Meta(items=20), True),  # hosts were seen that name too few
        (Meta(items=24), False),
        # Hosts that name pages alone are heard, too; "pages" may be one off.
        (Meta(pages=3), True),
        (Meta(pages=4), True),
        (Meta(pages=5), False),
        (Meta(pages=3, counted=True), True),
        (Meta(pages=4, counted=True), False),
        (Meta(pages=2, counted=True), True),
    ],
)
async def test_a_count_agrees_unless_the_host_names_more(meta: Meta, agrees: bool) -> None:
    host = Listed(meta)
    count = await count_again(cast(Source, host), Habits(base=1, paged=True, size=10, cap=10), WEEK, 23, 0)
    # The empty page after the last is asked for once more where the host does not name as many rows, or pages.
    says_as_many = meta.items == 23 or meta.pages == 3
    assert (agrees, [3, 4, 2] if says_as_many else [3, 4, 2, 4]) == (count.agrees, host.asked)


@pytest.mark.anyio
async def test_what_the_source_asks_for_again_is_not_asked_for_twice_over() -> None:
    host = Listed(asks_again=True)
    await count_again(cast(Source, host), Habits(base=1, paged=True, size=10, cap=10), WEEK, 23, 0)
    assert [3, 4, 2] == host.asked


@attrs.define
class Divided(Listed):
    """A host whose conversations are four deliveries each, on pages of one."""

    async def page(self, span: Span, number: int, rank: int, **facts: Any) -> Page:
        places = range(24)[number - 1 : number]
        return Page(number, [Encoded(str(n // 4), 0, 0, 0, 0, b"%d" % n, 0, 0, Block(b"")) for n in places])


@pytest.mark.anyio
async def test_a_page_of_other_deliveries_is_no_end() -> None:
    habits = Habits(base=1, paged=True, size=1, cap=1)
    names = BACKLOG.by_conversations.names
    assert await holds_more(cast(Source, Divided()), habits, WEEK, 5, 0, names=names)
    assert not await holds_more(cast(Source, Divided()), habits, WEEK, 6, 0, names=names)


@pytest.mark.anyio
@pytest.mark.parametrize("cycling", [False, True])
@pytest.mark.parametrize(("known", "more"), [(22, True), (23, False)])
async def test_a_period_holds_no_more_than_it_has_at_a_time(known: int, more: bool, cycling: bool) -> None:
    host = cast(Source, Listed(cycling=cycling))
    habits = Habits(base=1, paged=True, size=10, cap=10)
    assert more == await holds_more(host, habits, WEEK, known, 0, names=BACKLOG.by_rows.names)


@attrs.define
class Leaving(Listed):
    """
    A host that gives 23 rows of more, on pages of ten that share two; the fourth row leaves after two requests.

    *Ever new*, all rows have another content in each answer.
    """

    ever_new: bool = False

    async def page(self, span: Span, number: int, rank: int, **facts: Any) -> Page:
        self.asked.append(number)
        numbers = [n for n in range(100) if n != 3 or len(self.asked) <= 2][:23][8 * number - 8 :][:10]
        content = b"%d" % len(self.asked) if self.ever_new else b""
        return Page(number, [Encoded(str(n), n, 0, 0, 0, content, 0, 0, Block(b"")) for n in numbers])


@pytest.mark.anyio
@pytest.mark.parametrize(("known", "more"), [(22, True), (23, False)])
async def test_what_came_in_several_answers_was_not_there_at_one_moment(known: int, more: bool) -> None:
    habits = Habits(base=1, paged=True, size=10, cap=10)
    host = cast(Source, Leaving())
    assert more == await holds_more(host, habits, WEEK, known, 0, names=BACKLOG.by_rows.names)


@pytest.mark.anyio
async def test_rows_of_two_readings_are_the_same_though_their_content_is_another() -> None:
    habits = Habits(base=1, paged=True, size=10, cap=10)
    host = cast(Source, Leaving(ever_new=True))
    assert await holds_more(host, habits, WEEK, 22, 0, names=BACKLOG.by_rows.names)


@pytest.mark.anyio
async def test_one_answer_is_of_one_moment_and_asked_for_once() -> None:
    host = Listed()
    habits = Habits(base=1, paged=False, cap=10)
    assert await holds_more(cast(Source, host), habits, WEEK, 9, 0, names=BACKLOG.by_rows.names)
    assert [1] == host.asked
