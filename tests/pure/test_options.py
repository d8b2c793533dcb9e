"""Keys, base URLs, zones and time limits."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alive5 import ConfigurationError, Event, InvalidArgumentError, Timeout
from alive5._sansio.options import KEY_VARIABLE, LOG_VARIABLE, UNSET, Variables, hide, read_key, read_log, read_timeout
from alive5._sansio.origins import (
    DEFAULT_BASE_URL,
    DEFAULT_READ_URL,
    EDITION_VARIABLE,
    READ_URL_VARIABLE,
    URL_VARIABLE,
    Origin,
    choose_edition,
    is_loopback,
    read_edition,
    read_origins,
)
from alive5._sansio.redact import Secret


@pytest.mark.parametrize(
    ("given_key", "environ", "key"),
    [
        ("test_key_given", {KEY_VARIABLE: "test_key_environ"}, "test_key_given"),
        (UNSET, {KEY_VARIABLE: "test_key_environ"}, "test_key_environ"),
        ("k", {}, "k"),
        ("~" * 512, {}, "~" * 512),
        (Secret("test_key_hidden"), {}, "test_key_hidden"),
    ],
)
def test_a_key_is_the_argument_or_the_variable(given_key: Any, environ: dict[str, str], key: str) -> None:
    secret = read_key(given_key, environ, needed=True)
    assert secret is not None
    assert key == secret.reveal()


@pytest.mark.parametrize(
    ("said", "level"),
    [(None, None), ("", None), ("info", "info"), (" DEBUG ", "debug"), ("warning", "refused"), ("1", "refused")],
)
def test_the_log_is_info_or_debug(said: str | None, level: str | None) -> None:
    environ = {} if said is None else {LOG_VARIABLE: said}
    if level == "refused":
        with pytest.raises(ConfigurationError, match="info"):
            read_log(environ)
    else:
        assert level == read_log(environ)


@pytest.mark.parametrize("given_key", [None, "", 5, b"test_key_bytes", "a b", "a\n", "é", "k" * 513, "\x7f", "\x00"])
def test_a_key_given_badly_never_falls_back(given_key: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_key(given_key, {KEY_VARIABLE: "test_key_environ"}, needed=True)
    assert "test_key" not in str(caught.value)
    with pytest.raises(ConfigurationError):
        read_key(given_key, {}, needed=False)


@pytest.mark.parametrize("environ", [{}, {KEY_VARIABLE: ""}])
def test_no_key_is_an_error_where_one_is_needed(environ: dict[str, str]) -> None:
    assert read_key(UNSET, environ, needed=False) is None
    with pytest.raises(ConfigurationError, match=KEY_VARIABLE):
        read_key(UNSET, environ, needed=True)


def test_a_bad_key_in_the_environment_is_an_error() -> None:
    for needed in (True, False):
        with pytest.raises(ConfigurationError, match="printable ASCII"):
            read_key(UNSET, {KEY_VARIABLE: "test_key \n"}, needed=needed)


def test_nothing_shows_a_key_on_its_way() -> None:
    assert "test_key" not in repr((hide("test_key_1"), Variables({KEY_VARIABLE: "test_key_2"})))
    assert (None, UNSET) == (hide(None), hide(UNSET))
    assert (repr(UNSET), bool(UNSET)) == ("<unset>", False)


def read_base_url(url: Any, environ: dict[str, str]) -> Origin:
    return read_origins(url, None, environ).base


def read_origins_of_reads(url: Any, environ: dict[str, str]) -> Origin:
    return read_origins(None, url, environ).read


@pytest.mark.parametrize(
    ("url", "origin", "shown"),
    [
        (None, Origin("https", "api.alive5.com", 443, "/public/1.0"), DEFAULT_BASE_URL),
        ("https://API-v2.alive5.com/public/1.0/", Origin("https", "api-v2.alive5.com", 443, "/public/1.0"), None),
        ("https://h.example.com", Origin("https", "h.example.com", 443, ""), "https://h.example.com"),
        ("https://h.example.com:8443/a", Origin("https", "h.example.com", 8443, "/a"), "https://h.example.com:8443/a"),
        ("https://h.example.com:443/", Origin("https", "h.example.com", 443, ""), "https://h.example.com"),
        ("http://localhost:8765", Origin("http", "localhost", 8765, ""), "http://localhost:8765"),
        ("http://127.0.0.1", Origin("http", "127.0.0.1", 80, ""), "http://127.0.0.1"),
        ("http://[::1]:80/x", Origin("http", "::1", 80, "/x"), "http://[::1]/x"),
        ("https://[2001:db8::1]:8443", Origin("https", "2001:db8::1", 8443, ""), "https://[2001:db8::1]:8443"),
    ],
)
def test_base_urls(url: str | None, origin: Origin, shown: str | None) -> None:
    read = read_base_url(url, {})
    assert origin == read
    assert shown is None or shown == read.url
    assert read == read_base_url(read.url, {})
    # Reads go where all else goes, save from the service itself.
    assert (read_origins(url, None, {}).read == read) is (url is not None)


@pytest.mark.parametrize(
    ("base_url", "read_url", "environ", "base", "read"),
    [
        (None, None, {}, DEFAULT_BASE_URL, DEFAULT_READ_URL),
        (f"{DEFAULT_BASE_URL}/", None, {}, DEFAULT_BASE_URL, DEFAULT_READ_URL),
        ("https://h.example/1.0", None, {}, "https://h.example/1.0", "https://h.example/1.0"),
        (None, None, {URL_VARIABLE: "https://h.example/1.0"}, "https://h.example/1.0", "https://h.example/1.0"),
        (None, "https://r.example/1.0", {}, DEFAULT_BASE_URL, "https://r.example/1.0"),
        (None, None, {READ_URL_VARIABLE: "https://r.example/2.0/"}, DEFAULT_BASE_URL, "https://r.example/2.0"),
        (None, None, {READ_URL_VARIABLE: ""}, DEFAULT_BASE_URL, DEFAULT_READ_URL),
        (
            "https://h.example",
            "https://r.example/1.0",
            {READ_URL_VARIABLE: "https://other.example/1.0"},
            "https://h.example",
            "https://r.example/1.0",
        ),
    ],
)
def test_both_origins_of_a_client(
    base_url: str | None, read_url: str | None, environ: dict[str, str], base: str, read: str
) -> None:
    origins = read_origins(base_url, read_url, environ)
    assert (base, read) == (origins.base.url, origins.read.url)
    assert (origins.base, origins.read) == (origins.of("base"), origins.of("read"))


@pytest.mark.parametrize(
    "url", ["https://r.example", "https://r.example/1.0/x", "https://r.example/1", "https://r/v1.0"]
)
def test_a_url_of_reads_ends_in_a_version(url: str) -> None:
    for given_url, environ in ((url, {}), (None, {READ_URL_VARIABLE: url})):
        with pytest.raises(ConfigurationError, match="read_url must end in a version"):
            read_origins(None, given_url, environ)


@pytest.mark.parametrize("url", ["https://h.example", "https://h.example/public", "http://localhost:8000/"])
def test_a_base_url_without_a_version_has_no_current_edition(url: str) -> None:
    assert url.rstrip("/") == read_origins(url, None, {}).read.url
    with pytest.raises(ConfigurationError, match="base_url must end in a version"):
        read_origins(url, None, {}, edition="current")
    with pytest.raises(ConfigurationError, match="base_url must end in a version"):
        choose_edition("current", read_origins(url, None, {}))
    assert "documented" == choose_edition("documented", read_origins(url, None, {}))
    apart = read_origins(url, "https://r.example/1.0", {}, edition="current")
    assert "current" == choose_edition("current", apart)


def test_operations_of_another_version_replace_the_last_segment_alone() -> None:
    origin = read_origins("https://h.example/1.0/1.0", None, {}).base
    assert ("https://h.example/1.0/1.0", "https://h.example/1.0/2.0") == (origin.at(None), origin.at("2.0"))


def test_an_edition_is_the_argument_or_the_variable() -> None:
    environ = {EDITION_VARIABLE: "current"}
    assert (None, "current") == (read_edition(None, {}), read_edition(None, environ))
    assert ("documented", None) == (read_edition("documented", environ), read_edition(None, {EDITION_VARIABLE: ""}))


@pytest.mark.parametrize("edition", ["", "Current", "1.0", 5, b"current", ["current"]])
def test_other_editions_are_refused(edition: Any) -> None:
    origins = read_origins(None, None, {})
    for read in (lambda: read_edition(edition, {}), lambda: choose_edition(edition, origins)):
        with pytest.raises(InvalidArgumentError, match='edition must be "documented" or "current"') as caught:
            read()
        assert "edition" == caught.value.argument


def test_another_edition_in_the_environment_is_refused_by_its_name() -> None:
    with pytest.raises(ConfigurationError, match=f'{EDITION_VARIABLE} must be "documented" or "current"'):
        read_edition(None, {EDITION_VARIABLE: "newest"})


def test_a_base_url_is_the_argument_or_the_variable() -> None:
    environ = {URL_VARIABLE: "https://h.example.com"}
    assert read_base_url(None, environ).host == "h.example.com"
    assert read_base_url("https://other.example.com", environ).host == "other.example.com"
    assert read_base_url(None, {URL_VARIABLE: ""}).url == DEFAULT_BASE_URL


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.alive5.com",
        "//api.alive5.com",
        "https://",
        "https:///path",
        "http://api.alive5.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://0.0.0.0",
        "http://10.0.0.1",
        "ftp://localhost",
        "file:///etc/passwd",
        "https://user@api.alive5.com",
        "https://user:word@api.alive5.com",
        "https://api.alive5.com@evil.example.com",
        "https://api.alive5.com/?a=b",
        "https://api.alive5.com/#a",
        "https://api.alive5.com/../other",
        "https://api.alive5.com/./other",
        "https://api.alive5.com/%2e%2e",
        "https://api.alive5.com/a b",
        "https://api.alive5.com\r\nX-Header: 1",
        "https://api.alive5.com\\@evil.example.com",
        "https://api.alive5.com:99999",
        "https://api.alive5.com:port",
        "https://[::1",
        "https://[::1]evil",
        "https://[::1]evil.example.com:443/public/1.0",
        "https://[::1]:443evil",
        "http://[::1].example.com",
        "http://evil[::1]",
        "http://evil.example.com[::1]:80",
        "https://[evil.example.com]",
        "https://::1",
        "https://[::1]:443:443",
        "https://h.example.com:443:80",
        "https://\u0430pi.alive5.com",
        5,
        b"https://api.alive5.com",
    ],
)
def test_other_base_urls_are_refused(url: Any) -> None:
    for read, name in ((read_base_url, "base_url"), (read_origins_of_reads, "read_url")):
        with pytest.raises(ConfigurationError, match=name) as caught:
            read(url, {})
        assert "word" not in str(caught.value)


@given(st.text(alphabet="htps:/.[]@?#%\\ab1-_~0\n ", max_size=30))
def test_any_base_url_is_https_or_loopback(text: str) -> None:
    try:
        origin = read_base_url(text, {})
    except ConfigurationError:
        return
    assert origin.scheme == "https" or origin.is_loopback
    assert origin.host
    assert not {"@", "?", "#", "%", "\\"} & set(origin.url)


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("localhost.", True),
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("192.0.2.1", False),
        ("example.com", False),
        ("", False),
    ],
)
def test_what_this_machine_is(host: str, here: bool) -> None:
    assert here is is_loopback(host)


def test_time_limits() -> None:
    assert Timeout(total=60.0, connect=5.0, read=30.0) == Timeout()
    whole = Timeout(total=5)
    assert (whole, Timeout(total=7), Timeout(total=0.5)) == (read_timeout(whole), read_timeout(7), read_timeout(0.5))


@pytest.mark.parametrize("value", [0, -1, None, "60", True, float("nan"), 10**400])
def test_other_time_limits_are_refused(value: Any) -> None:
    with pytest.raises(InvalidArgumentError, match="timeout must be") as caught:
        read_timeout(value)
    assert caught.value.argument == "timeout"


def test_an_event_is_frozen() -> None:
    event = Event(
        operation="tags.list", attempt=1, status=200, code=None, seconds=0.1, outcome="accepted", retry_delay=None
    )
    with pytest.raises(AttributeError):
        event.attempt = 2  # type: ignore[misc]
