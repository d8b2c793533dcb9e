"""Hosts that page in every way that was seen or must be expected, on paper: a call in, an answer out."""

from __future__ import annotations

import json
import threading
from typing import Any, Literal

import attrs

from alive5 import Reply
from support.scripted import Sent

DAY_MS = 86_400_000
INSIDE = 1_767_960_000_000  # 2026-01-09T12:00:00Z
WINDOW = {"start": "2026-01-05", "end": "2026-01-15"}


@attrs.define(kw_only=True)
class Host:
    """
    A listing of *total* rows, and the ways in which it misbehaves.
    """

    total: int = 95
    base: int = 1
    meta: Literal["none", "pages", "totals"] = "none"
    as_text: bool = False
    nameless: bool = False  # metadata does not tell which page it is
    beside: bool = False  # metadata stands in the envelope, not with the rows
    lies: float = 1.0  # what is promised, as a factor
    cap: int | None = None  # the largest page
    size: int | None = None  # the only page size
    past: Literal["empty", "404", "http404", "last", "first", "cycle"] = "empty"
    ignores_page: bool = False
    hole: Literal["none", "empty", "short", "404"] = "none"
    overlap: int = 0
    grows: int = 0  # rows that arrive before each answer after the first two
    shrinks: int = 0  # rows that leave before each answer after the first two
    page_zero: tuple[int, ...] = ()  # statuses page 0 has before it is served
    refuses_zero: int | None = None
    ids: bool = True
    spelling: Literal["both", "hyphen", "underscore", "none"] = "both"
    outside: int = 0  # rows of other days, seen when the window is not read
    calls: list[Sent] = attrs.field(factory=list)
    lock: Any = attrs.field(factory=threading.Lock)

    def __call__(self, sent: Sent) -> Reply:
        with self.lock:
            self.calls.append(sent)
            return self._answer(sent.query)

    @property
    def pages(self) -> int:
        """How many pages hold rows, at the limit the tests ask for."""
        return len(self._cut(len(self._rows({})), 10))

    def expected(self) -> list[str]:
        """
        Name the rows that belong to the window, in the host's order.
        """
        return [f"row {number}" for number in range(self.total)]

    def _answer(self, query: dict[str, str]) -> Reply:
        if query.get("page") == "0":
            failed = sum(call.query.get("page") == "0" for call in self.calls) - 1
            if failed < len(self.page_zero):
                return Reply(status=self.page_zero[failed], body=b"<html>oops</html>")
            if self.refuses_zero is not None:
                return answer(None, status=self.refuses_zero, error="page must be positive")
        rows = self._rows(query)
        pages = self._cut(len(rows), int(query.get("limit", "10")))
        index = 0 if self.ignores_page else int(query.get("page", str(self.base))) - self.base
        if index < 0:
            index = 0 if self.refuses_zero is None and not self.page_zero else len(pages)
        numbers = self._page(pages, index)
        if numbers is None:
            return answer(None, code=404, status=404 if self.past == "http404" else 200, error="nothing there")
        return self._written([rows[number] for number in numbers], query, len(pages), len(rows))

    def _page(self, pages: list[range], index: int) -> range | None:
        if index < len(pages):
            if index == len(pages) // 2 and self.hole == "404":
                return None
            return pages[index]
        if not pages or self.past == "empty":
            return range(0)
        if self.past in ("404", "http404"):
            return None
        return pages[{"last": -1, "first": 0, "cycle": index % len(pages)}[self.past]]

    def _cut(self, total: int, limit: int) -> list[range]:
        size = self.size or min(limit, self.cap or limit)
        step = size - self.overlap
        pages = [range(start, min(start + size, total)) for start in range(0, max(total - self.overlap, 1), step)]
        pages = [page for page in pages if page]
        if self.hole != "none" and len(pages) > 2:
            middle = len(pages) // 2
            kept = size // 2 if self.hole == "short" else 0
            start = pages[middle].start
            pages = [*pages[:middle], range(start, start + kept)]
            pages += [range(at, min(at + size, total)) for at in range(start + kept, total, size)]
        return pages

    def _rows(self, query: dict[str, str]) -> list[dict[str, Any]]:
        rows = [self._row(number, INSIDE) for number in range(self.total)]
        later = max(len(self._before(query)) - 2, 0)
        rows = [self._row(-1 - n, INSIDE) for n in reversed(range(later * self.grows))] + rows
        rows = rows[later * self.shrinks :]
        if not self._reads_window(query):
            rows[1:1] = [self._row(10_000 + n, INSIDE - 90 * DAY_MS) for n in range(self.outside)]
        return rows

    def _before(self, query: dict[str, str]) -> list[Sent]:
        """
        Return the calls after which rows moved: a page asked for ahead and answered first moves none of those before.
        """
        asked = int(query.get("page", "-1"))
        return [call for call in self.calls if asked < 0 or int(call.query.get("page", "0")) <= asked]

    def _reads_window(self, query: dict[str, str]) -> bool:
        names = {"both": ("date-start", "date_start"), "hyphen": ("date-start",), "underscore": ("date_start",)}
        return any(name in query for name in names.get(self.spelling, ()))

    def _row(self, number: int, start: int) -> dict[str, Any]:
        row = {"start_time": start, "end_time": start + 60_000, "contacts_notes": f"row {number}"}
        return {**row, "alive5_sessionID": f"s{number}"} if self.ids else row

    def _written(self, rows: list[Any], query: dict[str, str], pages: int, total: int) -> Reply:
        promised = round(pages * self.lies)
        page: Any = int(query.get("page", str(self.base)))
        known: dict[str, Any] = {}
        if self.meta == "pages":
            known = {"page": page, "pages": promised - 1 + self.base}
        elif self.meta == "totals":
            known = {"page": page, "totalPages": promised, "totalRecord": round(total * self.lies)}
        known = {name: str(value) if self.as_text else value for name, value in known.items()}
        if self.nameless:
            known.pop("page", None)
        if self.beside or not known:
            return answer(rows, **known)
        return answer({"Items": rows, **known})


def answer(data: Any, *, code: int = 200, status: int = 200, error: Any = None, **beside: Any) -> Reply:
    """
    Write an answer in one envelope.
    """
    code = code if status == 200 else status
    return Reply(status=status, body=json.dumps({"code": code, "data": data, "error": error, **beside}).encode())
