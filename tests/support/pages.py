"""The code blocks of a page."""

from __future__ import annotations

import re
from pathlib import Path


def blocks(page: Path, language: str) -> list[str]:
    """
    Return the code blocks of a language, in their order.
    """
    text = page.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def python_blocks(page: Path) -> list[str]:
    """
    Return the Python blocks of a page.
    """
    return blocks(page, "python")
