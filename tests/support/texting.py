"""Many texts on a virtual clock, and as a process that is killed."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs

from alive5 import Alive5, Ledger
from alive5.export.disk.files import Disk
from support.front import Front
from support.scripted import ScriptedPort


@attrs.frozen
class Ids:
    """The ids of a line, as of a sender."""

    phone_number_from: str = "+12025550100"
    channel_id: str = "channel-line-1"
    user_id: str = "agent-maria"


LINE = Ids()


class Failing(Disk):
    """A disk whose n-th operation fails."""

    def __init__(self, number: int, code: int) -> None:
        super().__init__(self.fail)
        self.number, self.code = number, code

    def fail(self, number: int, name: str, path: Path) -> None:
        if number == self.number:
            raise OSError(self.code, "a failure of the test", str(path))


def clock_of(port: ScriptedPort, start: datetime) -> Any:
    """
    Return the time of day that goes with a port's virtual clock.
    """
    first, began = start.timestamp(), port.time
    return lambda: first + port.time - began


def people(count: int, area: str = "1202555") -> list[dict[str, str]]:
    return [{"phone_number": f"+{area}{number:04d}", "first_name": f"Person {number}"} for number in range(count)]


def run(front: Front, port: ScriptedPort, rows: Iterable[Any], **options: Any) -> list[Any]:
    """
    Send many texts and return the results.
    """
    given: dict[str, Any] = {"sender": LINE, "stopped": (), "template": "Hi {first_name}", **options}

    async def body(client: Any) -> list[Any]:
        return [result async for result in client.sms.send_many(rows, **given)]

    return front.run(body, port=port)


def main(url: str, ledger: str, log: str, rows: list[dict[str, str]]) -> None:
    """
    Send many texts as fast as they go; each result is a line of the log.
    """
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with Alive5("test_key_texts", base_url=url) as client:
        for result in client.sms.send_many(
            rows,
            sender=LINE,
            ledger=Ledger(ledger),
            pace=6_000,
            quiet_hours=None,
            dry_run=False,
            stopped=(),
        ):
            os.write(descriptor, (json.dumps([result.key, result.outcome]) + "\n").encode())


if __name__ == "__main__":
    main(*sys.argv[1:4], rows=json.loads(Path(sys.argv[4]).read_text()))
