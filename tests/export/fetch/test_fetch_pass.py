"""One pass over the pages of a window: every way it ends, and what is called odd."""

from __future__ import annotations

import random
from typing import Any

import pytest

from alive5._sansio.page_meta import Meta
from alive5.export.fetch.paging import NO_ROWS, Page, PagePass, promises_more
from alive5.export.rows.blocks import Block
from alive5.export.rows.encode import Encoded

SHARED = Block(b"12345")


def row(name: str, block: Block = SHARED) -> Encoded:
    return Encoded(name, None, 0, 0, 0, b"", 0, 0, block)


def delivery(name: str) -> Encoded:
    """
    Return the row of a one-letter id; a capital is another delivery of it.
    """
    return row(name.lower())._replace(sha=name.encode())


def page(ids: str, number: int | None = None, **facts: Any) -> Page:
    return Page(number, [row(name) for name in ids], **facts)


def passed(pages: list[str], **facts: Any) -> PagePass:
    """
    Take pages, each a text of one-letter ids, until the pass is over.
    """
    done = PagePass(**facts)
    for number, ids in enumerate(pages):
        if done.over:
            break
        done.take(page(ids, number))
    return done


def test_a_page_knows_its_rows() -> None:
    other = Block(b"123")
    made = Page(1, [row("b"), row("a"), row("c", other)])
    assert ("b", "a", "c") == made.ids
    assert 8 == made.packed_size
    assert page("abc").fingerprint == made.fingerprint != page("ab").fingerprint


@pytest.mark.parametrize(
    ("pages", "over_after", "flags"),
    [
        (["", "", "ab"], 2, ()),
        (["ab", "", "", "cd"], 3, ()),
        (["ab", "cd", "e", "", ""], 5, ()),
        # Metadata or one empty page end nothing.
        (["ab", "", "cd", "", ""], 5, ("hole",)),
        (["ab", "", "cd", "", "ef", "", ""], 7, ("hole",)),
        (["", "ab", "", ""], 4, ()),
        (["ab", "c", "de", "", ""], 5, ("short_page",)),
        (["abc", "", "d", "ef", "", ""], 6, ("hole", "short_page")),
        # The last page again and again, or all from the first, or the first and nothing.
        (["ab", "cd", "cd", "cd"], 4, ()),
        (["ab", "cd", "ab", "cd"], 4, ()),
        (["ab", "cd", "ab", ""], 4, ()),
    ],
)
def test_the_end(pages: list[str], over_after: int, flags: tuple[str, ...]) -> None:
    done = passed(pages)
    assert (True, over_after, flags) == (done.over, done.taken, done.flags(None))
    assert (False, False, False) == (done.repeats_first, done.is_stuck, done.is_uneven)
    assert set("".join(pages[:over_after])) == done.seen


@pytest.mark.parametrize("pages", [[], ["ab"], ["ab", "cd"], ["ab", ""], ["ab", "", "cd"], ["ab", "ab", "cd", "ab"]])
def test_not_the_end(pages: list[str]) -> None:
    assert not passed(pages).over


@pytest.mark.parametrize(
    ("pages", "base_unknown", "expected"),
    [
        (["ab", "ab", "ab"], False, True),
        (["ab", "ba", "a"], False, True),
        (["ab", "ab", "ab", "ab"], True, True),
        (["ab", "", "ab"], False, False),
        (["ab", "ab", ""], False, False),
        (["ab", "", ""], False, False),
        (["ab", "cd", "ab", "ab"], False, False),
    ],
)
def test_repeats_first(pages: list[str], base_unknown: bool, expected: bool) -> None:
    done = passed(pages, base_unknown=base_unknown)
    assert (True, len(pages), expected) == (done.over, done.taken, done.repeats_first)


def test_the_second_page_may_be_the_first_again_while_the_base_is_unknown() -> None:
    pages = ["ab", "ab", "cd", "", ""]
    known, unknown = passed(pages), passed(pages, base_unknown=True)
    assert (True, False) == (known.is_uneven, unknown.is_uneven)
    assert [known.seen, unknown.seen] == [set("abcd")] * 2
    # An empty second page is none of the first's, and later ones are as ever.
    assert 3 == passed(["ab", "", ""], base_unknown=True).taken
    assert 4 == passed(["ab", "cd", "cd", "cd"], base_unknown=True).taken


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        (["abc", "def", "ghi"], False),
        (["abc", "cde", "efg"], False),
        (["abc", "cde", "fgh"], True),
        (["abc", "bcd", "def"], True),
        (["ab", "cd", "cd", "ef"], True),
        (["ab"], False),
        (["abc", "cde", "", "efg"], False),
    ],
)
def test_is_uneven(pages: list[str], expected: bool) -> None:
    assert expected == passed(pages).is_uneven


