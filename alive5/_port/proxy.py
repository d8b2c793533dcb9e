"""Which proxy is asked for an origin: the argument's, the environment's, or none."""

from __future__ import annotations

import urllib.request
from fnmatch import fnmatchcase
from importlib.util import find_spec
from ipaddress import ip_address, ip_network
from typing import Any

from .._sansio.origins import Origin
from ..errors import ConfigurationError
from .engine import Engine


def find_proxy(given: str | None, origin: Origin, engine: Engine) -> Any:
    """
    Return the proxy: the argument, else the environment's, none for this machine.
    """
    if origin.is_loopback:
        return None
    url = given or _from_environment(origin)
    if not url:
        return None
    try:
        proxy: Any = engine.http.Proxy(url if "://" in url else f"http://{url}")
    except (ValueError, TypeError, engine.http.InvalidURL):
        proxy = None
    if proxy is None or not proxy.url.host:
        raise ConfigurationError("proxy must be a URL such as http://proxy.example:3128")
    if proxy.url.scheme.startswith("socks") and find_spec("socksio") is None:
        raise ConfigurationError('a SOCKS proxy needs an extra: python -m pip install "alive5[socks]"')
    return engine.core.Proxy(str(proxy.url), auth=proxy.raw_auth)


def _from_environment(origin: Origin) -> str | None:
    proxies = urllib.request.getproxies()
    url = proxies.get(origin.scheme) or proxies.get("all")
    return url if url and not _is_taken_out(origin) else None


def _is_taken_out(origin: Origin) -> bool:
    """Whether NO_PROXY names the host: by the standard library's rules, and by those of curl and Go it lacks."""
    address = f"[{origin.host}]:{origin.port}" if ":" in origin.host else f"{origin.host}:{origin.port}"
    if urllib.request.proxy_bypass(address):
        return True
    rules = urllib.request.getproxies_environment().get("no", "").lower().split(",")
    return any(_covers(rule.strip(), origin.host, address) for rule in rules)


def _covers(rule: str, host: str, address: str) -> bool:
    """Whether a rule with a wildcard, as in ``*.example.com``, or a network, as in ``10.0.0.0/8``, covers a host."""
    if rule.startswith("*"):
        return fnmatchcase(host, rule) or fnmatchcase(address, rule)
    try:
        return ip_address(host) in ip_network(rule.strip("[]"), strict=False)
    except ValueError:
        return False
