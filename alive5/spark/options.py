"""The options of the Spark data source, read and checked; pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import attrs

from .._sansio.endpoint import EDITIONS, Edition
from .._sansio.validate import count, refuse
from .._sansio.window import Window, read_window
from .._zones import read_zone
from ..errors import ConfigurationError
from ..export.plan.job import read_kinds
from ..export.report import Grade
from ..models.conversation import KINDS

TABLES: Final = ("conversations", "messages", "raw")
# Requests in flight: an export's own number, at which a host that refuses was never seen to be slow.
_CONCURRENCY: Final = 8
# Days read again by each batch of a stream: a weekend and a time zone in which rows may come late, as in an export.
_LOOKBACK: Final = 3
# Spellings of a key as an option; options stand in plans, in the interface and in the event log.
_KEYS: Final = frozenset(("apikey", "key", "token", "alive5key", "alive5apikey", "xa5apikey"))


@attrs.frozen(kw_only=True)
class Options:
    """
    What is read, how it is to be proven, and where the key is found; never the key itself.
    """

    table: str = "conversations"
    start: str
    end: str | None = None
    kinds: tuple[str, ...] = KINDS
    tz: str | None = None
    require: Grade = "B"
    edition: Edition | None = None
    max_concurrency: int = _CONCURRENCY
    base_url: str | None = None
    read_url: str | None = None
    api_key_file: str | None = None
    accounts: str | None = None
    lookback_days: int = _LOOKBACK
    push_filters: bool = False

    def window(self, loaded: datetime | None = None) -> Window:
        """
        Return the period; without an ``end`` it ends when the source was *loaded*.
        """
        return read_window(self.start, self.end or loaded, read_zone(self.tz))


def read_options(given: Mapping[str, str]) -> Options:
    """
    Return the options of a read, whichever way their names are capitalised.

    :raises ConfigurationError: for a key among them.
    :raises InvalidArgumentError: for an option that is not known, or cannot be read.
    """
    texts = {name.lower(): text for name, text in given.items()}
    if not _KEYS.isdisjoint(name.replace("_", "").replace("-", "").replace(".", "") for name in texts):
        raise ConfigurationError(
            "a key in an option would stand in Spark's plans and event log: use apiKeyFile, or ALIVE5_API_KEY"
        )
    if unknown := sorted(set(texts) - set(_READERS)):
        raise refuse(unknown[0], f"is no option of alive5, which has: {', '.join(_NAMES.values())}")
    if "start" not in texts:
        raise refuse("start", "is needed: the first day to read")
    options = Options(**{_field(name): _READERS[name](_NAMES[name], text) for name, text in texts.items()})
    if options.accounts is not None and options.api_key_file is not None:
        raise refuse("accounts", "holds the key files already: leave apiKeyFile out")
    options.window()
    return options


def _text(name: str, text: str) -> str:
    if not text.strip():
        raise refuse(name, "is empty")
    return text.strip()


def _path(name: str, text: str) -> str:
    if text.strip() == "-":
        raise refuse(name, "must be a file: a task of Spark has no stdin")
    return _text(name, text)


def _kinds(_: str, text: str) -> tuple[str, ...]:
    return read_kinds(part.strip() for part in text.split(","))


def _zone(name: str, text: str) -> str:
    read_zone(_text(name, text))
    return text.strip()


def _whole(name: str, text: str) -> int:
    return count(name, int(text) if text.strip().isdecimal() else text)


def _days(name: str, text: str) -> int:
    return 0 if text.strip() == "0" else _whole(name, text)


def _flag(name: str, text: str) -> bool:
    return str(_one_of("true", "false")(name, text.lower())) == "true"


def _one_of(*words: str) -> Any:
    def read(name: str, text: str) -> str:
        if text.strip() not in words:
            raise refuse(name, f"must be one of: {', '.join(words)}")
        return text.strip()

    return read


def _field(name: str) -> str:
    """Return an option's name as attrs has it: ``maxConcurrency`` is ``max_concurrency``."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in _NAMES[name])


_READERS: Final[Mapping[str, Any]] = {
    "table": _one_of(*TABLES), "start": _text, "end": _text, "kinds": _kinds, "tz": _zone,
    "require": _one_of("A", "B", "C"), "edition": _one_of(*EDITIONS), "maxconcurrency": _whole,
    "baseurl": _text, "readurl": _text, "apikeyfile": _path, "accounts": _path,
    "lookbackdays": _days, "pushfilters": _flag,
}  # fmt: skip
_NAMES: Final = {
    name.lower(): name
    for name in (
        *("table", "start", "end", "kinds", "tz", "require", "edition", "maxConcurrency", "baseUrl", "readUrl"),
        *("apiKeyFile", "accounts", "lookbackDays", "pushFilters"),
    )
}
