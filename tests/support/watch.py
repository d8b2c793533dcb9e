"""
The canary: the key of all tests, and a watch over everything a test run may show it in.

Log records of every logger from DEBUG on, warnings and captured output are
searched while a test runs; finding the key fails the test.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import pickle
import traceback
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

from alive5 import Alive5Error, ConfigurationError, InvalidArgumentError

CANARY = "test_canary_key_4b1f/9c+e7=0d"
# One line for each socket event: searched like all others, then dropped, since pytest would keep them all.
CORE = "httpcore2" if os.environ.get("ALIVE5_ENGINE") == "httpx2" else "httpcore"
_CHATTY = tuple(f"{CORE}.{part}" for part in ("connection", "http11", "proxy", "socks"))


def _forms(key: str) -> tuple[str, ...]:
    encoded = {base64.b64encode(b"\0" * shift + key.encode()).decode()[4 if shift else 0 : -4] for shift in range(3)}
    percent = {quote(key, safe=""), quote(key, safe="").lower(), quote_plus(key), quote(key)}
    return tuple({key, json.dumps(key)[1:-1], key.replace("/", r"\/"), *encoded, *percent})


FORMS = _forms(CANARY)


def shows_key(text: str) -> bool:
    """
    Whether a text holds the canary, plain, in base64 or percent-encoded.
    """
    return any(form in text for form in FORMS)


class Watch:
    """What was found so far, as places and never as text; ``heard`` counts the records of each logger."""

    def __init__(self, needles: Iterable[str] = FORMS) -> None:
        self.found: list[str] = []
        self.heard: Counter[str] = Counter()
        self._needles = tuple(needles)

    def look(self, place: str, text: str) -> None:
        """
        Search a text.
        """
        if any(needle in text for needle in self._needles):
            self.found.append(place)

    def record(self, record: logging.LogRecord) -> None:
        """
        Search a log record with its traceback.
        """
        try:
            text = record.getMessage()
        except Exception:
            text = f"{record.msg} {record.args!r}"
        if record.exc_info and record.exc_info[1] is not None:
            text += "".join(traceback.format_exception(record.exc_info[1]))
        self.heard[record.name] += 1
        self.look(f"a log record of {record.name}", text)


@contextmanager
def watching(needles: Iterable[str] = FORMS) -> Iterator[Watch]:
    """
    Watch all loggers at DEBUG and all warnings that are shown or recorded.
    """
    watch, root = Watch(needles), logging.getLogger()
    make, level, init = logging.getLogRecordFactory(), root.level, warnings.WarningMessage.__init__

    def factory(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        watch.record(record)
        return record

    def shown(self: warnings.WarningMessage, message: Any, *args: Any, **kwargs: Any) -> None:
        watch.look("a warning", str(message))
        init(self, message, *args, **kwargs)

    logging.setLogRecordFactory(factory)
    root.setLevel(logging.DEBUG)
    warnings.WarningMessage.__init__ = shown  # type: ignore[method-assign]
    loggers = [logging.getLogger(name) for name in _CHATTY]
    for logger in loggers:
        logger.addFilter(_only_warnings)
    try:
        yield watch
    finally:
        for logger in loggers:
            logger.removeFilter(_only_warnings)
        warnings.WarningMessage.__init__ = init  # type: ignore[method-assign]
        root.setLevel(level)
        logging.setLogRecordFactory(make)


def _only_warnings(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING


def fail_if_shown(report: Any) -> None:
    """
    Let a test's phase fail when its captured output shows the key.
    """
    titles = [f"Captured {stream} {report.when}" for stream in ("stdout", "stderr")]
    places = [title for title, text in report.sections if title in titles and shows_key(text)]
    if report.passed and places:
        report.outcome = "failed"
        report.longrepr = f"the key was shown in: {', '.join(places)}"


TESTS = str(Path(__file__).parents[1])


def frames_with_locals(error: BaseException | None, leave_out: str = TESTS) -> str:
    """
    Write every frame of an error and of all it hangs on, with its locals; the tests' own frames are left out.
    """
    lines, waiting, done = [], [error], set()
    while waiting:
        error = waiting.pop()
        if error is None or id(error) in done:
            continue
        done.add(id(error))
        lines += traceback.format_exception_only(type(error), error)
        lines.append(f"{error!r} {error.args!r} {getattr(error, '__notes__', ())!r}")
        stack = traceback.StackSummary.extract(
            traceback.walk_tb(error.__traceback__), capture_locals=True, lookup_lines=False
        )
        lines += [f"{frame.filename} {frame.locals}" for frame in stack if not frame.filename.startswith(leave_out)]
        suppressed = error.__suppress_context__
        waiting += [error.__cause__, None if suppressed else error.__context__]
    return "\n".join(lines)


def assert_no_key(error: BaseException) -> None:
    """
    Look for the key in all an error may show.
    """
    shown = frames_with_locals(error)
    assert "caller.py" in shown or isinstance(error, (ConfigurationError, InvalidArgumentError))
    assert not shows_key(shown)
    assert not shows_key(f"{error} {error!r} {vars(error)!r}")
    if isinstance(error, Alive5Error):
        assert not shows_key(json.dumps(error.to_dict()))
        assert not shows_key(pickle.dumps(error).decode("latin-1"))
