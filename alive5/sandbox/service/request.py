"""Routing of a call: its operation and arguments."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import parse_qsl

import attrs
import orjson

from ..._sansio.endpoints import ENDPOINTS, Endpoint
from ..._sansio.wire import Call

UNKNOWN: Final = "unknown"
OPERATIONS: Final = tuple(endpoint.operation for endpoint in ENDPOINTS)
_ROUTES: Final[dict[tuple[str, str], Endpoint]] = {(endpoint.method, endpoint.path): endpoint for endpoint in ENDPOINTS}
_BOUNDARY: Final = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
_NAME: Final = re.compile(r'[;\s]name="([^"]*)"')


@attrs.frozen(kw_only=True, repr=False)
class Asked:
    """
    A call as the service reads it; ``arguments`` is None when the body cannot be read.
    """

    operation: str
    method: str
    path: str
    query: dict[str, str]
    arguments: dict[str, Any] | None
    required: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Asked {self.operation}>"


def read_call(call: Call) -> Asked:
    """
    Return the operation and the arguments of a call, in JSON, multipart or URL-encoded.
    """
    path = "/" + call.path.strip("/")
    endpoint = _ROUTES.get((call.method, path))
    names = () if endpoint is None else tuple(name for group in endpoint.parameters.values() for name in group)
    return Asked(
        operation=UNKNOWN if endpoint is None else endpoint.operation,
        method=call.method,
        path=path,
        query=dict(call.query),
        arguments=_read_body(call) if call.is_write else {},
        required=names if call.is_write else (),
    )


def _read_body(call: Call) -> dict[str, Any] | None:
    kind = next((value for name, value in call.headers if name.lower() == "content-type"), "")
    if kind.startswith("multipart/form-data"):
        boundary = _BOUNDARY.search(kind)
        return _read_parts(call.content, boundary.group(1).encode()) if boundary else None
    if kind.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(call.content.decode("utf-8", "replace"), keep_blank_values=True))
    try:
        value = orjson.loads(call.content or b"{}")
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None


def _read_parts(content: bytes, boundary: bytes) -> dict[str, Any] | None:
    if b"--" + boundary + b"--" not in content:
        return None
    fields = {}
    for part in (b"\r\n" + content).split(b"\r\n--" + boundary)[1:-1]:
        head, found, value = part.partition(b"\r\n\r\n")
        name = _NAME.search(head.decode("utf-8", "replace"))
        if not found or name is None:
            return None
        fields[name.group(1).replace("%22", '"')] = value.decode("utf-8", "replace")
    return fields
