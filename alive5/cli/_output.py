"""Output of the command: documents and lines on stdout, diagnostics on stderr."""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any, NoReturn, TextIO

from rich.console import Console
from rich.text import Text

from .._json import codec as json
from .._sansio.visible import clean, clean_json, clean_lines

SCHEMA = 1
_PIPED_WIDTH = 200


class _Console(Console):
    """A console that raises on a closed pipe instead of exiting."""

    def on_broken_pipe(self) -> NoReturn:
        """
        Raise, so that it is handled in one place.
        """
        raise BrokenPipeError


class Output:
    """
    The two streams of one command.

    ``aside`` suspends what is being drawn on stderr while a line is written.
    """

    def __init__(self) -> None:
        is_piped = not sys.stdout.isatty() and "COLUMNS" not in os.environ
        self.console: _Console = _Console(width=_PIPED_WIDTH if is_piped else None)
        self.diagnostics: _Console = _Console(stderr=True)
        self.aside: Callable[[], AbstractContextManager[object]] = nullcontext

    def document(self, document: Mapping[str, Any]) -> None:
        """
        Write one JSON document for programs.
        """
        sys.stdout.write(to_json({"schema": SCHEMA, **document}, indent=2, stream=sys.stdout) + "\n")
        sys.stdout.flush()

    def line(self, value: Mapping[str, Any]) -> None:
        """
        Write one line of JSON Lines, at once.
        """
        sys.stdout.write(to_json(value, stream=sys.stdout) + "\n")
        sys.stdout.flush()

    def lines(self, values: Iterable[Mapping[str, Any]]) -> None:
        """
        Write a listing as JSON Lines.
        """
        for value in values:
            self.line(value)

    def text(self, text: str) -> None:
        """
        Write lines for people.
        """
        self.console.print(Text(clean_lines(text)), soft_wrap=True)

    def plain(self, text: str) -> None:
        """
        Write a text of ours as it is.
        """
        sys.stdout.write(text)

    def say(self, text: str, label: str = "", style: str = "") -> None:
        """
        Write one line on stderr; a closed stream is no error.
        """
        line = Text.assemble((f"{label}: ", style), clean(text)) if label else Text(clean(text), style=style)
        with suppress(OSError, ValueError), self.aside():
            self.diagnostics.print(line, soft_wrap=True)

    def ask(self, question: str) -> None:
        """
        Write a question on stderr, and stay on its last line.
        """
        self.diagnostics.print(Text(clean_lines(question)), end="", soft_wrap=True)
        sys.stderr.flush()

    def say_document(self, document: Mapping[str, Any]) -> None:
        """
        Write one JSON document on stderr, on a line of its own.
        """
        with suppress(OSError, ValueError), self.aside():
            sys.stderr.write(to_json({"schema": SCHEMA, **document}, stream=sys.stderr) + "\n")
            sys.stderr.flush()


def to_json(value: Any, *, indent: int | None = None, stream: TextIO | None = None) -> str:
    """
    Return JSON with every text as it is, save for what a terminal could obey or not show; it is escaped, as JSON is.

    JSON is UTF-8: for a *stream* of another encoding it is ASCII alone.
    """
    plain = not _is_utf8(stream)
    try:
        found = json.document(value, indent=indent, allow_nan=False, ensure_ascii=plain)
    except ValueError:
        found = json.document(_finite(value), indent=indent, ensure_ascii=plain)
    return clean_json(found)


def _is_utf8(stream: TextIO | None) -> bool:
    encoding = getattr(stream, "encoding", None)
    return encoding is None or codecs.lookup(encoding).name == "utf-8"


def prepare_streams() -> None:
    """
    Configure both streams for any text: what an encoding lacks is escaped, a closed stream discards it.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - as long as the process
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def silence_stdout() -> None:
    """
    Stop Python from flushing into a pipe nobody reads when it ends.

    See https://docs.python.org/3/library/signal.html#note-on-sigpipe.
    """
    with suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)


def _finite(value: Any) -> Any:
    if isinstance(value, float) and value - value != 0:
        return str(value)
    if isinstance(value, dict):
        return {name: _finite(item) for name, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list) else value
