"""``AsyncAlive5``: construction, life cycle and the free call."""

from __future__ import annotations

import os
import ssl
import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from ._core.attempt import Shared
from ._core.caller import Caller
from ._lazy import importing
from ._opening import open_port
from ._port.protocol import Port
from ._sansio import options, validate
from ._sansio.endpoint import Edition
from ._sansio.events import Event
from ._sansio.options import UNSET, EngineName, Timeout, Unset, hide
from ._sansio.origins import choose_edition, read_edition, read_origins
from ._sansio.raw_call import read_raw
from ._sansio.retry import Budget, RetryPolicy
from ._sansio.step import NeedsAsyncWith
from ._sansio.wire import BodyFormat
from .resources import (
    FAMILIES,
    AsyncAccounts,
    AsyncAgents,
    AsyncBotchains,
    AsyncChannels,
    AsyncContacts,
    AsyncConversations,
    AsyncFaq,
    AsyncReports,
    AsyncSms,
    AsyncTags,
    AsyncUsers,
    AsyncWebhooks,
    AsyncWidgets,
)

if TYPE_CHECKING:
    from .export.report import ExportProgress, ExportReport


class AsyncAlive5(NeedsAsyncWith):
    """
    The Alive5 API for asyncio and trio.

    One client serves a whole program: many tasks, several loops one after the other, and forked
    children. ``api_key`` defaults to ``ALIVE5_API_KEY``, which may be set until the first call,
    ``base_url`` to ``ALIVE5_BASE_URL`` and then to the service. ``edition`` is "documented" or
    "current", by default that of ``ALIVE5_EDITION``, else documented; the current one reads from
    ``read_url``. Plain dates are days of ``tz``; ``timeout`` is a ``Timeout`` or its total in
    seconds; ``on_event`` gets an ``Event`` for each attempt. ``engine`` is "httpx" or "httpx2".
    """

    _front: ClassVar[str] = "asynchronous"
    _shown: ClassVar[str] = ""

    account: AsyncAccounts
    tags: AsyncTags
    channels: AsyncChannels
    agents: AsyncAgents
    conversations: AsyncConversations
    sms: AsyncSms
    faq: AsyncFaq
    widgets: AsyncWidgets
    botchains: AsyncBotchains
    contacts: AsyncContacts
    users: AsyncUsers
    reports: AsyncReports
    webhooks: AsyncWebhooks

    def __init__(
        self,
        api_key: str | Unset | None = UNSET,
        *,
        base_url: str | None = None,
        read_url: str | None = None,
        edition: Edition | None = None,
        org_name: str | None = None,
        tz: str | tzinfo | None = None,
        timeout: Timeout | float = Timeout(),  # noqa: B008 - an immutable value, shown as the default
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008
        max_connections: int = 32,
        body_format: BodyFormat | None = None,
        proxy: str | None = None,
        ssl_context: ssl.SSLContext | None = None,
        on_event: Callable[[Event], object] | None = None,
        engine: EngineName | None = None,
        port: Port | None = None,
    ) -> None:
        api_key = hide(api_key)
        options.check_choices(body_format, retry, on_event)
        environ, self._owner = options.Variables(os.environ), True
        key = options.read_key(api_key, environ, needed=False)
        chosen = read_edition(edition, environ)
        self._origins = read_origins(base_url, read_url, environ, edition=chosen or "documented")
        port, find_key = open_port(
            port,
            environ,
            self._front,
            key=key,
            origins=self._origins,
            max_connections=max_connections,
            proxy=proxy,
            ssl_context=ssl_context,
            engine=options.read_engine(engine, environ),
        )
        budget, blocking = Budget(retry.budget), self._front == "blocking"
        shared = Shared(port, key, self._origins, body_format, budget, find_key, blocking=blocking)
        limits, name = options.read_timeout(timeout), validate.organisation(org_name)
        self._use(Caller(shared, limits, retry, tz, name, on_event, chosen))

    def _use(self, caller: Caller) -> None:
        self._caller = caller
        for name, family in FAMILIES.items():
            setattr(self, name, family(caller))

    def with_options(
        self,
        *,
        timeout: Timeout | float | Unset = UNSET,
        retry: RetryPolicy | Unset = UNSET,
        tz: str | tzinfo | Unset | None = UNSET,
        org_name: str | Unset | None = UNSET,
        edition: Edition | Unset | None = UNSET,
    ) -> AsyncAlive5:
        """
        Return a client with other options over the same connections; only the first one closes them.

        ``copy.copy`` returns one with the same options.
        """
        old, origins = self._caller, self._origins
        if not isinstance(retry, (RetryPolicy, Unset)):
            raise validate.refuse("retry", "must be a RetryPolicy")
        twin = object.__new__(type(self))
        twin._owner = False
        twin._origins = origins
        twin._use(
            attrs.evolve(
                old,
                timeout=old.timeout if isinstance(timeout, Unset) else options.read_timeout(timeout),
                retry=old.retry if isinstance(retry, Unset) else retry,
                tz=old.tz if isinstance(tz, Unset) else tz,
                org_name=old.org_name if isinstance(org_name, Unset) else validate.organisation(org_name),
                chosen_edition=old.chosen_edition if isinstance(edition, Unset) else choose_edition(edition, origins),
            )
        )
        return twin

    @property
    def drift(self) -> Mapping[str, int]:
        """What answers held so far that the models do not know, counted by field; docs/logging.md."""
        return dict(self._caller.shared.drift)

    def __copy__(self) -> AsyncAlive5:
        return self.with_options()

    async def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int | float | bool] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Any:
        """
        Call an operation this package does not model yet and return its ``data``.

        GET is a read and may be repeated, all else is a write, which is accepted by a
        ``code`` of 200 in the response alone. The path is relative to the base URL.
        """
        path, query, fields = read_raw(method, path, params, body)
        self._caller.check_ready("call")
        return (await self._caller.raw(method, path, query, fields)).data

    async def export(
        self,
        directory: str | os.PathLike[str],
        *,
        kinds: Sequence[str] = ("livechat", "sms", "fbm"),
        start: date | datetime | str | None = None,
        end: date | datetime | str | None = None,
        since_last: bool = False,
        formats: Sequence[str] | None = None,
        single: bool = False,
        concurrency: int = 8,
        require: str = "B",
        accept_recent: bool = False,
        tz: str | tzinfo | None = None,
        progress: Callable[[ExportProgress], object] | None = None,
        max_rps: float | None = None,
        sweep: int | str | None = None,
        by: str | None = None,
        max_age: float | None = None,
        same_account: bool = False,
        pseudonymise: Sequence[str] | None = None,
        pseudonym_key: str | os.PathLike[str] | None = None,
    ) -> ExportReport:
        """
        Export all conversations of a period to a directory; the report says how far that is proven.

        A second run resumes, and reads open conversations again. ``end`` defaults to now, so each run goes on;
        ``since_last`` extends an export to ``end``, and reads the last 72 hours, open conversations and threads
        with new texts again. ``sweep`` reads all else again in turn: a number of requests a run (200 with
        ``since_last``), "all" or "none". By "active" a conversation belongs to the period that has a message in
        it, not only one that "started" there. ``require`` is the grade every window needs for exit code 0,
        ``max_age`` the most days since it was read. ``accept_recent`` exports whatever a server that ignores
        the dates returns. ``formats`` are those that are there, else JSON Lines; with ``single`` csv is one
        file a table. An export goes on with any key of its account; ``same_account`` says so where that cannot
        be seen. ``pseudonymise`` replaces "names", "phones", "emails" and "texts" by the key in
        ``pseudonym_key``. ``progress`` gets an ``ExportProgress`` a kind.

        :raises ExportError: when the directory, the disk or the server prevents
            it; what was fetched is kept.
        """
        arguments = {name: value for name, value in locals().items() if name != "self"}
        with importing():
            from .export.entry import export_with

        return await export_with(self._caller, self._origins.base.url, blocking=self._front == "blocking", **arguments)

    async def aclose(self) -> None:
        """
        Close the connections; calls made later raise ``ClientClosedError``.
        """
        if self._owner and not self._caller.shared.closed:
            self._caller.shared.closed = True
            await self._caller.shared.port.aclose()

    async def __aenter__(self) -> AsyncAlive5:
        self._caller.check_open("")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        # A traceback with locals shows a client whose options were refused, too.
        origins = getattr(self, "_origins", None)
        return f"<{self._shown or type(self).__name__}{'' if origins is None else f' {origins.base.url}'}>"

    def __del__(self) -> None:
        caller = getattr(self, "_caller", None)
        if caller is not None and self._owner and caller.shared.used and not caller.shared.closed:
            warnings.warn(f"{self!r} was not closed", ResourceWarning, stacklevel=2, source=self)


class BlockingCore(AsyncAlive5):
    """The core behind ``Alive5``: the same one, over a port that never suspends."""

    _front, _shown = "blocking", "Alive5"
