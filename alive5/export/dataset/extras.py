"""Optional packages, imported when they are first needed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ..._lazy import importing
from ...errors import ConfigurationError


def need(module: str, extra: str) -> Any:
    """
    Return a package of an extra, imported; without it the error says how to install it.
    """
    try:
        with importing():
            return import_module(module)
    except ImportError:
        package = module.partition(".")[0]
        raise ConfigurationError(f"this needs {package}: pip install 'alive5[{extra}]'") from None
