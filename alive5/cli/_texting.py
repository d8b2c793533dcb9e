"""One run of many texts: a count that sends nothing, a yes, the texts, and a file of what became of them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs

from ..errors import ConfigurationError, OutcomeUnknownError
from ._exits import ExitCode, Terminated
from ._people import Results, Row, results_to
from ._session import Session
from ._stoppable import run_stoppable
from ._writes import confirm

if TYPE_CHECKING:
    from .. import AsyncAlive5, Ledger, SendingProgress, TextResult
    from ..sending.sender import Line

WHO_WRITES: Final = "who writes? pass --line, or --from, --channel-id and --user-id"
# Seconds between two lines of progress: often enough to see that it goes on.
_EVERY: Final = 5.0


@attrs.frozen
class Ids:
    """The ids of a line, as they were given."""

    phone_number_from: str
    channel_id: str
    user_id: str


def read_ids(line: str | None, *given: str | None) -> Ids | None:
    """
    Return the ids of the line to write from; None when it is named, and has to be looked up.
    """
    ids = [one for one in given if one is not None]
    if (line is None) == (not ids) or (ids and len(ids) < len(given)):
        raise ConfigurationError(WHO_WRITES)
    return Ids(*ids) if ids else None


@attrs.define
class Run:
    """One run of the command: a count that sends nothing, then the texts."""

    session: Session
    rows: list[Row]
    ledger: Ledger = attrs.field(kw_only=True)
    results: Path = attrs.field(kw_only=True)
    line: dict[str, Any] = attrs.field(kw_only=True)
    ids: Ids | None = attrs.field(kw_only=True)
    options: dict[str, Any] = attrs.field(kw_only=True)
    counts: Counter[str] = attrs.field(factory=Counter, init=False)
    _said: float = attrs.field(default=0.0, init=False)
    _until: float | None = attrs.field(default=None, init=False)

    def go(self, *, dry_run: bool, yes: bool) -> int:
        """
        Count, ask where nobody said yes, send, and return the exit code.
        """
        sender, planned = run_stoppable(self.session, self._count)
        self._show_bill(planned)
        wanted = sum(result.outcome == "planned" for result in planned)
        if dry_run or (wanted > _dry_above() and not yes):
            self._conclude(dry_run=True)
            self.session.out.say("dry run: nothing was sent; --yes sends them")
            return ExitCode.DONE
        if not yes and not self.session.sandbox:
            confirm(self.session, f"Send these {wanted:,} texts?")
        stopped = [result.phone_number_to for result in planned if result.outcome == "skipped"]
        self.counts.clear()
        with results_to(self.results) as file:
            self._send(sender, stopped, file)
        self._conclude(dry_run=False)
        return self._code()

    def _send(self, sender: Line, stopped: Collection[str], file: Results) -> None:
        async def main() -> None:
            async with self.session.async_client(self.session.note, connections=1) as client:
                async for result in self._texts(client, sender, dry_run=False, stopped=stopped, progress=self._tell):
                    self.counts[result.outcome] += 1
                    file.add(result)

        try:
            run_stoppable(self.session, main)
        except (KeyboardInterrupt, Terminated):
            self.session.out.say("stopping: the same command goes on from here")
            if self.ledger.unknown():
                raise OutcomeUnknownError(
                    "interrupted after a text left; it may have been sent, look before resolving it",
                    operation="sms.send_many",
                ) from None
            raise

    async def _count(self) -> tuple[Line, list[TextResult]]:
        async with self.session.async_client(self.session.note, connections=1) as client:
            sender = self.ids or await client.sms.sender(**self.line)
            planned = [result async for result in self._texts(client, sender, dry_run=True)]
        self.counts.update(result.outcome for result in planned)
        return sender, planned

    def _texts(self, client: AsyncAlive5, sender: Line, **more: Any) -> Any:
        return client.sms.send_many(self.rows, sender=sender, ledger=self.ledger, **self.options, **more)

    def _show_bill(self, planned: list[TextResult]) -> None:
        parts = sum(result.parts for result in planned if result.outcome == "planned")
        texts = sum(result.outcome == "planned" for result in planned)
        self.session.out.say(f"{texts:,} texts, {parts:,} parts, {parts:,} credits")
        skipped = [str(result.line) for result in planned if result.outcome == "skipped"]
        if skipped:
            self.session.out.say(f"skipped, since their last word was STOP: lines {', '.join(skipped)}")

    def _tell(self, progress: SendingProgress) -> None:
        now, until = time.monotonic(), progress.waiting_until
        # A night is one line.
        if (now - self._said < _EVERY and progress.done < progress.total) or (until and until == self._until):
            return
        self._said, self._until = now, until
        hours, minutes = divmod(round(progress.eta_seconds / 60), 60)
        text = f"{progress.done:,} of {progress.total:,}, {hours} h {minutes:02} min left"
        if until is not None:
            clock = datetime.fromtimestamp(until, self.session.zone or timezone.utc)
            text += f", quiet hours until {clock:%H:%M %Z}"
        self.session.out.say(text)

    def _conclude(self, *, dry_run: bool) -> None:
        results = None if dry_run else str(self.results)
        if self.session.json:
            data = {"outcomes": dict(self.counts), "results": results}
            self.session.document("sms.send_many", data, dry_run=dry_run)
        elif not dry_run:
            self.session.out.text(", ".join(f"{count:,} {outcome}" for outcome, count in self.counts.items()))
            self.session.out.text(f"results: {results}")

    def _code(self) -> ExitCode:
        order = (("unknown", ExitCode.UNKNOWN), ("not_sent", ExitCode.RESUMABLE), ("rejected", ExitCode.FAILED))
        return next((code for outcome, code in order if self.counts[outcome]), ExitCode.DONE)


def _dry_above() -> int:
    from ..sending.prepare import DRY_ABOVE

    return DRY_ABOVE
