"""Options of a client: key, base URL, time limits, zone, HTTP library."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Literal, cast, get_args, overload

import attrs

from ..errors import ConfigurationError, InvalidArgumentError
from .redact import Secret
from .retry import RetryPolicy
from .validate import positive, refuse

KEY_VARIABLE: Final = "ALIVE5_API_KEY"
ENGINE_VARIABLE: Final = "ALIVE5_ENGINE"
SANDBOX_VARIABLE: Final = "ALIVE5_SANDBOX"
LOG_VARIABLE: Final = "ALIVE5_LOG"
EngineName = Literal["httpx", "httpx2"]
_YES, _NO = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")
_KEY = re.compile(r"[\x21-\x7e]{1,512}")


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


class Variables(dict[str, str]):
    """Environment variables in a mapping that a traceback with locals does not show."""

    def __repr__(self) -> str:
        return "<variables>"


def hide(key: Any, source: str = "the argument api_key") -> Any:
    """
    Wrap a key as it comes in, so that no frame of a traceback with locals shows it.
    """
    if key is None or isinstance(key, (Unset, Secret)):
        return key
    return Secret(key if isinstance(key, str) else "", source)


def wants_sandbox(environ: Mapping[str, str]) -> bool:
    """
    Whether the environment asks for the embedded Alive5 in place of the service.
    """
    value = environ.get(SANDBOX_VARIABLE, "").strip().lower()
    if value not in (*_YES, *_NO):
        raise ConfigurationError(f"{SANDBOX_VARIABLE} must be 1 or 0")
    return value in _YES


def read_log(environ: Mapping[str, str]) -> str | None:
    """
    Return the level of the log the environment asks for, "info" or "debug"; None when it asks for none.
    """
    value = environ.get(LOG_VARIABLE, "").strip().lower()
    if value not in ("", "info", "debug"):
        raise ConfigurationError(f'{LOG_VARIABLE} must be "info" or "debug"')
    return value or None


@overload
def read_key(given: str | Secret | Unset | None, environ: Mapping[str, str], *, needed: Literal[True]) -> Secret: ...


@overload
def read_key(given: str | Secret | Unset | None, environ: Mapping[str, str], *, needed: bool) -> Secret | None: ...


def read_key(given: str | Secret | Unset | None, environ: Mapping[str, str], *, needed: bool) -> Secret | None:
    """
    Return the key: argument, then environment; an explicit None or "" is refused.

    Without any it is None, or an error when it is *needed*.
    """
    key = hide(environ.get(KEY_VARIABLE, ""), KEY_VARIABLE) if isinstance(given, Unset) else hide(given)
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


def check_choices(body_format: Any, retry: Any, on_event: Any) -> None:
    """
    Refuse what a client cannot be made with.
    """
    if body_format not in (None, "json", "multipart"):
        raise refuse("body_format", 'must be "json" or "multipart"')
    if not isinstance(retry, RetryPolicy):
        raise refuse("retry", "must be a RetryPolicy")
    if on_event is not None and not callable(on_event):
        raise refuse("on_event", "must be callable")
