"""One run of a command: its global options, its client, and its exit code."""

from __future__ import annotations

import errno
import os
import sys
import traceback
import warnings
from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, cast

import attrs
import typer

from .._core.logs import show_log
from .._key_file import read_key_file
from .._sansio.endpoint import Edition
from .._sansio.events import Event
from .._sansio.options import KEY_VARIABLE, SANDBOX_VARIABLE, read_log, wants_sandbox
from .._sansio.origins import DEFAULT_BASE_URL, Origin, Origins, read_edition, read_origins
from .._zones import read_zone
from ..errors import Alive5Error, Alive5Warning, ConfigurationError
from ._exits import ExitCode, Terminated, code_of
from ._ids import Found, Sort, remember
from ._output import Output, silence_stdout
from ._watch import Watch, follow

if TYPE_CHECKING:
    from .. import Alive5, AsyncAlive5

BANNER = "SANDBOX: made-up data, nothing leaves this machine"
_WORTH_SAYING = 1.0
_OUT_OF_FILES = (errno.EMFILE, errno.ENFILE)


@attrs.frozen(kw_only=True)
class Globals:
    """
    The options of every command; None where none was given.
    """

    sandbox: bool | None = None
    json: bool | None = None
    api_key_file: str | None = None
    base_url: str | None = None
    read_url: str | None = None
    edition: str | None = None
    timeout: float | None = None
    tz: str | None = None
    verbose: bool | None = None


class Session:
    """The context of a running command."""

    def __init__(self, given: Globals) -> None:
        self.given = given
        self.json: bool = bool(given.json)
        self.out: Output = Output()
        self.watch: Watch = Watch()
        self.sandbox: bool = False
        self.zone: tzinfo | None = None
        self.resumable: tuple[type[Alive5Error], ...] = ()
        """Errors after which the same command goes on where it stopped."""

    def open(self) -> None:
        """
        Check the global options, and announce the sandbox.
        """
        self.sandbox = wants_sandbox(os.environ) if self.given.sandbox is None else self.given.sandbox
        # What was chosen here goes for the library, too.
        os.environ.pop(SANDBOX_VARIABLE, None)
        if self.sandbox and (self.given.base_url is not None or self.given.read_url is not None):
            raise ConfigurationError(
                "--base-url and --read-url do not go with the sandbox: leave one out, or say --no-sandbox"
            )
        self.zone = read_zone(self.given.tz)
        if self.given.verbose and read_log(os.environ) is None:
            show_log("info")
        if self.sandbox:
            self.out.say(BANNER, style="bold yellow")

    @property
    def edition(self) -> Edition | None:
        """The edition chosen, by option or environment."""
        return read_edition(self.given.edition, os.environ)

    @property
    def origins(self) -> Origins:
        """Where requests go."""
        if self.sandbox:
            here = Origin("http", "localhost", 80, "/public/1.0")
            return Origins(here, here)
        edition = self.edition or "documented"
        return read_origins(self.given.base_url, self.given.read_url, os.environ, edition=edition)

    def client(self) -> Alive5:
        """
        Return the client: of the sandbox, or of the configured service.
        """
        options = self._client_options(self.note)
        if self.sandbox:
            from ..sandbox import Sandbox

            return Sandbox().client(**options)
        from .. import Alive5

        return Alive5(**options)

    def async_client(self, on_event: Callable[[Event], object], *, connections: int) -> AsyncAlive5:
        """
        Return the same client for a loop; its events go to *on_event* alone.
        """
        options = self._client_options(on_event)
        if self.sandbox:
            from ..sandbox import Sandbox

            return Sandbox().async_client(**options)
        from .. import AsyncAlive5

        return AsyncAlive5(max_connections=connections, **options)

    def _client_options(self, on_event: Callable[[Event], object]) -> dict[str, Any]:
        options: dict[str, Any] = {"tz": self.zone, "on_event": on_event, "edition": self.edition}
        if self.given.timeout is not None:
            options["timeout"] = self.given.timeout
        if self.sandbox:
            return {**options, "base_url": DEFAULT_BASE_URL}
        if self.given.api_key_file is not None:
            options["api_key"] = read_key_file(self.given.api_key_file)
        elif not os.environ.get(KEY_VARIABLE):
            raise ConfigurationError(
                f"no API key: set {KEY_VARIABLE}, or say --api-key-file FILE; --sandbox needs none"
            )
        return {**options, "base_url": self.given.base_url, "read_url": self.given.read_url}

    def note(self, event: Event) -> None:
        """
        Record an attempt, and show a long backoff.
        """
        self.watch(event)
        if event.retry_delay is not None and event.retry_delay >= _WORTH_SAYING:
            why = f"HTTP {event.status}" if event.status is not None else "no answer"
            self.out.say(f"{event.operation}: {why}, trying again in {event.retry_delay:.0f} s")

    def remember(self, **found: Found) -> None:
        """
        Keep ids that were shown, for the shell to complete.
        """
        remember(os.environ, cast("dict[Sort, Found]", found), sandbox=self.sandbox)

    def document(self, operation: str, data: Any, **more: Any) -> None:
        """
        Write the JSON document of a command that is no listing.
        """
        self.out.document({"operation": operation, "sandbox": self.sandbox, **more, "data": data})

    def fail(self, error: Alive5Error) -> ExitCode:
        """
        Show an error as a line, or with ``--json`` as a document, and return its exit code.
        """
        code = ExitCode.RESUMABLE if isinstance(error, self.resumable) else code_of(error)
        if self.json:
            self.out.say_document({"sandbox": self.sandbox, **error.to_dict(), "exit_code": int(code)})
        else:
            self.out.say(str(error), "error", "bold red")
        return code


