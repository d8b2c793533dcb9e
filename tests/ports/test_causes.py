"""What a failure to connect says: which host, why, and what to look at; nothing of the error's own text."""

from __future__ import annotations

import errno
import itertools
import socket
import ssl
import sys
from typing import Any

import httpcore
import httpx
import pytest
from support.exchanges import attempt, authority, client_context, read, server_context, write
from support.front import Front
from support.loopback import Loopback
from support.scripted import TEXT
from support.watch import CANARY, assert_no_key
from support.wire_server import WireServer

from alive5 import Call, Failure, NotSentError, RetryPolicy, errors
from alive5._port.causes import explain
from alive5._port.settings import PortSettings
from alive5._port.trace import ExchangeTrace
from alive5._sansio.origins import Origin

API = Origin("https", "api.alive5.com", 443, "/public/1.0")
HERE = Origin("http", "::1", 8080, "/x")
PERSONAL = f"{CANARY} +12025550123 https://u:p@h/?q=1"


def settings(origin: Origin = API, proxy: str | None = None) -> PortSettings:
    made = None if proxy is None else httpcore.Proxy(proxy, auth=("user", CANARY))
    return PortSettings(origin=origin, key=None, proxy=made)


def caused(*chain: BaseException) -> Any:
    for outer, inner in itertools.pairwise(chain):
        outer.__cause__ = inner
    return chain[0]


def certificate(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, PERSONAL)
    error.verify_code = code
    return error


def tls(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, PERSONAL)
    error.reason = reason
    return error


NAMELESS = "could not connect to api.alive5.com: no address is known for this name; check the network and base_url"
UNKNOWN_CA = (
    "is signed by nobody this machine trusts; where a proxy reads along, name its CA file in SSL_CERT_FILE,"
    " or pass ssl_context"
)


@pytest.mark.parametrize(
    ("kind", "inner", "sentence"),
    [
        ("connect", socket.gaierror(socket.EAI_NONAME, PERSONAL), NAMELESS),
        (
            "connect",
            socket.gaierror(socket.EAI_AGAIN, PERSONAL),
            "could not connect to api.alive5.com: its name could not be looked up; check the network and its DNS",
        ),
        (
            "connect",
            ConnectionRefusedError(errno.ECONNREFUSED, PERSONAL),
            "could not connect to api.alive5.com: the connection was refused; check base_url, and whether it runs",
        ),
        (
            "connect",
            OSError(errno.ENETUNREACH, PERSONAL),
            "could not connect to api.alive5.com: the network does not reach it; check the network and proxies",
        ),
        (
            "connect",
            ExceptionGroup("x", [OSError(errno.EHOSTUNREACH, "x"), ValueError()]),
            "could not connect to api.alive5.com: the network does not reach it; check the network and proxies",
        ),
        (
            "connect",
            OSError(errno.EMFILE, PERSONAL),
            "could not connect to api.alive5.com: this process has too many files open",
        ),
        (
            "connect",
            tls("WRONG_VERSION_NUMBER"),
            "could not connect to api.alive5.com: no TLS is spoken there; check base_url and proxies",
        ),
        (
            "connect",
            tls("UNEXPECTED_EOF_WHILE_READING"),
            "could not connect to api.alive5.com: the TLS handshake failed; check base_url and proxies",
        ),
        ("connect", ConnectionResetError(errno.ECONNRESET, PERSONAL), "could not connect to api.alive5.com"),
        ("connect", ValueError(PERSONAL), "could not connect to api.alive5.com"),
        ("connect_timeout", TimeoutError(PERSONAL), "connecting to api.alive5.com took too long"),
        (
            "certificate",
            certificate(10),
            "the certificate of api.alive5.com has expired; check the clock of this machine",
        ),
        (
            "certificate",
            certificate(9),
            "the certificate of api.alive5.com is not valid yet; check the clock of this machine",
        ),
        ("certificate", certificate(18), f"the certificate of api.alive5.com is self-signed and {UNKNOWN_CA}"),
        ("certificate", certificate(19), f"the certificate of api.alive5.com is self-signed and {UNKNOWN_CA}"),
        ("certificate", certificate(20), f"the certificate of api.alive5.com {UNKNOWN_CA}"),
        (
            "certificate",
            certificate(62),
            "the certificate of api.alive5.com is for another name; check base_url and proxies",
        ),
        (
            "certificate",
            certificate(64),
            "the certificate of api.alive5.com is for another name; check base_url and proxies",
        ),
        ("certificate", certificate(23), "the certificate of api.alive5.com is not valid (OpenSSL's code 23)"),
        ("read", ConnectionResetError(errno.ECONNRESET, PERSONAL), "plain"),
    ],
)
def test_the_sentence(kind: str, inner: BaseException, sentence: str) -> None:
    error = caused(httpx.ConnectError(PERSONAL), httpcore.ConnectError(PERSONAL), inner)
    said, cause = explain(kind, "plain", error, settings(), tunnel=False)
    assert sentence == said
    assert cause.startswith("httpx.ConnectError from httpcore.ConnectError from ")
    for text in (said, cause):
        assert not any(part in text for part in PERSONAL.split())


