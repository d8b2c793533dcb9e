"""What an editor offers for a client, by jedi as notebooks and many editors use it."""

from __future__ import annotations

from pathlib import Path

import jedi
import pytest

PROJECT = jedi.Project(Path(__file__).parents[2])


@pytest.mark.parametrize("front", ["Alive5", "AsyncAlive5"])
def test_the_families_are_offered(front: str) -> None:
    script = jedi.Script(f"import alive5\nclient = alive5.{front}()\nclient.", project=PROJECT)

    assert {"account", "conversations", "sms", "tags", "with_options"} <= {name.name for name in script.complete(3, 7)}


@pytest.mark.parametrize("front", ["Alive5", "AsyncAlive5"])
def test_arguments_are_shown(front: str) -> None:
    script = jedi.Script(f"from alive5 import {front}\n{front}().sms.send(", project=PROJECT)

    (signature,) = script.get_signatures()
    shown = [parameter.name for parameter in signature.params if parameter.name not in ("*", "")]
    ids = ["phone_number_from", "phone_number_to", "message", "channel_id", "user_id"]
    assert [*ids, "ledger", "key", "confirm"] == shown