def execute(function: Callable[..., int | None], given: Globals, arguments: Mapping[str, Any]) -> int:
    """
    Run a command and return its exit code; nothing is raised.
    """
    session = Session(given)
    follow(session.watch)
    with warnings.catch_warnings():
        try:
            _show_warnings(session.out)
            session.open()
            code = function(session, **arguments)
            sys.stdout.flush()
        except BaseException as error:  # noqa: BLE001 - the one place that turns errors into exit codes
            session.watch.concluded = True
            return _conclude(session, error)
        session.watch.concluded = True
        return int(code or ExitCode.DONE)


def _conclude(session: Session, error: BaseException) -> int:
    accepted = session.watch.accepted
    if isinstance(error, typer.Exit):
        return int(error.exit_code)
    if isinstance(error, BrokenPipeError):
        silence_stdout()
        return ExitCode.DONE if accepted else ExitCode.FAILED
    if accepted:
        session.out.say(f"it was accepted, but its answer could not be shown ({type(error).__name__})", "warning")
        return ExitCode.DONE
    if isinstance(error, (KeyboardInterrupt, Terminated)):
        unknown = session.watch.unknown()
        return _interrupted(session, error) if unknown is None else session.fail(unknown)
    system = None if isinstance(error, Alive5Error) else _system_error(error)
    if system is not None:
        more = ": raise the limit (ulimit -n)" if system.errno in _OUT_OF_FILES else ""
        error = Alive5Error(f"{system.strerror or type(system).__name__}{more}")
    return session.fail(error) if isinstance(error, Alive5Error) else _defect(session, error)


def _system_error(error: BaseException) -> OSError | None:
    """Return the system's error that one is, or, as for an import that found no free file, the one behind it."""
    if isinstance(error, OSError):
        return error
    cause = error.__cause__ or error.__context__
    while cause is not None and not (isinstance(cause, OSError) and cause.errno in _OUT_OF_FILES):
        cause = cause.__cause__ or cause.__context__
    return cause


def _defect(session: Session, error: BaseException) -> int:
    unknown = session.watch.unknown()
    session.out.say("this is a defect of alive5, please report it:", "error", "bold red")
    for line in "".join(traceback.format_exception(error)).splitlines():
        session.out.say(line)
    return ExitCode.FAILED if unknown is None else session.fail(unknown)


def _interrupted(session: Session, error: BaseException) -> int:
    code = code_of(error)
    word = "interrupted" if code is ExitCode.INTERRUPTED else "terminated"
    if session.json:
        session.out.say_document({"error": word.title(), "message": word, "exit_code": int(code)})
    else:
        session.out.say(word)
    return code


def _show_warnings(out: Output) -> None:
    plain = warnings.showwarning

    def show(message: Warning | str, category: type[Warning], *rest: Any, **more: Any) -> None:
        if issubclass(category, Alive5Warning):
            out.say(str(message), "warning", "bold yellow")
        else:
            plain(message, category, *rest, **more)

    warnings.simplefilter("always", Alive5Warning)
    warnings.showwarning = show
