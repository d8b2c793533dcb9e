"""What has to be there: values of text that a program cannot go on without."""

from __future__ import annotations

from typing import ClassVar

from ..errors import InvalidArgumentError, MissingValueError


class Required:
    """Asks for values which the service may leave out."""

    __slots__ = ()

    def require(self, name: str) -> str:
        """
        Return a value of text that has to be there, by the attribute's name: ``contact.require("email")``.

        :raises MissingValueError: when it is None or "".
        """
        value = getattr(self, name)
        if value is None or value == "":
            raise MissingValueError(
                f"{type(self).__name__} came without {name}: the service left it out, or sent what cannot be read, "
                "which is then in extra",
                value=name,
            )
        if not isinstance(value, str):
            raise InvalidArgumentError("name must be that of a value of text", argument="name")
        return value


class Identified(Required):
    """What the service knows by an id."""

    __slots__ = ()

    _id: ClassVar[str]

    @property
    def require_id(self) -> str:
        """The id, which has to be there: without one it raises ``MissingValueError``."""
        return self.require(self._id)
