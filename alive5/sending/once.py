"""One text under a key: its intent is durable before it leaves, its fate is stored after."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

from .._core.caller import Caller
from .._json import codec as json
from .._port.off_loop import off_loop
from .._sansio import decode, endpoints
from .._sansio.events import Event
from .._sansio.validate import identifier, refuse
from ..errors import Alive5Error, LedgerError
from ..models import SentSms
from .confirm import Look, send_confirmed
from .confirm import checked as checked_confirm
from .ledger import Claim, Intent, Ledger
from .plan.states import Fate, fate_of

logger: logging.Logger = logging.getLogger("alive5")

# Seconds beyond the call's own deadline until a text whose end was not stored counts as unknown: the time of a commit
# on a slow disk.
_LEEWAY: Final = 30.0
# What is kept of an answer: ids, which name nobody.
_KEPT: Final = ("message_id", "message_status", "thread_id")


def checked(ledger: Any, key: Any) -> tuple[Ledger, str]:
    """
    Return ledger and key of a send, checked: neither goes without the other.
    """
    if ledger is None or key is None:
        missing, given = ("ledger", "key") if ledger is None else ("key", "ledger")
        raise refuse(missing, f"is needed with {given}: a key is remembered in a ledger", "sms.send")
    if not isinstance(ledger, Ledger):
        raise refuse("ledger", "must be an alive5.Ledger", "sms.send")
    return ledger, identifier("key", key)


async def send_with(caller: Caller, arguments: Mapping[str, Any], *, ledger: Any, key: Any, confirm: Any) -> SentSms:
    """
    Send a text once by its key, if it has one, and look for it when its outcome is unknown, if that is asked.
    """
    seconds = checked_confirm(confirm)
    look = None if seconds is None else Look(caller, arguments, seconds)
    if ledger is not None or key is not None:
        return await send_once(caller, arguments, *checked(ledger, key), look)
    return await send_confirmed(caller, arguments, look)


async def send_once(
    caller: Caller, arguments: Mapping[str, Any], ledger: Ledger, key: str, look: Look | None = None
) -> SentSms:
    """
    Send a text unless its key left before, and store its fate; *look* is made when that is unknown.
    """
    caller.check_ready("sms.send")
    blocking, events = caller.shared.blocking, list[Event]()
    intent = Intent(key, arguments["phone_number_to"], arguments["message"])
    claim, begun = Claim(), False
    try:
        await off_loop(blocking, ledger.begin, intent, claim, caller.timeout.total + _LEEWAY)
        if claim.result is not None:
            return remembered(claim.result)
        begun = True
        sent: SentSms = await caller.overheard(events.append).call(endpoints.SEND_SMS, arguments)
        await off_loop(blocking, _store, ledger, claim, "accepted", _kept(sent))
    except Alive5Error as error:
        await off_loop(blocking, _store, ledger, claim, error.outcome)
        found = None if look is None else await look.after(error)
        if found is None:
            raise
        await off_loop(blocking, _store, ledger, claim, "accepted", _kept(found))
        return found
    except BaseException as error:
        # Here and now: nothing can be awaited any more.
        claim.withdrawn = True
        at_a_wait = not blocking and not isinstance(error, _ANYWHERE)
        _store(ledger, claim, fate_of(events, at_a_wait=at_a_wait) if begun else "not_sent")
        raise
    return sent


# What may be raised between any two instructions; a cancellation is none of these.
_ANYWHERE: Final = (KeyboardInterrupt, SystemExit, Exception)


def _store(ledger: Ledger, claim: Claim, fate: Fate, result: str = "{}") -> None:
    """Store a fate; a disk that fails leaves it open, and so unknown, which must not hide what became of the text."""
    try:
        ledger.finish(claim, fate, result)
    except LedgerError:
        logger.warning("sms.send: the ledger could not store that it was %s: its key will be unknown", fate)


def _kept(sent: SentSms) -> str:
    values = {name: getattr(sent, name) for name in _KEPT}
    return json.document({name: value for name, value in values.items() if value is not None})


def remembered(result: str) -> SentSms:
    """
    Return what is known of a text that was accepted before.
    """
    sent: SentSms = decode.shape(SentSms, {**json.loads(result), "from_ledger": True})
    return sent
