"""The request of one exchange, the same on both ports."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from .._sansio.wire import Call
from .._version import __version__
from .settings import PortSettings


def write_request(
    settings: PortSettings, call: Call, left: float, trace: Callable[[str, Any], Awaitable[None] | None]
) -> Any:
    """
    Return the request, with the key only after its origin is checked.
    """
    origin, http = settings.origin, settings.engine.http
    query = f"?{urlencode(call.query)}" if call.query else ""
    url = http.URL(f"{origin.at(call.version)}{call.path}{query}")
    if url.scheme != origin.scheme or url.host != origin.host or url.userinfo:
        raise http.UnsupportedProtocol("the call is not for the configured origin")
    headers = {
        "Accept": "application/json",
        "Accept-Encoding": "gzip",
        "User-Agent": f"alive5-python/{__version__}",
        **dict(call.headers),
    }
    if settings.key is not None:
        headers["X-A5-APIKEY"] = settings.key.reveal()
    read = max(min(call.read, left), 0.001)
    timeout = {"connect": max(min(call.connect, left), 0.001), "read": read, "write": read, "pool": read}
    content = call.content if call.is_write else b""
    request = http.Request(
        call.method,
        url,
        headers=headers,
        content=content or None,
        extensions={"timeout": timeout, "trace": trace},
    )
    request.stream = settings.engine.content(content)
    return request
