"""A few lines on a terminal that are redrawn in place, whatever happens to its width."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from rich.console import Console
from rich.text import Text

_ESCAPE = "\x1b["
HIDE_CURSOR, SHOW_CURSOR = f"{_ESCAPE}?25l", f"{_ESCAPE}?25h"
_TO_THE_END, _BELOW = f"{_ESCAPE}K", f"{_ESCAPE}J"
_LINE, _DOWN = f"{_ESCAPE}2K", f"{_ESCAPE}B"
# While a frame is drawn a terminal that shrinks at once must not wrap it.
_NO_WRAP, _WRAP = f"{_ESCAPE}?7l", f"{_ESCAPE}?7h"


class Live:
    """
    Lines that are redrawn every *seconds* by ``lines(width)``, each frame over the last in one write.

    A terminal that became narrower has wrapped the last frame itself, so its
    height is counted again each time.
    """

    def __init__(self, console: Console, lines: Callable[[int], list[Text]], *, seconds: float = 0.125) -> None:
        self._console = console
        self._lines = lines
        self._seconds = seconds
        self._drawn: list[int] = []
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._repeat, name="alive5-progress", daemon=True)

    def start(self) -> None:
        """
        Start to draw.
        """
        self._write(HIDE_CURSOR)
        self._thread.start()

    def stop(self, *, erase: bool) -> None:
        """
        Stop drawing; the last frame stays unless it is to be erased.
        """
        self._over.set()
        self._thread.join()
        with self._lock:
            if not erase:
                self._draw()
            self._write((self._gone() if erase else "") + SHOW_CURSOR)
            self._drawn = []

    @contextmanager
    def aside(self) -> Iterator[None]:
        """
        Erase the frame while a line is written above it.
        """
        with self._lock:
            self._write(self._gone())
            self._drawn = []
            yield
            if not self._over.is_set():
                self._draw()

    def _repeat(self) -> None:
        while not self._over.wait(self._seconds):
            with self._lock:
                self._draw()

    def _draw(self) -> None:
        width, height = self._console.size
        lines = self._lines(width - 1)[: max(height - 1, 1)]
        for line in lines:
            line.truncate(width - 1, overflow="ellipsis")
        frame = "".join(f"{self._styled(line)}{_TO_THE_END}\r\n" for line in lines)
        self._write(f"{_NO_WRAP}{self._back()}{frame}{_BELOW}{_WRAP}")
        self._drawn = [line.cell_len for line in lines]

    def _styled(self, line: Text) -> str:
        with self._console.capture() as captured:
            self._console.print(line, end="", soft_wrap=True, highlight=False)
        return captured.get()

    def _back(self) -> str:
        return f"\r{_ESCAPE}{rows}A" if (rows := self._rows()) else "\r"

    def _gone(self) -> str:
        # Line by line: some terminals keep in their history what is cleared from the first row on.
        return f"{self._back()}{f'{_LINE}{_DOWN}' * self._rows()}{self._back()}"

    def _rows(self) -> int:
        width = max(self._console.size.width, 1)
        return sum(max(-(-length // width), 1) for length in self._drawn)

    def _write(self, text: str) -> None:
        with suppress(OSError, ValueError):
            self._console.file.write(text)
            self._console.file.flush()
