"""
Encoding of delivered rows for the store: whole, with the few facts it needs.

No models here: a row is kept as it came, and what cannot be read is simply not
known.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, Final, NamedTuple

from ..._sansio.reshape import value_of
from ..._sansio.secret_names import drop_secrets
from ..._sansio.window import OLDEST_START, Sight, sight_of
from ...models._times import LAST_MS, SECONDS_BELOW, read_epoch, read_text
from .blocks import Block, laid
from .json_lines import delivered_id, line_of, messages_of, read_line

Row = dict[str, Any]
_Facts = tuple[str, "int | None", int, int, int, bytes]

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)
OLDEST_US: Final = (OLDEST_START - _EPOCH) // _MICROSECOND
"""An earlier start, in epoch microseconds, is an odd value."""
# The largest piece hashlib digests without releasing the interpreter's lock.
_PIECE = 2047
# A conversation without an end and without a message for a day counts as settled: a shorter time misses late answers,
# a longer one reads more days again.
_QUIET_US = 24 * 3600 * 1_000_000


class Encoded(NamedTuple):
    """
    A row ready to be stored; ``open`` says that it may still change.

    The line that will be rendered is the ``size`` bytes at ``at`` in its block;
    ``sha`` digests it as it is without an id of ours.
    """

    id: str
    start_us: int | None
    n_msg: int
    open: int
    synthetic: int
    sha: bytes
    at: int
    size: int
    block: Block

    @property
    def identity(self) -> str:
        """What tells it from other rows: an id may be that of several conversations."""
        return self.id if self.start_us is None else f"{self.id}\x1f{self.start_us}"

    @property
    def delivery(self) -> tuple[str, bytes]:
        """What tells it from other deliveries of its conversation, too: a limit of a host is one of rows."""
        return self.identity, self.sha


class StoredRow(NamedTuple):
    """
    A row for rendering; ``line`` is its line of JSON: keys sorted, nothing dropped.
    """

    kind: str
    id: str
    n_msg: int
    line: bytes

    @property
    def raw(self) -> Row:
        """The row itself, decoded on each access."""
        return read_line(self.line)[2]


def row_id(row: Row) -> str | None:
    """
    Return a conversation's id; None when the server gave none.
    """
    value = row.get("alive5_sessionID")
    return value if value.__class__ is str and value else delivered_id(row)


def start_us(row: Row) -> int | None:
    """
    Return when a conversation began, in epoch microseconds.
    """
    return _us(value_of(row, "start_time"))


def sight_in(row: Row, start: int | None, low_us: int, high_us: int) -> Sight:
    """
    Return where a row that began at *start* lies, seen from ``low_us <= time < high_us``.
    """
    if start is not None and low_us <= start < high_us:  # nearly all, before anything else is read
        return "inside"
    said = map(written_us, messages_of(row))
    return sight_of(start, end_us(row), said, near=(low_us, high_us), oldest=OLDEST_US)


def end_us(row: Row) -> int | None:
    """
    Return when a conversation ended, in epoch microseconds; None while it is open.
    """
    return _us(value_of(row, "end_time"))


def endings_us(row: Row) -> tuple[int | None, int | None]:
    """
    Return when a conversation ended and when its last message was written, in epoch microseconds; None if not known.
    """
    said = messages_of(row)
    # Of those between nothing is read: they lie in order, or in the reverse of it.
    ends = [next(filter(None, map(written_us, way)), None) for way in (reversed(said), said)]
    return end_us(row), max((moment for moment in ends if moment is not None), default=None)


def written_us(message: Row) -> int | None:
    """
    Return when a message was written, in epoch microseconds.
    """
    source = message.get("_source")
    value = message.get("created_at")
    return _us(source.get("created_at", value) if isinstance(source, dict) else value)


def encode(
    kind: str, rows: Sequence[Row], observed_us: int, ordinals: dict[bytes, int], *, usual: bool = False
) -> list[Encoded]:
    """
    Return rows of one page as they are stored, without secrets; its *ordinals* tell equal rows without an id apart.

    *Usual* is what the body was they came in.
    """
    read = [_read(kind, row, observed_us, ordinals, usual) for row in drop_secrets(list(rows))]
    places = laid([line for _, line in read])
    return [Encoded(*facts, at, size, block) for (facts, _), (block, at, size) in zip(read, places, strict=True)]


def as_row(value: Any) -> Row:
    """
    Return a delivered value as a row, whatever its type.
    """
    return value if value.__class__ is dict else {"value": value}


def _read(kind: str, row: Row, observed_us: int, ordinals: dict[bytes, int], usual: bool) -> tuple[_Facts, bytes]:
    line = line_of(kind, row, usual=usual)
    sha = digest_of(line)
    name = row_id(row)
    synthetic = name is None
    if name is None or not _is_text(name):
        ordinal = ordinals[sha] = ordinals.get(sha, -1) + 1
        name = f"synthetic-{sha.hex()[:32]}" + (f"-{ordinal}" if ordinal else "")
        synthetic = True
        line = line_of(kind, row, name, usual=usual)
    messages = messages_of(row)
    still = end_us(row) is None or _is_fresh(messages, observed_us)
    return (name, start_us(row), len(messages), int(still), int(synthetic), sha), line


def digest_of(line: bytes) -> bytes:
    """
    Return the SHA-256 of a line.
    """
    # A piece above 2047 bytes lets go of the interpreter's lock, and getting it back takes longer than the hashing.
    digest = hashlib.sha256(line[:_PIECE])
    for at in range(_PIECE, len(line), _PIECE):
        digest.update(line[at : at + _PIECE])
    return digest.digest()


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_fresh(messages: list[Row], observed_us: int) -> bool:
    moment = written_us(messages[-1]) if messages else None
    return moment is not None and moment > observed_us - _QUIET_US


def _us(value: Any) -> int | None:
    if value.__class__ is int and SECONDS_BELOW <= value < LAST_MS:
        return value * 1000
    if value.__class__ is int or value.__class__ is float:
        moment = read_epoch(value)
    elif value.__class__ is str:
        moment = read_text(value)
    else:
        return None
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND
