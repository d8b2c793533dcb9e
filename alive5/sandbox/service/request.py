"""
Reading a call: which operation of which edition, with which arguments; pure.

The routes are those of the table of operations, keyed by method, version and
path. Where both editions have the same, the host decides, and on a socket,
which serves both hosts, the parameters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, unquote

import attrs

from ..._json import codec as json
from ..._sansio.endpoint import Edition, Endpoint, Route
from ..._sansio.endpoints import ENDPOINTS
from ..._sansio.wire import Call

Editions = Literal["documented", "current", "both"]

UNKNOWN: Final = "unknown"
OPERATIONS: Final = tuple(endpoint.operation for endpoint in ENDPOINTS)
VERSION: Final = "1.0"
PHONES_VERSION: Final = "1.1"
FILTERS: Final = ("channel_id", "channel_name", "crm_id", "agent_id", "assigned_to", "alive5_sessionID")
# What the vendor's n8n node asks at 1.1.
_AT_1_1: Final = ("channels.list", "sms.send")
_BOUNDARY: Final = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
_NAME: Final = re.compile(r'[;\s]name="([^"]*)"')
_PLACE: Final = re.compile(r"\\{(\w+)\\}")


@attrs.frozen
class _Place:
    """One way to an operation; ``edition`` is None where both have it alike."""

    endpoint: Endpoint
    route: Route
    version: str
    edition: Edition | None
    pattern: re.Pattern[str]


def _places() -> dict[tuple[str, str], list[_Place]]:
    found: dict[tuple[str, str], list[_Place]] = {}
    for endpoint in ENDPOINTS:
        old, new = endpoint.documented, endpoint.current
        shared: Edition | None = None if old.version in (None, VERSION) else "current"
        _add(found, endpoint, old, old.version or VERSION, shared if new is None else "documented")
        if new is not None:
            _add(found, endpoint, new, new.version or VERSION, "current")
        if endpoint.operation in _AT_1_1:
            _add(found, endpoint, endpoint.documented, PHONES_VERSION, "current")
    return found


def _add(
    found: dict[tuple[str, str], list[_Place]], endpoint: Endpoint, route: Route, version: str, edition: Edition | None
) -> None:
    pattern = re.compile(_PLACE.sub(r"(?P<\1>[^/]+)", re.escape(route.path)))
    place = _Place(endpoint, route, version, edition, pattern)
    found.setdefault((endpoint.method, version), []).append(place)


_PLACES: Final = _places()


@attrs.frozen(kw_only=True, repr=False)
class Asked:
    """
    A call as the service reads it; ``arguments`` is None when the body cannot be read.

    ``place`` is the path as the table has it, without anyone's values;
    ``guessed`` says that only the parameters told the edition, ``version``
    is that of the path.
    """

    operation: str
    method: str
    path: str
    query: dict[str, str]
    arguments: dict[str, Any] | None
    required: tuple[str, ...] = ()
    edition: Edition = "documented"
    version: str = VERSION
    place: str | None = None
    guessed: bool = False

    def __repr__(self) -> str:
        return f"<Asked {self.operation}>"


def read_call(call: Call, editions: Editions = "both", *, served: bool = False) -> Asked:
    """
    Route a call and read its body: JSON, multipart or URL-encoded; *served* is one from a socket.
    """
    path, query = "/" + call.path.strip("/"), dict(call.query)
    version = call.version or VERSION
    open_here = [
        place
        for place in _PLACES.get((call.method, version), ())
        if place.pattern.fullmatch(path) and (editions == "both" or place.edition in (None, editions))
    ]
    current = speaks_current(query) if served else call.host == "read"
    place = next((place for place in open_here if (place.edition == "current") is current), None)
    place = place or next(iter(open_here), None)
    if place is None:
        return Asked(operation=UNKNOWN, method=call.method, path=path, query=query, arguments={}, version=version)
    fallback: Edition = "current" if editions == "current" else "documented"
    return Asked(
        operation=place.endpoint.operation,
        method=call.method,
        path=path,
        query=query,
        arguments=_arguments(call, query, place, path),
        required=_required(place) if call.is_write else (),
        edition=place.edition or fallback,
        version=version,
        place=place.route.path,
        guessed=served and len(open_here) > 1,
    )


def speaks_current(query: Mapping[str, str]) -> bool:
    """
    Whether parameters are spelled as in the current edition, where the address tells nothing.

    Our own documented calls carry both spellings of the dates, and the
    vendor's command line leaves ``limit`` out.
    """
    if "date-start" in query or "date-end" in query:
        return False
    told = ("date_start", "date_end", *FILTERS)
    return "from_datetime" in query or ("page" in query and any(name in query for name in told))


def _required(place: _Place) -> tuple[str, ...]:
    return tuple(name for group in place.route.parameters.values() for name in group)


def _arguments(call: Call, query: dict[str, str], place: _Place, path: str) -> dict[str, Any] | None:
    match = place.pattern.fullmatch(path)
    named: dict[str, Any] = {name: unquote(text) for name, text in match.groupdict().items()} if match else {}
    if not call.is_write:
        return named
    if place.route.in_query:
        return {**query, **named}
    body = _read_body(call)
    return None if body is None else {**body, **named}


def _read_body(call: Call) -> dict[str, Any] | None:
    kind = next((value for name, value in call.headers if name.lower() == "content-type"), "")
    if kind.startswith("multipart/form-data"):
        boundary = _BOUNDARY.search(kind)
        return _read_parts(call.content, boundary.group(1).encode()) if boundary else None
    if kind.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(call.content.decode("utf-8", "replace"), keep_blank_values=True))
    try:
        value = json.loads(call.content or b"{}")
    except ValueError:
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
