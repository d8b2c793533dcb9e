"""Examples are imported by their name, as a user's program is, in an empty directory of their own."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from types import ModuleType

import pytest

from alive5.sandbox import Sandbox

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], ModuleType]]:
    """
    Import an example; it is forgotten afterwards.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(EXAMPLES)
    loaded: list[str] = []

    def load(name: str) -> ModuleType:
        loaded.append(name)
        return importlib.import_module(name)

    yield load
    for name in loaded:
        sys.modules.pop(name).__dict__.clear()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(livechat=60, sms=20, fbm=10, now=datetime(2026, 3, 31, tzinfo=timezone.utc)).patch() as sandbox:
        yield sandbox