def test_the_latest_metadata_count() -> None:
    done = PagePass()
    done.take(page("ab", meta=Meta(items=9)))
    assert ("promised_more",) == done.flags(1)
    done.take(page("cd", meta=Meta(items=4)))
    assert () == done.flags(1)
    done.take(page("", meta=Meta()))
    assert () == done.flags(1)


@pytest.mark.parametrize(
    ("pages", "taken", "numbers", "repeats_first"),
    [
        # Second deliveries are news, wherever they come, and as often as others came before.
        (["a", "b", "c", "A", "B", "C", "d", "", ""], 9, [0, 1, 2, 3, 4, 5, 6], False),
        (["abc", "ABC", "def", "", ""], 5, [0, 1, 2], False),
        (["abc", "AB", "C", "", ""], 4, [0, 1], False),
        (["abc", "ABC", "abc", "ABC"], 4, [0, 1], True),
        (["abc", "", "ABC", "", ""], 5, [0, 2], False),
    ],
)
def test_other_deliveries_are_news(pages: list[str], taken: int, numbers: list[int], repeats_first: bool) -> None:
    done = PagePass()
    for number, names in enumerate(pages):
        if not done.over:
            done.take(Page(number, [delivery(name) for name in names], Meta(items=len(set("".join(pages))))))
    assert (True, taken, numbers) == (done.over, done.taken, [number for number, _ in done.fingerprints])
    assert (set("".join(pages).lower()), repeats_first) == (done.seen, done.repeats_first)
    assert not done.is_uneven
    assert "promised_more" not in done.flags(1)


def test_rows_that_differ_in_each_answer_end_a_pass_nevertheless() -> None:
    done = PagePass()
    for number in range(12):
        if not done.over:
            done.take(Page(number, [row(name)._replace(sha=bytes([number])) for name in ("ab" if number else "abc")]))
    assert (4, True) == (done.taken, done.repeats_first)


@pytest.mark.parametrize(
    ("pages", "number"), [(["ab", "cd", "", ""], 2), (["ab", "", "cd", "cd", ""], 3), (["", ""], 0)]
)
def test_the_page_after_the_last_is_read_again(pages: list[str], number: int) -> None:
    assert (number, page(pages[number]).fingerprint) == passed(pages).sample(4)[-1]
    assert NO_ROWS == page("").fingerprint


def test_pages_are_remembered_by_number() -> None:
    done = passed(["ab", "", "cd"])
    assert [(0, page("ab").fingerprint), (2, page("dc").fingerprint)] == done.fingerprints


@pytest.mark.parametrize(
    ("size", "most", "expected"),
    [
        (0, 4, []),
        (3, 4, [0, 1, 2]),
        (4, 4, [0, 1, 2, 3]),
        (5, 4, [0, 1, 3]),
        (9, 4, [0, 3, 6]),
        (100, 4, [0, 33, 66]),
        (9, 1, []),
    ],
)
def test_sample(size: int, most: int, expected: list[int]) -> None:
    done = PagePass(fingerprints=[(number, -number) for number in range(size)], ending=(size, -size))
    assert [(number, -number) for number in [*expected, size]] == done.sample(most)


def sliding(step: int, taken: int) -> tuple[PagePass, Page]:
    """
    Take pages of four rows that move by *step*; gives the pass and the latest page.
    """
    done, latest = PagePass(), Page(0)
    for number in range(taken):
        latest = Page(number, [row(str(number * step + part)) for part in range(4)])
        done.take(latest)
    return done, latest


@pytest.mark.parametrize(
    ("step", "taken", "expected"),
    [(1, 29, False), (1, 30, True), (2, 30, True), (3, 30, False), (4, 200, False), (1, 1, False)],
)
def test_is_slow(step: int, taken: int, expected: bool) -> None:
    assert expected == sliding(step, taken)[0].is_slow


