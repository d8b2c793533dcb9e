"""
Why an exchange failed: the host, the cause and where to look, in words that hold nothing of an error's own text.

Imported when something failed. What is read of an error are its class, its
numbers, and words of OpenSSL; its text may repeat what was sent.
"""

from __future__ import annotations

import errno
import re
import socket
import ssl
from collections.abc import Iterator
from typing import Final

from .settings import PortSettings

_TRUST: Final = (
    "is signed by nobody this machine trusts; where a proxy reads along, name its CA file in SSL_CERT_FILE,"
    " or pass ssl_context"
)
_SELF_SIGNED: Final = f"is self-signed and {_TRUST}"
_OTHER_NAME: Final = "is for another name; check base_url and proxies"
_CLOCK: Final = "check the clock of this machine"
# By the codes of OpenSSL, in its x509_vfy.h.
_CERTIFICATES: Final = {
    9: f"is not valid yet; {_CLOCK}",
    10: f"has expired; {_CLOCK}",
    18: _SELF_SIGNED,
    19: _SELF_SIGNED,
    20: _TRUST,
    62: _OTHER_NAME,
    64: _OTHER_NAME,
}
_UNREACHED: Final = "the network does not reach it; check the network and proxies"
_NUMBERS: Final = {
    errno.ECONNREFUSED: "the connection was refused; check base_url, and whether it runs",
    errno.ENETUNREACH: _UNREACHED,
    errno.EHOSTUNREACH: _UNREACHED,
    errno.ENETDOWN: _UNREACHED,
    errno.EMFILE: "this process has too many files open",
}
_LOOK_UPS: Final = {getattr(socket, name): name for name in dir(socket) if name.startswith("EAI_")}
_PORTS: Final = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
_REASON = re.compile(r"[A-Z0-9_]{1,64}", re.ASCII)
_STATUS = re.compile(r"[1-5]\d\d\b", re.ASCII)
# As deep as a certificate's error is looked for.
_DEPTH: Final = 10


def explain(kind: str, plain: str, error: BaseException, settings: PortSettings, *, tunnel: bool) -> tuple[str, str]:
    """
    Return the sentence of a failure, and what raised it; *tunnel* is whether a proxy was asked for one.
    """
    chain = list(_chain(error))
    cause = " from ".join(map(_described, chain))
    place = _place(settings, tunnel)
    if kind == "proxy" and settings.proxy is not None:
        return _refused_by_proxy(settings, chain[0]), cause
    if kind == "connect_timeout":
        return f"connecting to {place} took too long", cause
    if kind == "certificate":
        return f"the certificate of {place} {_of_certificate(chain)}", cause
    if kind == "connect":
        why = next((why for each in chain if (why := _why(each))), "")
        return f"could not connect to {place}" + (f": {why}" if why else ""), cause
    return plain, cause


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(_DEPTH):
        if error is None:
            return
        yield error
        grouped = getattr(error, "exceptions", None)
        error = grouped[0] if grouped else error.__cause__ or error.__context__


def _described(error: BaseException) -> str:
    family = type(error)
    module = family.__module__.partition(".")[0].lstrip("_")
    name = family.__name__ if module == "builtins" else f"{module}.{family.__name__}"
    detail = _detail(error)
    return f"{name} ({detail})" if detail else name


def _detail(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"code {getattr(error, 'verify_code', 0)}"
    if isinstance(error, ssl.SSLError):
        reason = getattr(error, "reason", None)
        return reason if isinstance(reason, str) and _REASON.fullmatch(reason) else ""
    if not isinstance(error, OSError) or error.errno is None:
        return ""
    names = _LOOK_UPS if isinstance(error, socket.gaierror) else errno.errorcode
    return names.get(error.errno, f"errno {error.errno}")


def _why(error: BaseException) -> str:
    if isinstance(error, socket.gaierror):
        if error.errno == socket.EAI_AGAIN:
            return "its name could not be looked up; check the network and its DNS"
        return "no address is known for this name; check the network and base_url"
    if isinstance(error, ssl.SSLError):
        wrong = getattr(error, "reason", "") in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE")
        return f"{'no TLS is spoken there' if wrong else 'the TLS handshake failed'}; check base_url and proxies"
    return _NUMBERS.get(error.errno or 0, "") if isinstance(error, OSError) else ""


def _of_certificate(chain: list[BaseException]) -> str:
    code = next(
        (getattr(each, "verify_code", 0) for each in chain if isinstance(each, ssl.SSLCertVerificationError)), 0
    )
    return _CERTIFICATES.get(code, f"is not valid (OpenSSL's code {code})")


def _refused_by_proxy(settings: PortSettings, error: BaseException) -> str:
    status = _STATUS.match(str(error))
    code = f" with {status[0]}" if status else ""
    if code.endswith("407"):
        hint = "give user and password in the proxy's URL"
    else:
        hint = "check proxy, HTTPS_PROXY and NO_PROXY"
    return f"{_proxy(settings)} refused{code}; {hint}"


def _place(settings: PortSettings, tunnel: bool) -> str:
    origin = settings.origin
    standard = origin.port == _PORTS[origin.scheme]
    host = f"[{origin.host}]" if ":" in origin.host else origin.host
    place = host if standard else f"{host}:{origin.port}"
    if settings.proxy is None:
        return place
    # A SOCKS proxy is asked for a tunnel without a trace.
    if tunnel or settings.proxy.url.scheme.startswith(b"socks"):
        return f"{place} through {_proxy(settings)}"
    return _proxy(settings)


def _proxy(settings: PortSettings) -> str:
    url = settings.proxy.url
    return f"the proxy {url.host.decode('ascii', 'replace')}:{url.port or _PORTS.get(url.scheme.decode(), 0)}"
