"""Which hosts the environment's NO_PROXY takes out: by name, port, wildcard and network."""

from __future__ import annotations

import pytest

from alive5._port.engine import load
from alive5._port.proxy import find_proxy
from alive5._sansio.origins import Origin

# What NO_PROXY says, a host, its port, and whether it is reached without the proxy.
RULES = [
    # as the standard library has it
    ("", "api.example.com", 443, False),
    ("*", "api.example.com", 443, True),
    ("example.com", "api.example.com", 443, True),
    ("example.com", "example.com", 443, True),
    (".example.com", "api.example.com", 443, True),
    ("EXAMPLE.com", "api.example.com", 443, True),
    ("ample.com", "api.example.com", 443, False),
    ("other.example, api.example.com ", "api.example.com", 443, True),
    ("10.1.2.3", "10.1.2.3", 443, True),
    # a port is part of the rule
    ("api.example.com:8443", "api.example.com", 8443, True),
    ("api.example.com:8443", "api.example.com", 443, False),
    ("example.com:443", "api.example.com", 443, True),
    ("10.1.2.3:443", "10.1.2.3", 443, True),
    ("[fd00::7]:443", "fd00::7", 443, True),
    ("[fd00::7]:8443", "fd00::7", 443, False),
    # a wildcard stands for at least one label
    ("*.example.com", "api.example.com", 443, True),
    ("*.example.com", "a.b.example.com", 443, True),
    ("*.EXAMPLE.com", "api.example.com", 443, True),
    ("*.example.com", "example.com", 443, False),
    ("*.example.com", "api.example.org", 443, False),
    ("*.example.com", "api.example.com.evil.test", 443, False),
    ("*.example.com:8443", "api.example.com", 8443, True),
    ("*.example.com:8443", "api.example.com", 443, False),
    ("localhost,*", "api.example.com", 443, True),
    # networks and addresses, as values and not as text
    ("10.0.0.0/8", "10.1.2.3", 443, True),
    ("10.1.2.3/8", "10.200.0.1", 443, True),
    ("10.0.0.0/8", "11.1.2.3", 443, False),
    ("10.0.0.0/8", "api.example.com", 443, False),
    ("fd00::/8", "fd12::1", 443, True),
    ("fd00::/8", "10.1.2.3", 443, False),
    ("fd00::7", "fd00::7", 443, True),
    ("[fd00::7]", "fd00::7", 443, True),
    ("fd00:0::7", "fd00::7", 443, True),
    # what is no rule takes nothing out
    ("10.0.0.0/99,/8,:443,[,],*:,,", "10.1.2.3", 443, False),
    ("https://api.example.com", "api.example.com", 443, False),
]


@pytest.mark.parametrize(("rule", "host", "port", "without"), RULES)
@pytest.mark.parametrize("variable", ["NO_PROXY", "no_proxy"])
def test_who_is_reached_without_the_proxy(
    monkeypatch: pytest.MonkeyPatch, variable: str, rule: str, host: str, port: int, without: bool
) -> None:
    for name in ("https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:3128")
    monkeypatch.setenv(variable, rule)
    assert without == (find_proxy(None, Origin("https", host, port, ""), load("httpx")) is None)


def test_an_argument_is_not_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    origin = Origin("https", "api.example.com", 443, "")
    assert find_proxy("http://127.0.0.1:3128", origin, load("httpx")) is not None
