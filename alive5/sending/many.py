"""Many texts, one after the other, at a pace and outside of quiet hours."""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import AsyncIterable
from typing import Any, Final

import attrs

from .. import errors
from .._core.caller import Caller
from .._port.off_loop import off_loop
from ..models import SmsConversation
from .ledger import Intent, Planned
from .once import remembered, send_once
from .plan.results import SendingProgress, TextOutcome, TextResult
from .plan.schedule import Recipient, Schedule
from .prepare import DRY_ABOVE, Job, stopped_numbers

logger: logging.Logger = logging.getLogger("alive5")

# Seconds of one wait: a clock that was set, or a machine that slept, is seen after this long.
_NAP: Final = 60.0
# Seconds until a text that another process is sending is looked up again.
_POLL: Final = 1.0
# Texts in a row without a good answer that end the run: the service is ill, and each one more may become unknown.
_FAILURES_IN_A_ROW: Final = 10
_LOOK: Final = "an earlier run ended before its answer: look, then resolve the key in the ledger"
# What would refuse every other text, too.
_HOPELESS: Final = (
    errors.AuthenticationError,
    errors.PermissionDeniedError,
    errors.ConfigurationError,
    errors.ClientClosedError,
    errors.LedgerError,
)


class Texts:
    """The results of many texts, as they come; nothing is in flight between two of them."""

    def __init__(self, caller: Caller, job: Job, conversations: AsyncIterable[SmsConversation]) -> None:
        self._caller = caller
        self._job = job
        self._conversations = conversations
        self._schedule = Schedule(job.quiet, job.pace, caller.timeout.total)
        self._begun = False
        self._ready: deque[TextResult] = deque()
        self._elsewhere: list[Recipient] = []
        self._failures = 0
        self._failure: errors.Alive5Error | None = None
        self._total = self._parts = self._parts_done = 0
        self._outcomes: Counter[str] = Counter()

    def __aiter__(self) -> Texts:
        return self

    async def __anext__(self) -> TextResult:
        if not self._begun:
            await self._prepare()
            self._begun = True
        while not self._ready:
            if self._failure is not None:
                raise self._failure
            if not await self._advance():
                raise StopAsyncIteration
        result = self._ready.popleft()
        self._outcomes[result.outcome] += 1
        self._parts_done += result.parts if result.outcome != "skipped" else 0
        self._notify()
        return result

    async def _prepare(self) -> None:
        self._caller.check_ready("sms.send_many")
        job, blocking = self._job, self._caller.shared.blocking
        texts = await off_loop(blocking, job.recipients, self._schedule, job.ledger.now())
        stopped = await self._stopped()
        wanted = [one for one in texts if one.phone_number_to not in stopped]
        self._total, self._parts = len(texts), sum(one.parts for one in wanted)
        for one in texts:
            if one.phone_number_to in stopped:
                self._add(one, "skipped", "the last word from this number was STOP")
        if job.dry_run is True or (job.dry_run is None and len(wanted) > DRY_ABOVE):
            for one in wanted:
                self._add(one, "planned")
        else:
            await self._plan(wanted)
        self._notify()

    async def _stopped(self) -> set[str]:
        given = self._job.stopped
        return (
            set(given)
            if given is not None
            else await stopped_numbers(self._conversations, self._job.line["phone_number_from"])
        )

    async def _plan(self, texts: list[Recipient]) -> None:
        for one, known in await self._look_up(texts):
            if not self._is_known(one, known):
                self._schedule.add(one)

    async def _look_up(self, texts: list[Recipient]) -> list[tuple[Recipient, Planned]]:
        """Return texts with their keys and what the ledger knows of them."""
        intents = [Intent(one.key, one.phone_number_to, one.message, one.line) for one in texts]
        planned = await off_loop(self._caller.shared.blocking, self._job.ledger.plan, intents)
        return [(attrs.evolve(one, key=known.key), known) for one, known in zip(texts, planned, strict=True)]

    def _is_known(self, one: Recipient, known: Planned) -> bool:
        """Whether a text may not leave now; its result is added, or it is looked up again later."""
        if known.state == "accepted":
            self._add(one, "accepted", sent=remembered(known.result), from_ledger=True)
        elif known.state == "unknown":
            self._add(one, "unknown", _LOOK, from_ledger=True)
        elif known.state == "leaving":
            self._elsewhere.append(one)
        else:
            return False
        return True

    async def _advance(self) -> bool:
        """Send the next text, or wait a little for its turn; false when nothing is left."""
        ledger, schedule = self._job.ledger, self._schedule
        now = ledger.now()
        text = schedule.take(now)
        if text is not None:
            try:
                await self._take_turn(text)
            except BaseException:
                schedule.put_back(text)
                raise
            return True
        turn = schedule.next_turn(now)
        if turn is not None:
            self._notify(turn)
            await self._caller.port.sleep(min(turn - now, _NAP))
        elif self._elsewhere:
            await self._caller.port.sleep(_POLL)
            for one in self._elsewhere:
                schedule.add(one)
            self._elsewhere.clear()
        return turn is not None or schedule.next_turn(now) is not None

    async def _take_turn(self, text: Recipient) -> None:
        ((text, known),) = await self._look_up([text])
        if self._is_known(text, known):
            return  # by another process, which keeps the pace of the line
        ledger, schedule, blocking = self._job.ledger, self._schedule, self._caller.shared.blocking
        line, cost = self._job.line["phone_number_from"], schedule.cost(text.parts)
        slot = await off_loop(blocking, ledger.reserve, line, cost)
        while (left := slot - ledger.now()) > 0:
            await self._caller.port.sleep(min(left, _NAP))
        now = ledger.now()
        if schedule.allowed_from(text.zones, now) != now:
            schedule.put_back(text)
        else:
            await self._send(text)

    async def _send(self, text: Recipient) -> None:
        arguments = {**self._job.line, "phone_number_to": text.phone_number_to, "message": text.message}
        try:
            sent = await send_once(self._caller, arguments, self._job.ledger, text.key)
        except errors.KeyInUseError:
            self._elsewhere.append(text)
        except _HOPELESS:
            raise
        except errors.Alive5Error as error:
            failed = error.outcome != "rejected" or isinstance(error, errors.RateLimitError)
            self._failures = self._failures + 1 if failed else 0
            self._failure = error if self._failures >= _FAILURES_IN_A_ROW else None
            self._add(text, error.outcome, str(error))
        else:
            self._failures = 0
            self._add(text, "accepted", sent=sent, from_ledger="from_ledger" in sent.extra)

    def _add(self, text: Recipient, outcome: TextOutcome, reason: str = "", **more: Any) -> None:
        self._ready.append(
            TextResult(
                line=text.line,
                phone_number_to=text.phone_number_to,
                outcome=outcome,
                reason=reason,
                parts=text.parts,
                key=text.key,
                **more,
            )
        )

    def _notify(self, waiting_until: float | None = None) -> None:
        if self._job.progress is None:
            return
        done = SendingProgress(
            done=self._outcomes.total(),
            total=self._total,
            parts_done=self._parts_done,
            parts=self._parts,
            outcomes=dict(self._outcomes),
            eta_seconds=self._schedule.seconds_left(self._job.ledger.now()),
            waiting_until=waiting_until,
        )
        try:
            self._job.progress(done)
        except Exception as error:  # noqa: BLE001 - a callback must not end a run
            logger.error("progress raised %s", type(error).__name__)  # its text may be personal
