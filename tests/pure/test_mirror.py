"""The generator of the blocking front: what it writes, and what it refuses to guess."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import alive5
from alive5 import _mirror
from alive5._mirror import Mirror, MirrorError, main

PAGES = '''
from .._caller import Caller
from ..models.listing import Listed


class AsyncPages(Generic[C]):
    """
    A listing: ``async for`` gives its rows.
    """

    def __init__(self, listing: Listing[C]) -> None:
        self._listing = listing
'''
RESOURCE = '''
from collections.abc import Sequence
from ..models import Tag
from ._base import AsyncResource


class AsyncTags(AsyncResource):
    """Labels."""

    async def create(self, *, name: str) -> Tag:
        """
        Create a tag.
        """
        return await self._caller.call(name)
'''
NESTED = '''

class AsyncNested(AsyncResource):
    """Families."""

    tags: AsyncTags

    def __init__(self, caller: Caller) -> None:
        super().__init__(caller)
        self.tags = AsyncTags(caller)
'''
CLIENT = '''
from ._options import Timeout


class AsyncAlive5:
    """
    The Alive5 API for asyncio and trio.

    One client serves a whole program: many tasks, several loops one after the other, and forked
    children.
    """

    tags: AsyncTags

    def __init__(self, api_key: str, *, timeout: Timeout = Timeout()) -> None:
        pass

    async def aclose(self) -> None:
        """
        Close.
        """
'''


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """
    A small package to mirror.
    """
    (tmp_path / "resources").mkdir()
    (tmp_path / "_core").mkdir()
    for name, text in {"_core/pages.py": PAGES, "resources/tags.py": RESOURCE, "client.py": CLIENT}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(_mirror, "HERE", tmp_path)
    monkeypatch.setattr(_mirror, "TARGET", tmp_path / "_facade.py")
    monkeypatch.setattr(_mirror, "SOURCES", ("_core/pages.py", "resources/tags.py", "client.py"))
    monkeypatch.setattr(
        _mirror,
        "FIXED",
        {**_mirror.FIXED, "Generic": "typing", "TypeVar": "typing", "hide": "._options"},
    )
    return tmp_path


def add(sources: Path, source: str, text: str) -> None:
    path = sources / source
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_each_method_becomes_one_line(sources: Path) -> None:
    text = Mirror().text()
    compile(text, "_facade.py", "exec")
    assert "        return step(self._core.create(name=name))\n" in text
    assert "    def close(self) -> None:\n" in text
    assert "        step(self._core.aclose())\n" in text
    assert '    """A listing: ``for`` gives its rows."""\n' in text
    assert "class Alive5(NeedsWith):\n" in text
    assert "from . import models\n" in text
    assert "    def create(self, *, name: str) -> models.Tag:\n" in text
    assert (
        "if TYPE_CHECKING:\n    from ._core.pages import AsyncPages\n    from .models.listing import Listed\n" in text
    )
    assert "async " not in text.replace("the asynchronous", "")


def test_the_packages_own_front_is_current() -> None:
    assert Mirror().text() == _mirror.TARGET.read_text(encoding="utf-8")
    command = [sys.executable, "-m", "alive5._mirror", "--check"]
    assert 0 == subprocess.run(command, timeout=60, check=False, cwd=Path(alive5.__file__).parents[1]).returncode


def test_long_lists_are_wrapped(sources: Path) -> None:
    parameters = ", ".join(f"parameter_number_{n}: str" for n in range(6))
    add(
        sources,
        "resources/tags.py",
        f'\n    async def more(self, *, {parameters}) -> Tag:\n        """\n        More.\n        """\n',
    )
    text = Mirror().text()
    assert "    def more(\n        self,\n        *,\n        parameter_number_0: str,\n" in text


def test_a_family_may_hold_families(sources: Path) -> None:
    add(sources, "resources/tags.py", NESTED)
    text = Mirror().text()
    compile(text, "_facade.py", "exec")
    lines = ("    tags: Tags", "    def __init__(self, core: AsyncNested) -> None:", "        self._core = core")
    assert "\n".join(("", lines[0], "", *lines[1:], "        self.tags = Tags(core.tags)", "")) in text


def test_it_writes_and_compares_the_whole_file(sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 1
    assert "run python -m alive5._mirror" in capsys.readouterr().out
    assert (main([]), main(["--check"]), capsys.readouterr().out) == (0, 0, "")
    add(sources, "_facade.py", "\n")
    assert main(["--check"]) == 1


@pytest.mark.parametrize(
    ("method", "why"),
    [
        ("    async def odd(self, *names: str) -> Tag:\n", r"odd takes \*args"),
        ("    async def odd(self, **names: str) -> Tag:\n", r"odd takes \*args"),
        ("    async def odd(self, name: str, /) -> Tag:\n", r"odd takes \*args"),
        ("    async def odd(self):\n", "no annotation"),
        ("    def odd(self) -> int:\n", "odd is not asynchronous and gives int"),
        ("    @cache\n    async def odd(self) -> Tag:\n", "odd is decorated with cache"),
        ("    async def odd(self) -> Unheard:\n", "nothing imports Unheard"),
        ("    async def odd(self) -> AsyncUnheard:\n", "nothing imports AsyncUnheard"),
    ],
)
def test_what_is_not_understood_is_an_error(method: str, why: str, sources: Path) -> None:
    add(sources, "resources/tags.py", f'\n{method}        """\n        Odd.\n        """\n')
    with pytest.raises(MirrorError, match=why):
        Mirror().text()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("\n    async def odd(self) -> Tag:\n        return None\n", "odd has no docstring"),
        ("\n    odd = 5\n", "AsyncTags holds odd = 5"),
        ("\n\nclass AsyncOdd:\n    pass\n", "AsyncOdd has no docstring"),
    ],
)
def test_what_is_not_said_is_an_error(text: str, why: str, sources: Path) -> None:
    add(sources, "resources/tags.py", text)
    with pytest.raises(MirrorError, match=why):
        Mirror().text()


def test_a_rule_nobody_needs_is_an_error(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_mirror, "WORDS", {**_mirror.WORDS, "nowhere": "anywhere"})
    with pytest.raises(MirrorError, match="nowhere"):
        Mirror().text()


def test_dunders_need_no_docstring_and_private_methods_stay(sources: Path) -> None:
    add(
        sources,
        "client.py",
        "\n    def __repr__(self) -> str:\n        return ''\n\n    def __del__(self) -> None:\n        pass\n",
    )
    add(sources, "client.py", "\n    def _hidden(self, *anything) -> None:\n        pass\n")
    text = Mirror().text()
    assert "def __repr__(self) -> str:" in text
    assert "__del__" not in text
    assert "_hidden" not in text
