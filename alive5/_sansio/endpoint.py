"""What an operation is: its method, and where and how each edition of the service has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, get_args

import attrs

from ..models._base import Model
from .evidence import values_of
from .validate import refuse
from .wire import BodyFormat, Call, Host, Pairs, encode_body

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Shape = Literal["one", "list", "listing"]
Edition = Literal["documented", "current"]
Names = Mapping[str, tuple[str, ...]]
# Called when an answer has come: a client that is ready has not made the classes of all models.
Returns = Callable[[], type[Model]]

EDITIONS: Final[tuple[Edition, ...]] = get_args(Edition)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Route:
    """
    Where an edition has an operation, and how its arguments are spelled there.

    ``parameters`` maps an argument to its wire names; ``filters`` are those a
    caller may add to a listing. ``version`` takes the place of the base URL's.
    ``fixed`` is sent as it is. ``page_base`` is the number of the first page,
    None while only the service can tell; ``page_size`` the limit asked for,
    None where pages have no size. ``may_be_whole`` says that the edition
    documents no pages, so that one answer may hold all rows.
    """

    path: str
    parameters: Names = attrs.field(factory=dict)
    filters: Names = attrs.field(factory=dict)
    host: Host = "base"
    version: str | None = None
    fixed: Pairs = ()
    in_query: bool = False
    page_base: int | None = None
    page_size: int | None = None
    may_be_whole: bool = False


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Endpoint:
    """
    One operation; a "list" comes whole, a "listing" in pages, where 404 means that nothing matches.

    ``current`` is None where both editions have the same route. ``body_format``
    is the one used unless a client asks for another. ``doubtful_errors`` says
    that an error by HTTP 200 leaves open whether a write was applied.
    """

    operation: str
    method: Method
    _returns: Returns = attrs.field(alias="returns")
    documented: Route
    current: Route | None = None
    shape: Shape = "one"
    body_format: BodyFormat = "json"
    doubtful_errors: bool = False

    @property
    def returns(self) -> type[Model]:
        """The model of an answer, or of each of its rows."""
        return self._returns()

    @property
    def evidence(self) -> frozenset[str]:
        """The names of values a documented answer has: one proves an accepted write where no code says so."""
        return values_of(self.returns)

    def route(self, edition: Edition) -> Route:
        """
        Return the route of an edition.
        """
        return self.current if edition == "current" and self.current is not None else self.documented

    def write(
        self,
        arguments: Mapping[str, Any],
        *,
        edition: Edition = "documented",
        body_format: BodyFormat | None = None,
        connect: float = 5.0,
        read: float = 30.0,
    ) -> Call:
        """
        Write a call; arguments that are None are left out.
        """
        route = self.route(edition)
        names = {**route.parameters, **route.filters}
        fields = {
            wire: value for name, value in arguments.items() if value is not None for wire in names.get(name, (name,))
        }
        call = Call(
            operation=self.operation,
            method=self.method,
            path=route.path,
            host=route.host,
            version=route.version,
            query=route.fixed,
            connect=connect,
            read=read,
        )
        if not call.is_write or route.in_query:
            return attrs.evolve(call, query=(*route.fixed, *((name, str(value)) for name, value in fields.items())))
        headers, content = encode_body(fields, body_format or self.body_format)
        return attrs.evolve(call, headers=headers, content=content)

    def check_filters(self, filters: Mapping[str, Any], edition: Edition) -> None:
        """
        Refuse filters the edition does not have for this operation.
        """
        known = self.route(edition).filters
        for name, value in filters.items():
            if value is not None and name not in known:
                there = f"it has {', '.join(known)}" if known else 'use edition="current" for filters'
                raise refuse(name, f"is no filter of {self.operation} in the {edition} edition: {there}")
