"""Bodies of responses, read within bounds."""

from __future__ import annotations

import time
import zlib
from io import BytesIO
from typing import Any

from .._sansio.bounds import LARGEST_BODY
from .._sansio.wire import Reply

# Inflated at a time: a bomb of zeros goes at most this far beyond the limit.
_STEP = 256 * 1024


class Body:
    """A body of at most 32 MiB, decompressed from gzip; other encodings are refused."""

    def __init__(self, response: Any) -> None:
        self.flaw: str | None = None
        self._response = response
        encoding = response.headers.get("content-encoding", "").strip().lower()
        if encoding not in ("", "identity", "gzip", "x-gzip"):
            self.flaw = "encoding"
        self._inflater = zlib.decompressobj(31) if encoding.endswith("gzip") else None
        self._data = BytesIO()  # returns its bytes without a second copy of them

    def feed(self, chunk: bytes) -> bool:
        """
        Add a chunk and return whether to go on.
        """
        try:
            while chunk and self.flaw is None:
                chunk = self._inflate(chunk)
        except zlib.error:
            self.flaw = "encoding"
        return self.flaw is None

    def _inflate(self, chunk: bytes) -> bytes:
        if self._inflater is None:
            self._keep(chunk)
            return b""
        if self._inflater.eof:
            self._inflater = zlib.decompressobj(31)
        self._keep(self._inflater.decompress(chunk, _STEP))
        return self._inflater.unconsumed_tail or self._inflater.unused_data

    def _keep(self, data: bytes) -> None:
        if self._data.tell() + len(data) > LARGEST_BODY:
            self.flaw = "too_large"
            self._data = BytesIO()
        else:
            self._data.write(data)

    def reply(self, flaw: str | None = None) -> Reply:
        """
        Return the response, with a flaw when the body is incomplete; *flaw* is why reading ended early.
        """
        self.flaw = self.flaw or flaw
        if self.flaw is None and self._inflater is not None and not self._inflater.eof and self._data.tell():
            self.flaw = "truncated"
        raw = self._response.headers.raw
        return Reply(
            status=self._response.status_code,
            headers={name.decode("latin-1").lower(): value.decode("latin-1") for name, value in raw},
            body=b"" if self.flaw else self._data.getvalue(),
            flaw=self.flaw,
            received_at=time.time(),
        )


def is_reusable(pool: Any) -> bool:
    """
    Whether no bytes followed the response: they would be read as the next one.
    """
    states = [getattr(connection, "_connection", connection) for connection in pool.connections]
    return all(hasattr(state, "_h11_state") and not state._h11_state.trailing_data[0] for state in states)
