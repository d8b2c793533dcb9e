"""Options of a client: key, base URL, time limits, zone, HTTP library."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from datetime import timedelta, timezone, tzinfo
from typing import Any, Final, Literal, cast, get_args
from urllib.parse import urlsplit

import attrs

from ..errors import ConfigurationError, InvalidArgumentError
from .endpoint import EDITIONS, Edition
from .redact import Secret
from .validate import positive, refuse
from .wire import Host

DEFAULT_BASE_URL: Final = "https://api.alive5.com/public/1.0"
DEFAULT_READ_URL: Final = "https://api-v2.alive5.com/public/1.0"
KEY_VARIABLE: Final = "ALIVE5_API_KEY"
URL_VARIABLE: Final = "ALIVE5_BASE_URL"
READ_URL_VARIABLE: Final = "ALIVE5_READ_URL"
EDITION_VARIABLE: Final = "ALIVE5_EDITION"
ENGINE_VARIABLE: Final = "ALIVE5_ENGINE"
EngineName = Literal["httpx", "httpx2"]
_KEY = re.compile(r"[\x21-\x7e]{1,512}")
_VERSION = re.compile(r"/\d+\.\d+\Z", re.ASCII)
_OFFSET = re.compile(r"UTC([+-])([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_URL_CHARACTERS = re.compile(r"[A-Za-z0-9:/._~\[\]-]+")


class Unset:
    """The value of an argument that was not given."""

    def __repr__(self) -> str:
        return "<unset>"

    def __bool__(self) -> Literal[False]:
        return False


UNSET: Final = Unset()


@attrs.frozen(kw_only=True)
class Timeout:
    """
    Time limits in seconds.

    ``total`` bounds a whole operation: queue, attempts and backoff; in a
    listing, each page. The blocking client looks up host names outside of it.
    """

    total: float = attrs.field(default=60.0, validator=positive(float))
    connect: float = attrs.field(default=5.0, validator=positive(float))
    read: float = attrs.field(default=30.0, validator=positive(float))


def read_timeout(value: Timeout | float) -> Timeout:
    """
    Return a ``Timeout`` for itself, or for a number of seconds as its total.
    """
    if isinstance(value, Timeout):
        return value
    try:
        return Timeout(total=value)
    except InvalidArgumentError:
        raise refuse("timeout", "must be a Timeout or a number of seconds, above 0") from None


@attrs.frozen
class Origin:
    """The origin the key may go to, and the path all calls share."""

    scheme: str
    host: str
    port: int
    prefix: str

    @property
    def is_loopback(self) -> bool:
        """Whether the host is this machine, which is reached without a proxy."""
        return is_loopback(self.host)

    @property
    def url(self) -> str:
        """The base URL, without a trailing slash."""
        standard = self.port == (443 if self.scheme == "https" else 80)
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{'' if standard else f':{self.port}'}{self.prefix}"

    @property
    def has_version(self) -> bool:
        """Whether the path ends in a version, which operations of another one replace."""
        return _VERSION.search(self.prefix) is not None

    def at(self, version: str | None) -> str:
        """
        Return the URL with another version.
        """
        return self.url if version is None else _VERSION.sub(f"/{version}", self.url)


@attrs.frozen
class Origins:
    """
    The two places the key may go to: the base URL, and that of the current edition's reads.
    """

    base: Origin
    read: Origin

    def of(self, host: Host) -> Origin:
        """
        Return the origin of a call.
        """
        return self.read if host == "read" else self.base


class Variables(dict[str, str]):
    """Environment variables in a mapping that a traceback with locals does not show."""

    def __repr__(self) -> str:
        return "<variables>"


def hide(key: Any) -> Any:
    """
    Wrap a key as it comes in, so that no frame of a traceback with locals shows it.
    """
    if key is None or isinstance(key, (Unset, Secret)):
        return key
    return Secret(key if isinstance(key, str) else "")


def read_key(given: str | Secret | Unset | None, environ: Mapping[str, str], *, needed: bool) -> Secret | None:
    """
    Return the key: argument, then environment; an explicit None or "" is refused.
    """
    key = hide(environ.get(KEY_VARIABLE, "") if isinstance(given, Unset) else given)
    if isinstance(given, Unset) and not key.reveal():
        if not needed:
            return None
        raise ConfigurationError(f"no API key: pass api_key or set {KEY_VARIABLE}")
    if key is None or not key.reveal():
        raise ConfigurationError("api_key is empty: pass a key, or leave it out to use the environment")
    if not _KEY.fullmatch(key.reveal()):
        raise ConfigurationError("api_key must be 1 to 512 printable ASCII characters without spaces")
    return key  # type: ignore[no-any-return]


def read_engine(given: EngineName | None, environ: Mapping[str, str]) -> EngineName:
    """
    Return the name of the HTTP library: argument, then environment, then httpx.
    """
    name = given if given is not None else environ.get(ENGINE_VARIABLE) or "httpx"
    for known in get_args(EngineName):
        if name == known:
            return cast("EngineName", known)
    if given is None:
        raise ConfigurationError(f'{ENGINE_VARIABLE} must be "httpx" or "httpx2"')
    raise refuse("engine", 'must be "httpx" or "httpx2"')


def read_origins(
    base_url: str | None, read_url: str | None, environ: Mapping[str, str], *, edition: Edition = "documented"
) -> Origins:
    """
    Return both checked URLs: argument, then environment, then the service, or the base URL for reads, too.
    """
    chosen = base_url if base_url is not None else environ.get(URL_VARIABLE) or DEFAULT_BASE_URL
    base = _read_url("base_url", chosen)
    given = read_url if read_url is not None else environ.get(READ_URL_VARIABLE)
    if given:
        read = _read_url("read_url", given)
        if not read.has_version:
            raise ConfigurationError("read_url must end in a version, as in https://host.example/public/1.0")
        return Origins(base, read)
    if base.url == DEFAULT_BASE_URL:
        return Origins(base, _read_url("read_url", DEFAULT_READ_URL))
    origins = Origins(base, base)
    check_version(origins, edition)
    return origins


def check_version(origins: Origins, edition: Edition | None) -> None:
    """
    Refuse a URL without a version where the edition has operations of several.
    """
    if edition == "current" and not origins.read.has_version:
        raise ConfigurationError("base_url must end in a version, as in /public/1.0, in the current edition")


def read_edition(given: str | None, environ: Mapping[str, str]) -> Edition | None:
    """
    Return the edition: argument, then environment; None when nobody chose one.
    """
    name = given if given is not None else environ.get(EDITION_VARIABLE) or None
    if name is None or name in EDITIONS:
        return name
    names = " or ".join(f'"{edition}"' for edition in EDITIONS)
    if given is None:
        raise ConfigurationError(f"{EDITION_VARIABLE} must be {names}")
    raise refuse("edition", f"must be {names}")


def _read_url(name: str, value: Any) -> Origin:
    """Check a URL: https, or http on loopback; no userinfo, query or dots."""
    if not isinstance(value, str) or not _URL_CHARACTERS.fullmatch(value):
        raise ConfigurationError(f"{name} must be a plain URL without user, query or fragment")
    try:
        parts = urlsplit(value)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ConfigurationError(f"{name} is not a URL") from None
    if parts.scheme not in ("https", "http") or not host:
        raise ConfigurationError(f"{name} must start with https:// and name a host")
    if parts.scheme == "http" and not is_loopback(host):
        raise ConfigurationError(f"{name} must use https, except on loopback")
    if any(segment in (".", "..") for segment in parts.path.split("/")):
        raise ConfigurationError(f"{name} must not hold '.' or '..'")
    standard = 443 if parts.scheme == "https" else 80
    return Origin(parts.scheme, host, standard if port is None else port, parts.path.rstrip("/"))


def read_zone(value: str | tzinfo | None) -> tzinfo | None:
    """
    Return a zone for itself or for its name.
    """
    if value is None or isinstance(value, tzinfo):
        return value
    if isinstance(value, str) and value:
        if value.upper() == "UTC":
            return timezone.utc
        if offset := _OFFSET.fullmatch(value):  # how Python shows a fixed offset, and exports keep it
            minutes = int(offset[2]) * 60 + int(offset[3])
            return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))
        from zoneinfo import ZoneInfo

        try:
            return ZoneInfo(value)
        except (ValueError, OSError, KeyError):
            pass
    raise refuse("tz", "must be the name of a time zone, such as America/New_York, or a tzinfo")


def is_loopback(host: str) -> bool:
    """
    Whether a host is this machine.
    """
    if host in ("localhost", "localhost."):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