@pytest.mark.parametrize(("known", "expected"), [("a", True), ("", False)])
def test_new_pages_between_known_ones_are_slow(known: str, expected: bool) -> None:
    """Past its end a host begins again, and each of its pages has rows that entered meanwhile, or none."""
    done = PagePass()
    done.take(page("a"))
    done.take(page("bc"))
    for number in range(40):
        done.take(Page(number, [row(f"{number} first"), row(f"{number} second")]))
        done.take(page(known))
    assert expected == done.is_slow


def test_a_first_page_that_is_the_latest_too_means_stuck() -> None:
    done, latest = sliding(1, 30)
    done.compare(latest)
    assert (True, True) == (done.over, done.is_stuck)


def test_another_first_page_means_going_on_and_asking_again_later() -> None:
    done, _ = sliding(1, 30)
    done.compare(page("abcd"))
    assert (False, False, False) == (done.over, done.is_stuck, done.is_slow)
    assert [False, True] == [taking(done, until).is_slow for until in (119, 120)]


def test_pages_that_are_slow_for_the_second_time_mean_stuck() -> None:
    """The last page is repeated for any number, and a row enters with each."""
    done, _ = sliding(1, 30)
    done.compare(page("abcd"))
    assert not taking(done, 120).is_stuck
    done.compare(page("abcd"))
    assert (True, True) == (done.over, done.is_stuck)


def taking(done: PagePass, until: int) -> PagePass:
    for number in range(done.taken, until):
        done.take(Page(number, [row(str(number + part)) for part in range(4)]))
    return done


@pytest.mark.parametrize(("ids", "stuck"), [(("29", "30"), True), (("29",), False), ((), False)])
def test_half_of_the_rows_is_enough_to_be_stuck(ids: tuple[str, ...], stuck: bool) -> None:
    done, _ = sliding(1, 30)
    done.compare(Page(0, [row(name) for name in ids]))
    assert stuck == done.is_stuck


@pytest.mark.parametrize(
    ("meta", "base", "rows", "pages", "leeway", "expected"),
    [
        (Meta(), 1, 0, 0, 1, False),
        (Meta(items=3), 1, 2, 1, 1, True),
        (Meta(items=3), 1, 3, 1, 0, False),
        (Meta(items=3), 1, 4, 1, 0, False),
        # "pages" of a host that counts from 0 is the last index; others are a page off in either way.
        (Meta(pages=2), 1, 9, 1, 1, False),
        (Meta(pages=2), 1, 9, 1, 0, True),
        (Meta(pages=2), 0, 9, 2, 1, False),
        (Meta(pages=2), 0, 9, 2, 0, True),
        (Meta(pages=3), 1, 9, 1, 1, True),
        (Meta(pages=3), None, 9, 1, 1, True),
        (Meta(pages=2), None, 9, 1, 1, False),
        # "totalPages" is a count and has no leeway.
        (Meta(pages=2, counted=True), 0, 9, 2, 1, False),
        (Meta(pages=2, counted=True), 0, 9, 1, 1, True),
        # No page with rows counts as one, which came and was empty.
        (Meta(pages=1), 1, 0, 0, 0, False),
        (Meta(pages=0, items=0), 1, 0, 0, 0, False),
    ],
)
def test_promises_more(meta: Meta, base: int | None, rows: int, pages: int, leeway: int, expected: bool) -> None:
    assert expected == promises_more(meta, base, rows=rows, pages=pages, leeway=leeway)


@pytest.mark.parametrize("seed", range(100))
def test_an_honest_host_is_read_whole_and_without_flags(seed: int) -> None:
    rng = random.Random(seed)
    total, size, repeated = rng.randrange(200), rng.randrange(3, 20), rng.randrange(2)
    after = rng.choice(("empty", "repeat"))
    starts = range(0, max(total - repeated, 0), size - repeated)
    pages = [[str(number) for number in range(start, min(start + size, total))] for start in starts]
    pages += [pages[-1] if after == "repeat" and pages else []] * 2
    done = PagePass()
    for number, ids in enumerate(pages):
        assert not done.over
        done.take(Page(number, [row(name) for name in ids]))
    assert done.over
    assert set(map(str, range(total))) == done.seen
    assert () == done.flags(0)
    assert (False, False, 0) == (done.is_uneven, done.is_stuck, done.holes)
