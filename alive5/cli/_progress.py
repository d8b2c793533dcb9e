"""Progress of an export for people: bars on a terminal, a line every five seconds elsewhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext

import attrs
from rich.text import Text

from .._sansio.events import Event
from ..export.report import ExportProgress
from ._live import Live
from ._output import Output

_EVERY_SECONDS = 5.0
# Lines that fit everywhere are not wrapped when a window is made narrower.
_WIDEST = 79
_NAME, _LEAST_BAR = 8, 6
_COLUMNS = (("days", 9), ("conversations", 13), ("messages", 11))
_WORTH_SAYING = 1.0
_STYLES = {"livechat": "cyan", "sms": "green", "fbm": "magenta"}


@attrs.define
class Board:
    """The state of a running export, as text."""

    unicode: bool = True
    begun: float = attrs.field(factory=time.monotonic)
    kinds: dict[str, ExportProgress] = attrs.field(factory=dict)
    _waits_until: float = 0.0

    def note(self, progress: ExportProgress) -> None:
        """
        Record the progress of a kind.
        """
        self.kinds[progress.kind or ""] = progress

    def hear(self, event: Event) -> None:
        """
        Record the backoff of an attempt, when it is long.
        """
        if event.retry_delay is not None and event.retry_delay >= _WORTH_SAYING:
            self._waits_until = max(self._waits_until, time.monotonic() + event.retry_delay)

    def lines(self, width: int) -> list[Text]:
        """
        Return a line a kind below their titles, and one for all; none is longer than *width*.
        """
        width = min(width, _WIDEST)
        columns = [*_COLUMNS]
        while columns and _NAME + 2 + _LEAST_BAR + _width(columns) > width:
            columns.pop()
        size = max(width - _NAME - 2 - _width(columns), _LEAST_BAR)
        bars = [self._bar(one, size, columns) for one in self.kinds.values()]
        titles = " " * (_NAME + 2 + size) + "".join(f"  {name:>{room}}" for name, room in columns)
        return [*([Text(titles, style="dim")] if bars else []), *bars, *self._state(width)]

    def line(self) -> str:
        """
        Return everything on one line.
        """
        days = ", ".join(f"{kind} {int(one.days_done)}/{round(one.days)} days" for kind, one in self.kinds.items())
        conversations = sum(one.conversations for one in self.kinds.values())
        messages = sum(one.messages for one in self.kinds.values())
        found = f"{conversations:,} conversations, {messages:,} messages"
        return "; ".join([self._phase, *([days, found] if days else []), ", ".join([*self._speed(), *self._load()])])

    def _bar(self, one: ExportProgress, size: int, columns: Sequence[tuple[str, int]]) -> Text:
        kind = one.kind or ""
        full, empty = ("━", "─") if self.unicode else ("#", ".")
        done = min(int(size * one.days_done / one.days), size) if one.days else size
        values = {
            "days": f"{int(one.days_done)}/{round(one.days)}",
            "conversations": f"{one.conversations:,}",
            "messages": f"{one.messages:,}",
        }
        return Text.assemble(
            (f"{kind:<{_NAME}}  ", "bold"),
            (full * done, _STYLES.get(kind, "cyan")),
            (empty * (size - done), "dim"),
            *(f"  {values[name]:>{room}}" for name, room in columns),
        )

    def _state(self, width: int) -> list[Text]:
        lines = []
        for name, facts in ((self._phase, self._speed()), ("", self._load())):
            line = Text(f"{name:<{_NAME}}", style="bold")
            for fact in facts:
                if line.cell_len + 2 + len(fact) > width:
                    lines.append(line)
                    line = Text(" " * _NAME)
                line.append(f"  {fact}", style="not bold")
            lines.append(line)
        return lines

    def _speed(self) -> Iterator[str]:
        yield f"{_clock(time.monotonic() - self.begun)} elapsed"
        if (one := self._last) is not None:
            if one.eta_seconds is not None and one.phase == "fetching":
                yield f"{_clock(one.eta_seconds)} left"
            yield _count(one.requests, "request")
            yield f"{one.rps:.1f}/s"

    def _load(self) -> Iterator[str]:
        if (one := self._last) is not None:
            yield f"{one.in_flight} of {one.limit} in flight"
            yield _count(one.refusals, "refusal")
            if (wait := self._waits_until - time.monotonic()) >= 1:
                yield f"asked to wait {_clock(wait)}"

    @property
    def _last(self) -> ExportProgress | None:
        return next(reversed(self.kinds.values()), None)

    @property
    def _phase(self) -> str:
        return "probing" if self._last is None else self._last.phase


@contextmanager
def watched(out: Output, *, quiet: bool) -> Iterator[Board]:
    """
    Show a board on stderr while something runs; a terminal keeps its last state only when that failed.
    """
    console = out.diagnostics
    board = Board(unicode=(console.encoding or "").startswith("utf"))
    if quiet:
        yield board
    elif not console.is_terminal or console.is_dumb_terminal or console.legacy_windows:
        with _repeated(_EVERY_SECONDS, lambda: out.say(board.line(), "export")):
            yield board
    else:
        live = Live(console, board.lines)
        done = False
        live.start()
        out.aside = live.aside
        try:
            yield board
            done = True
        finally:
            live.stop(erase=done)
            out.aside = nullcontext


@contextmanager
def _repeated(seconds: float, fn: Callable[[], None]) -> Iterator[None]:
    over = threading.Event()

    def work() -> None:
        while not over.wait(seconds):
            fn()

    thread = threading.Thread(target=work, name="alive5-progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _width(columns: Sequence[tuple[str, int]]) -> int:
    return sum(2 + room for _, room in columns)


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
