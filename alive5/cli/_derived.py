"""Write commands derived from a method of the client: its parameters are the options, its docstring is the help."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from operator import attrgetter
from types import NoneType, UnionType
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

import typer

from ..resources import FAMILIES
from ._command import command
from ._session import Session
from ._values import Offers, ids, offering, several
from ._writes import DryRun, Yes, write, write_facts

# Parameters whose options have more names than their own.
_FLAGS: Final = {
    "channel_name": ("--channel-name", "--name"),
    "interceptor_uuid": ("--interceptor-uuid", "--id"),
    "phone_mobile": ("--phone-mobile", "--phone"),
    "phone_number": ("--phone-number", "--line"),
    "phone_number_from": ("--from", "--phone-number-from"),
    "phone_number_to": ("--to", "--phone-number-to"),
}
# What stands for a value in the help, by the name of its parameter; the first that matches.
_METAVARS: Final = (
    (re.compile(r".*_(id|uuid)|channel|.*channels"), "ID"),
    (re.compile(r"phone_.*"), "NUMBER"),
    (re.compile(r"message"), "TEXT"),
    (re.compile(r"confirm"), "SECONDS"),
    (re.compile(r"org_name"), "NAME"),
    (re.compile(r"tags"), "TAG"),
)
# What a shell offers for a value, by the name of its parameter.
_OFFERS: Final[dict[str, Offers]] = {
    "access_channels": ids("channels"),
    "channel": ids("channels"),
    "channel_id": ids("channels"),
    "channels": ids("channels"),
    "interceptor_uuid": ids("webhooks"),
    "user_id": ids("agents"),
}
# What the docstrings leave out, since all methods have it.
_HELP: Final = {"org_name": "Your organisation. Else looked up in the account."}
# What is of no use to one command: objects of a program.
_LEFT_OUT: Final = frozenset({"ledger", "key"})
_PARAM: Final = re.compile(r"^:param (\w+): (.*(?:\n .*)*)", re.MULTILINE)


def add_write(
    app: typer.Typer,
    name: str,
    operation: str,
    *,
    done: str,
    question: str = "",
    about: str = "",
    examples: str = "",
) -> None:
    """
    Add a command that makes a write.

    *question* is asked before it, with the arguments in its braces; *about*
    takes the place of the summary of the method.
    """

    def run(session: Session, *, dry_run: bool, yes: bool = True, **values: Any) -> None:
        arguments = {name: None if value == [] else value for name, value in values.items()}
        write(
            session,
            operation,
            lambda client: attrgetter(operation)(client)(**arguments),
            dry_run=dry_run,
            done=done,
            question=question.format(**values),
            yes=yes,
        )

    method = _method_of(operation)
    own = {"dry_run": DryRun, **({"yes": Yes} if question else {})}
    parameters = [*_options(method), *(_parameter(own_name, kind, False) for own_name, kind in own.items())]
    signed: Any = run
    signed.__signature__ = inspect.Signature([_parameter("session", Session), *parameters])
    signed.__doc__ = about or _summary(method)
    command(app, name, examples=examples, gives=write_facts(_answer_of(method)))(run)


def _answer_of(method: Callable[..., Any]) -> Any:
    return eval(inspect.signature(method).return_annotation, _scope(method))  # noqa: S307 - as below


def _scope(method: Any) -> dict[str, Any]:
    scope: dict[str, Any] = method.__globals__
    return scope


def _method_of(operation: str) -> Callable[..., Any]:
    family, *groups, method = operation.split(".")
    place: Any = FAMILIES[family]
    for group in groups:
        place = get_type_hints(place)[group]
    found: Callable[..., Any] = getattr(place, method)
    return found


def _options(method: Callable[..., Any]) -> list[inspect.Parameter]:
    told = {name: " ".join(text.split()) for name, text in _PARAM.findall(inspect.getdoc(method) or "")}
    parameters = [*inspect.signature(method).parameters.values()][1:]
    return [
        _option(each.replace(annotation=_evaluated(each, method)), {**_HELP, **told}.get(each.name, ""))
        for each in parameters
        if each.name not in _LEFT_OUT
    ]


def _evaluated(parameter: inspect.Parameter, method: Callable[..., Any]) -> Any:
    # One by one: what is left out may be of a class that is imported for type checkers alone.
    return eval(parameter.annotation, _scope(method))  # noqa: S307 - an annotation of this package


def _option(parameter: inspect.Parameter, told: str) -> inspect.Parameter:
    name, kind = parameter.name, _kind(parameter.annotation)
    repeats = any(get_origin(each) is list for each in (kind, *get_args(kind)))
    flags = _FLAGS.get(name, (f"--{name.replace('_', '-')}",))
    metavar = next((metavar for pattern, metavar in _METAVARS if pattern.fullmatch(name)), None)
    more: Any = {"metavar": metavar, "show_default": parameter.default is not parameter.empty}
    offers = _OFFERS.get(name, ())
    option = (
        several(*flags, about=told, offers=offers, **more)
        if repeats
        else typer.Option(*flags, help=told, autocompletion=offering(offers), **more)
    )
    return _parameter(name, Annotated[kind, option], parameter.default)


def _kind(annotation: Any) -> Any:
    """Return the type of an option: one text, or several where the parameter takes a sequence."""
    kinds = get_args(annotation) if isinstance(annotation, UnionType) else (annotation,)
    kind: Any = list[str] if any(get_origin(each) is Sequence for each in kinds) else kinds[0]
    return kind | None if NoneType in kinds else kind


def _parameter(name: str, annotation: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _summary(method: Callable[..., Any]) -> str:
    return (inspect.getdoc(method) or "").partition("\n\n")[0]