def test_the_cause_names_classes_and_numbers() -> None:
    error = caused(httpx.ConnectError("x"), OSError("all failed"), ConnectionRefusedError(errno.ECONNREFUSED, PERSONAL))
    assert "httpx.ConnectError from OSError from ConnectionRefusedError (ECONNREFUSED)" == cause_of(error)
    assert "ssl.SSLCertVerificationError (code 10)" == cause_of(certificate(10))
    assert "ssl.SSLError (WRONG_VERSION_NUMBER)" == cause_of(tls("WRONG_VERSION_NUMBER"))
    assert "ssl.SSLError" == cause_of(tls(PERSONAL))
    assert "socket.gaierror (EAI_NONAME)" == cause_of(socket.gaierror(socket.EAI_NONAME, PERSONAL))
    assert "OSError (errno 99999)" == cause_of(OSError(99999, PERSONAL))
    endless = ValueError()
    endless.__cause__ = endless
    assert " from ".join(["ValueError"] * 10) == cause_of(endless)


def cause_of(error: BaseException) -> str:
    return explain("connect", "", error, settings(), tunnel=False)[1]


@pytest.mark.parametrize(
    ("origin", "proxy", "tunnel", "place"),
    [
        (API, None, False, "api.alive5.com"),
        (HERE, None, False, "[::1]:8080"),
        (API, "http://proxy.example:3128", False, "the proxy proxy.example:3128"),
        (API, "http://proxy.example:3128", True, "api.alive5.com through the proxy proxy.example:3128"),
        (API, "socks5://proxy.example", False, "api.alive5.com through the proxy proxy.example:1080"),
        (API, "https://proxy.example", False, "the proxy proxy.example:443"),
    ],
)
def test_the_place(origin: Origin, proxy: str | None, tunnel: bool, place: str) -> None:
    said, _ = explain("connect", "", httpx.ConnectError("x"), settings(origin, proxy), tunnel=tunnel)
    assert f"could not connect to {place}" == said


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"407 {PERSONAL}", "refused with 407; give user and password in the proxy's URL"),
        (f"403 {PERSONAL}", "refused with 403; check proxy, HTTPS_PROXY and NO_PROXY"),
        (PERSONAL, "refused; check proxy, HTTPS_PROXY and NO_PROXY"),
    ],
)
def test_a_proxy_that_refuses(text: str, sentence: str) -> None:
    said, _ = explain("proxy", "", httpx.ProxyError(text), settings(API, "http://p.example:3128"), tunnel=True)
    assert f"the proxy p.example:3128 {sentence}" == said


def test_where_nothing_can_be_imported_any_more_the_plain_sentence_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process with too many open files cannot connect, and not read a module either."""
    monkeypatch.setitem(sys.modules, "alive5._port.causes", None)
    trace = ExchangeTrace(Call(operation="x", method="GET", path="/x"))
    plain = Failure(False, "connect", "could not connect")
    assert plain == trace.failure(httpx.ConnectError("x"), settings=settings())


def assert_ours(error: BaseException | None) -> None:
    """
    Check that nothing of the HTTP library and no key hangs on an error.
    """
    assert error is not None
    assert_no_key(error)
    cause = error.__cause__
    assert (errors.Cause, None, None) == (type(cause), cause.__cause__, cause.__context__)  # type: ignore[union-attr]
    assert error.__context__ is None


@pytest.mark.parametrize("scenario", [read, write])
def test_a_refused_connection_names_host_and_port(front: Front, scenario: Any) -> None:
    with WireServer() as server:
        url, port = server.url, server.port
    error = attempt(front, scenario, url, retry=RetryPolicy.none()).error
    assert f"could not connect to 127.0.0.1:{port}: the connection was refused" in str(error)
    assert str(error).endswith("; it never left")
    assert str(error) in repr(error)
    assert "ConnectionRefusedError (ECONNREFUSED)" in str(error.__cause__)
    assert_ours(error)


def test_a_name_nobody_knows(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*args: Any, **kwargs: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    options = {"base_url": "https://nowhere.invalid/public/1.0", "retry": RetryPolicy.none(), "proxy": None}
    error = front.fails(NotSentError, lambda client: client.sms.send(**TEXT), **options)
    assert "nowhere.invalid: no address is known for this name" in str(error)
    assert_ours(error)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("elsewhere.example", "is for another name; check base_url and proxies"), ("127.0.0.1", f"{UNKNOWN_CA}")],
)
def test_a_certificate_says_what_is_wrong(front: Front, name: str, sentence: str) -> None:
    trusted = client_context() if name != "127.0.0.1" else ssl.create_default_context()
    with Loopback(tls=server_context(name)) as server:
        error = attempt(front, read, server.url, ssl_context=trusted).error
    assert authority() is not None
    assert sentence in str(error)
    assert not error.worth_repeating
    assert_ours(error)
