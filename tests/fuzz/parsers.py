"""
The three parsers of what a service sends, fed with what a fuzzer makes of a corpus.

Each takes any bytes; raising anything, or giving what its caller could not
use, is a finding.
"""

from __future__ import annotations

import json
import math
from datetime import date, datetime, timedelta
from typing import Final

from alive5 import InvalidArgumentError, Reply, models
from alive5._sansio.decode import shape
from alive5._sansio.envelope import Opened, open_reply, rows_of
from alive5._sansio.http_times import retry_after
from alive5._sansio.inbound import parse, trace_of
from alive5._sansio.page_meta import read_meta
from alive5._sansio.window import read_window
from alive5.models._times import read_text, show

MODELS: Final = (models.LivechatConversation, models.SmsConversation, models.SentSms, models.Account, models.Widget)


def envelope(data: bytes) -> None:
    """
    Open an answer and shape whatever is in it.
    """
    opened = open_reply(Reply(status=200, body=data))
    if not isinstance(opened, Opened):
        assert opened.status == 200
        return
    read_meta(opened.beside, opened.data)
    for row in [*rows_of(opened.data), opened.data]:
        for model in MODELS:
            json.dumps(shape(model, row).to_dict(), allow_nan=False)


def header(data: bytes) -> None:
    """
    Read a ``Retry-After``, with a ``Date`` behind a line break.
    """
    text, _, now = data.decode("latin-1").partition("\n")
    seconds = retry_after(Reply(status=429, headers={"retry-after": text, "date": now}, received_at=1.0))
    assert seconds is None or (math.isfinite(seconds) and 0 <= seconds)


def moment(data: bytes) -> None:
    """
    Read a moment of a row, and the bound of a window.
    """
    text = data.decode("utf-8", "replace")
    read = read_text(text)
    if read is not None:
        assert read.utcoffset() == timedelta()
        assert read_text(show(read)) == read
    try:
        window = read_window(text, None, None)
    except InvalidArgumentError:
        return
    assert isinstance(window.lower, datetime)
    assert isinstance(window.first, date)


def delivery(data: bytes) -> None:
    """
    Read what a webhook was given, and what tells it from others.
    """
    try:
        text = parse(data)
    except InvalidArgumentError:
        return
    assert isinstance(trace_of(text).words, str)


PARSERS: Final = {"delivery": delivery, "envelope": envelope, "retry_after": header, "moments": moment}
