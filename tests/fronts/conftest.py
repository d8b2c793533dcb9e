"""What the behaviour tests share."""

from __future__ import annotations

from types import SimpleNamespace

import pytest


@pytest.fixture
def half_jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Make every backoff half of its most: 0.25, 0.5, 1, 2 seconds and so on.
    """
    monkeypatch.setattr("alive5._core.caller.random", SimpleNamespace(random=lambda: 0.5))
