"""Times in a response's headers: its ``Date``, and how long ``Retry-After`` asks to wait."""

from __future__ import annotations

from datetime import timezone
from email.utils import parsedate_to_datetime
from typing import Final

from .wire import Reply

# Thirty years are for ever; infinity is no number that JSON can hold.
LONGEST_WAIT: Final = 1e9


def retry_after(reply: Reply) -> float | None:
    """
    Return ``Retry-After`` in seconds from now: a number, or an HTTP date relative to the server's own clock.

    A wait of any length is one, at most ``LONGEST_WAIT``.
    """
    text = reply.headers.get("retry-after", "").strip()[:64]
    try:
        seconds = float(text)
    except ValueError:
        seconds = _until(text, reply)
    return min(seconds, LONGEST_WAIT) if seconds >= 0 else None


def server_time(reply: Reply) -> float | None:
    """
    Return a response's ``Date`` in epoch seconds.
    """
    text = reply.headers.get("date", "")
    return http_date(text[:64]) if text else None


def _until(text: str, reply: Reply) -> float:
    moment, now = http_date(text), http_date(reply.headers.get("date", "")[:64]) or reply.received_at
    return max(moment - now, 0.0) if moment is not None and now else -1.0


def http_date(text: str) -> float | None:
    """
    Return an HTTP date in epoch seconds; None when it is none.
    """
    try:
        moment = parsedate_to_datetime(text)
        # An HTTP date without a zone is in GMT, not in this machine's zone.
        return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
