"""Progress on a terminal: what is drawn, at any width, and what stays of it."""

from __future__ import annotations

import io
import re
import time
from typing import Any

import pytest
from rich.console import Console, ConsoleDimensions
from rich.text import Text

from alive5 import ExportProgress
from alive5._sansio.events import Event
from alive5.cli import _progress
from alive5.cli._live import Live
from alive5.cli._output import Output
from alive5.cli._progress import Board, watched

_TOKEN = re.compile(r"\x1b\[(\??)([0-9;]*)([A-Za-z])|(\r)|(\n)|([^\x1b\r\n]+)")


WAIT = Event(
    operation="conversations.sms", attempt=1, status=429, code=429, seconds=0.1, outcome="rejected", retry_delay=30.4
)


class Screen(io.StringIO):
    """A terminal that wraps what stands on it when it becomes narrower."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width
        self.rows = [""]
        self.at = self.column = 0
        self.modes = {"cursor": True, "wraps": True}

    def write(self, text: str) -> int:
        for match in _TOKEN.finditer(text):
            private, number, letter, back, feed, plain = match.groups()
            if letter:
                self._obey(private + letter, int(number) if number.isdigit() else 0)
            elif back:
                self.column = 0
            elif feed:
                self.at += 1
                self.rows += [""] * (self.at + 1 - len(self.rows))
            elif plain:
                assert self.column + len(plain) <= self.width, "a line wrapped"
                row = self.rows[self.at].ljust(self.column)
                self.rows[self.at] = row[: self.column] + plain + row[self.column + len(plain) :]
                self.column += len(plain)
        return len(text)

    def _obey(self, command: str, number: int) -> None:
        match command:
            case "A":
                self.at -= number or 1
                assert self.at >= 0, "too far up"
            case "B":
                self.at += number or 1
            case "K":
                self.rows[self.at] = "" if number == 2 else self.rows[self.at][: self.column]
            case "J":
                self.rows[self.at :] = [self.rows[self.at][: self.column]]
            case "?h" | "?l":
                self.modes[{25: "cursor", 7: "wraps"}[number]] = command == "?h"
            case _:
                assert command == "m"

    def resize(self, width: int) -> None:
        self.width = width
        wrapped = [[row[at : at + width] for at in range(0, max(len(row), 1), width)] for row in self.rows]
        self.at = sum(len(rows) for rows in wrapped[: self.at])
        self.rows = [row for rows in wrapped for row in rows]

    @property
    def shown(self) -> list[str]:
        return [row.rstrip() for row in self.rows if row.strip()]


def told(kind: str, done: float = 45.0, **facts: Any) -> ExportProgress:
    values = {
        "conversations": 12345, "messages": 123456, "requests": 321, "rps": 45.25, "in_flight": 8, "limit": 8,
        "refusals": 2, "eta_seconds": 3725.0, **facts,
    }  # fmt: skip
    return ExportProgress(kind=kind, phase="fetching", days_done=done, days=90.0, **values)


def filled() -> Board:
    board = Board()
    for kind, done in (("livechat", 45.0), ("sms", 90.0), ("fbm", 0.0)):
        board.note(told(kind, done))
    return board


def test_no_line_is_longer_than_the_terminal() -> None:
    board = filled()
    board.hear(WAIT)
    for width in (*range(34, 90), 199):
        lines = board.lines(width)
        assert [] == [line.plain for line in lines if line.cell_len > min(width, 79)]
        assert ["livechat", "sms", "fbm"] == [line.plain.split()[0] for line in lines[1:4]]


def test_what_is_drawn_at_80_columns() -> None:
    board = filled()
    board.hear(WAIT)
    titles, livechat, sms, fbm, *state = [line.plain for line in board.lines(79)]
    assert ["days", "conversations", "messages"] == titles.split()
    assert ("━" * 15 + "─" * 15, "45/90", "12,345", "123,456") == tuple(livechat.split()[1:])
    assert ("━" * 30, "90/90") == tuple(sms.split()[1:3])
    assert "─" * 30 == fbm.split()[1]
    assert "fetching  0:00 elapsed  1:02:05 left  321 requests  45.2/s" == state[0]
    assert "          8 of 8 in flight  2 refusals  asked to wait 0:30" == state[1]


def test_before_anything_is_known_and_without_unicode() -> None:
    board = Board(unicode=False)
    assert "probing   0:00 elapsed" == board.lines(79)[0].plain
    board.note(told("sms", refusals=1))
    assert "1 refusal" in board.lines(79)[-1].plain.split("  ")
    assert all(line.plain.isascii() for line in board.lines(79))


def test_a_line_for_logs() -> None:
    assert (
        "fetching; livechat 45/90 days, sms 90/90 days, fbm 0/90 days; 37,035 conversations, 370,368 messages; "
        "0:00 elapsed, 1:02:05 left, 321 requests, 45.2/s, 8 of 8 in flight, 2 refusals"
    ) == filled().line()


def live_on(screen: Screen, monkeypatch: pytest.MonkeyPatch, lines: list[str]) -> Live:
    console = Console(file=screen, force_terminal=True, color_system="standard", legacy_windows=False)
    monkeypatch.setattr(Console, "size", property(lambda _: ConsoleDimensions(screen.width, 24)))
    return Live(console, lambda _: [Text(line, style="bold") for line in lines], seconds=60)


def test_frames_replace_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    screen, lines = Screen(40), ["one", "two"]
    screen.write("$ alive5\r\n")
    live = live_on(screen, monkeypatch, lines)
    live.start()
    live._draw()
    assert ["$ alive5", "one", "two"] == screen.shown
    assert {"cursor": False, "wraps": True} == screen.modes
    lines[:] = ["a longer one"]
    live._draw()
    assert ["$ alive5", "a longer one"] == screen.shown
    with live.aside():
        assert ["$ alive5"] == screen.shown
        screen.write("news\r\n")
    assert ["$ alive5", "news", "a longer one"] == screen.shown
    live.stop(erase=True)
    assert ["$ alive5", "news"] == screen.shown
    assert {"cursor": True, "wraps": True} == screen.modes


@pytest.mark.parametrize("widths", [(100, 40), (100, 33, 100), (100, 12, 70, 9, 40)])
def test_a_terminal_that_changes_its_width_keeps_no_rest(
    monkeypatch: pytest.MonkeyPatch, widths: tuple[int, ...]
) -> None:
    screen, lines = Screen(widths[0]), ["x" * 98, "y" * 60, ""]
    screen.write("$\r\n")
    live = live_on(screen, monkeypatch, lines)
    live.start()
    live._draw()
    for width in widths[1:]:
        screen.resize(width)
        live._draw()
        assert ["$", "x", "y"] == [row[0] for row in screen.shown]
        assert {width - 1} >= {len(row) for row in screen.shown[1:] if row.endswith("…")}
    live.stop(erase=True)
    assert ["$"] == screen.shown


def test_a_failure_leaves_the_last_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen(40)
    live = live_on(screen, monkeypatch, ["half"])
    live.start()
    live.stop(erase=False)
    assert (["half"], True) == (screen.shown, screen.modes["cursor"])


def test_elsewhere_there_is_a_line_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(_progress, "_EVERY_SECONDS", 0.01)
    with watched(Output(), quiet=False) as board:
        board.note(told("sms"))
        until = time.monotonic() + 20
        said = ""
        while said.count("\n") < 2 and time.monotonic() < until:
            said += capsys.readouterr().err
            time.sleep(0.01)
    assert said.startswith("export: ")
    assert "sms 45/90 days" in said
    assert "\x1b" not in said


def test_quiet_shows_nothing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(_progress, "_EVERY_SECONDS", 0.01)
    with watched(Output(), quiet=True) as board:
        board.note(told("sms"))
        time.sleep(0.05)
    assert "" == capsys.readouterr().err
