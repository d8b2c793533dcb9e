"""Where the key may go: the base URL, and that of the current edition's reads."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import attrs

from ..errors import ConfigurationError
from .endpoint import EDITIONS, Edition
from .validate import refuse
from .wire import Host

DEFAULT_BASE_URL: Final = "https://api.alive5.com/public/1.0"
DEFAULT_READ_URL: Final = "https://api-v2.alive5.com/public/1.0"
URL_VARIABLE: Final = "ALIVE5_BASE_URL"
EDITION_VARIABLE: Final = "ALIVE5_EDITION"
READ_URL_VARIABLE: Final = "ALIVE5_READ_URL"
_VERSION = re.compile(r"/\d+\.\d+\Z", re.ASCII)
_URL_CHARACTERS = re.compile(r"[A-Za-z0-9:/._~\[\]-]+")
# urlsplit takes [::1]evil for [::1].
_HOST_AND_PORT = re.compile(r"(\[[^\[\]]+\]|[^\[\]:]+)(:[0-9]*)?")


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


def read_origins(
    base_url: str | None, read_url: str | None, environ: Mapping[str, str], *, edition: Edition = "documented"
) -> Origins:
    """
    Return both checked URLs: argument, then environment, then the service, or the base URL for reads, too.
    """
    chosen = base_url if base_url is not None else environ.get(URL_VARIABLE) or DEFAULT_BASE_URL
    base = _read_url("base_url", chosen)
    given = read_url if read_url is not None else environ.get(READ_URL_VARIABLE) or None
    if given is not None:
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


def choose_edition(edition: Edition | None, origins: Origins) -> Edition | None:
    """
    Check an edition chosen for a client that has its origins already.
    """
    chosen = read_edition(edition, {})
    check_version(origins, chosen)
    return chosen


def _read_url(name: str, value: Any) -> Origin:
    """Check a URL: https, or http on loopback; no userinfo, query or dots."""
    if not isinstance(value, str) or not _URL_CHARACTERS.fullmatch(value):
        raise ConfigurationError(f"{name} must be a plain URL without user, query or fragment")
    try:
        parts = urlsplit(value)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ConfigurationError(f"{name} is not a URL") from None
    if parts.scheme not in ("https", "http") or not host or not _HOST_AND_PORT.fullmatch(parts.netloc):
        raise ConfigurationError(f"{name} must start with https:// and name a host")
    if parts.scheme == "http" and not is_loopback(host):
        raise ConfigurationError(f"{name} must use https, except on loopback")
    if any(segment in (".", "..") for segment in parts.path.split("/")):
        raise ConfigurationError(f"{name} must not hold '.' or '..'")
    standard = 443 if parts.scheme == "https" else 80
    return Origin(parts.scheme, host, standard if port is None else port, parts.path.rstrip("/"))


def describe_redirect(location: str, origin: Origin, host: Host) -> str:
    """
    Return what a redirect, which is never followed, says of the URL of a host; *location* itself is not shown.
    """
    option = "read_url" if host == "read" else "base_url"
    try:
        there = urlsplit(location).hostname or origin.host if location else None
    except ValueError:
        there = None
    if there == origin.host:
        return f"a redirect to the same host, which is not followed: check {option}"
    place = "a redirect" if there is None else "a redirect to another host"
    return f"{place}, which is not followed: a portal or proxy answers in place of Alive5, or {option} is wrong"


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
