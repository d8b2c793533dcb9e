"""How far an export is, for people: bars on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

import attrs
from rich.text import Text

from .._options import Event
from ..export.report import ExportProgress
from ._live import Live
from ._output import Output

_EVERY_SECONDS = 5.0
_NAME, _BAR = 8, (6, 60)
_WIDE, _NARROW, _TINY = 110, 72, 52
_WORTH_SAYING = 1.0
_STYLES = {"livechat": "cyan", "sms": "green", "fbm": "magenta"}


@attrs.define
class Board:
    """What is known of a running export, and how it is written."""

    unicode: bool = True
    begun: float = attrs.field(factory=time.monotonic)
    kinds: dict[str, ExportProgress] = attrs.field(factory=dict)
    _waits_until: float = 0.0

    def note(self, progress: ExportProgress) -> None:
        """
        Take what the export tells.
        """
        self.kinds[progress.kind or ""] = progress

    def hear(self, event: Event) -> None:
        """
        Take an attempt: a long wait is worth knowing of.
        """
        if event.retry_delay is not None and event.retry_delay >= _WORTH_SAYING:
            self._waits_until = max(self._waits_until, time.monotonic() + event.retry_delay)

    def lines(self, width: int) -> list[Text]:
        """
        Write a line a kind and one for all; none is longer than *width* where that can be.
        """
        return [*(self._bar(one, width) for one in self.kinds.values()), self._state(width)]

    def line(self) -> str:
        """
        Write it all on one line.
        """
        days = ", ".join(f"{kind} {_days(one)}" for kind, one in self.kinds.items())
        conversations = sum(one.conversations for one in self.kinds.values())
        messages = sum(one.messages for one in self.kinds.values())
        found = f"{conversations:,} conversations, {messages:,} messages"
        return "; ".join([self._phase, *([days, found] if days else []), ", ".join(self._facts())])

    def _bar(self, one: ExportProgress, width: int) -> Text:
        kind = one.kind or ""
        words = ("conversations", "messages") if width >= _WIDE else ("conv", "msgs")
        tail = f"  {_days(one):>12}"
        if width >= _TINY:
            tail += f"  {one.conversations:>9,} {words[0]}"
        if width >= _NARROW:
            tail += f"  {one.messages:>10,} {words[1]}"
        size = min(max(width - _NAME - 2 - len(tail), _BAR[0]), _BAR[1])
        full, empty = ("━", "─") if self.unicode else ("#", ".")
        done = int(size * one.days_done / one.days) if one.days else size
        return Text.assemble(
            (f"{kind:<{_NAME}}  ", "bold"),
            (full * done, _STYLES.get(kind, "cyan")),
            (empty * (size - done), "dim"),
            tail,
        )

    def _state(self, width: int) -> Text:
        parts = [f"{self._phase:<{_NAME}}"]
        for fact in self._facts():
            if len("  ".join([*parts, fact])) <= width:
                parts.append(fact)
        return Text.assemble((parts[0], "bold"), "".join(f"  {part}" for part in parts[1:]))

    def _facts(self) -> Iterator[str]:
        now = time.monotonic()
        one = next(reversed(self.kinds.values()), None)
        yield f"{_clock(now - self.begun)} gone"
        if one is None:
            return
        if one.eta_seconds is not None and one.phase == "fetching":
            yield f"{_clock(one.eta_seconds)} left"
        yield f"{one.requests:,} requests"
        yield f"{one.rps:.1f}/s"
        yield f"{one.in_flight} of {one.limit} in flight"
        yield f"{one.refusals:,} refusals"
        if self._waits_until > now:
            yield f"asked to wait {_clock(self._waits_until - now)}"

    @property
    def _phase(self) -> str:
        return next((one.phase for one in reversed(self.kinds.values())), "probing")


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


def _days(one: ExportProgress) -> str:
    return f"{int(one.days_done)}/{round(one.days)} days"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
