"""Which account an export is of: keys are rotated, the organisation and the address behind them stay."""

from __future__ import annotations

from .. import errors
from .._core.caller import Caller
from .._sansio.endpoints import GET_ACCOUNT
from .plan.job import SANDBOX, Job, account_name, fingerprint, is_sandbox
from .plan.request import Request
from .state.read_only_store import ReadOnlyStore


async def account_of(caller: Caller, store: ReadOnlyStore | None) -> str:
    """
    Return the account of a caller's key; asked for unless the directory knows the key.

    A host that does not say it leaves the key itself.

    :raises AuthenticationError: when the key is wrong.
    """
    if is_sandbox(caller.port):
        return SANDBOX
    key = key_of(caller)
    spec = None if store is None else store.bound_job()
    if store is not None and spec is not None:
        there = Job.read(spec).account
        if there == SANDBOX:
            return key  # which is refused, whatever the host would say
        if store.facts("").get("key") == key:
            return there
    try:
        found = await caller.call(GET_ACCOUNT, {})
    except (errors.NotFoundError, errors.BadRequestError, errors.PermissionDeniedError, errors.ResponseError):
        return key
    return account_name(found.org_name, found.email) or key


def key_of(caller: Caller) -> str:
    """
    Return what a directory remembers of a caller's key, which does not reveal it.
    """
    return fingerprint(caller.shared.key, sandbox=is_sandbox(caller.port))


def settled(request: Request, store: ReadOnlyStore | None, account: str, caller: Caller) -> Job:
    """
    Return the job to run in a directory, for the account it may go on with.

    Older versions bound a directory to the key, which has to be the same one
    still, unless the user says that it is the same account.

    :raises OtherJobError: when the directory holds another job.
    """
    spec = None if store is None else store.bound_job()
    stored = None if spec is None else Job.read(spec)
    if stored is not None and SANDBOX not in (account, stored.account):
        may = request.same_account or stored.account == key_of(caller)
        stored = stored.of(account) if may else stored
    return request.settle(stored, account, caller.tz)
