"""What a traceback with locals shows of an error, its causes and its contexts."""

from __future__ import annotations

import json
import pickle
import traceback
from pathlib import Path

from fronts.watch import shows_key

from alive5 import Alive5Error, ConfigurationError, InvalidArgumentError

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
