"""The log on stderr, for ``ALIVE5_LOG`` and ``-v``; a program that has a log of its own gets it there."""

from __future__ import annotations

import logging
from typing import Final, TextIO

from .._sansio.events import logger

_LEVELS: Final = {"info": logging.INFO, "debug": logging.DEBUG}


class _OnStderr(logging.StreamHandler[TextIO]):
    """A handler that is silent where the program's own handlers write the same."""

    def emit(self, record: logging.LogRecord) -> None:
        if not logging.root.handlers:
            super().emit(record)


def show_log(level: str) -> None:
    """
    Write the package's log from a level on, "info" or "debug", to stderr.
    """
    logger.setLevel(_LEVELS[level])
    if not any(isinstance(handler, _OnStderr) for handler in logger.handlers):
        handler = _OnStderr()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        logger.addHandler(handler)
