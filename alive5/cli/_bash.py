"""Words of a command line as bash gives them for completion: it cuts them at = and :, and wants the last piece back."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from typing import Final, TypeVar

T = TypeVar("T")

# Of COMP_WORDBREAKS, those that values of ours have.
_BREAKS: Final = frozenset("=:")


def is_asked(environ: Mapping[str, str]) -> bool:
    """
    Whether bash asks for completions.
    """
    return environ.get("_ALIVE5_COMPLETE") == "complete_bash"


def on_whole_words(complete: Callable[[], T]) -> T:
    """
    Run what completes on whole words, and write what stands for the piece of the last one that bash replaces.
    """
    words, at, kept = join(os.environ.get("COMP_WORDS", "").split("\n"), int(os.environ.get("COMP_CWORD", "0")))
    os.environ.update(COMP_WORDS="\n".join(words), COMP_CWORD=str(at))
    shown = io.StringIO()
    try:
        with redirect_stdout(shown):
            return complete()
    finally:
        sys.stdout.write("".join(f"{line.removeprefix(kept)}\n" for line in shown.getvalue().splitlines()))


def join(pieces: Sequence[str], at: int) -> tuple[list[str], int, str]:
    """
    Return the words up to the piece at the cursor, the number of the last, and what of its value bash does not replace.
    """
    words: list[str] = []
    glued = False
    for piece in pieces[: at + 1]:
        is_break = bool(piece) and _BREAKS.issuperset(piece)
        if words and (glued or is_break):
            words[-1] += piece
        else:
            words.append(piece)
        glued = is_break
    last = words[-1] if words else ""
    # Of --option=value the value alone is completed.
    value = last.partition("=")[2] if last.startswith("-") else last
    end = max(value.rfind(mark) for mark in _BREAKS) + 1
    return words, max(len(words) - 1, 0), value[:end]
