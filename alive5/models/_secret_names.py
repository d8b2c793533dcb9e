"""The names of values nobody may see."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_NAMES: Final = re.compile(
    r"api.?key|token|password|secret|alivesecure_key|aliveopentoksession", re.IGNORECASE | re.ASCII | re.DOTALL
)
# More than all names the service was seen to use; names a server makes up must not fill the memory.
_REMEMBERED: Final = 4096
_LONGEST: Final = 256


@lru_cache(maxsize=_REMEMBERED)
def _is_secret(name: str) -> bool:
    return _NAMES.search(name) is not None


def is_secret_name(name: object) -> bool:
    """
    Whether what stands under a name is a secret.
    """
    if not isinstance(name, str):
        return False
    return _is_secret(name) if len(name) <= _LONGEST else _NAMES.search(name) is not None
