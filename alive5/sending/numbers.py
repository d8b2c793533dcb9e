"""Phone numbers and the zones they may be in, by the data of ``phonenumbers``."""

from __future__ import annotations

from datetime import tzinfo
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from .._lazy import importing
from ..errors import ConfigurationError

_UNKNOWN: Final = "Etc/Unknown"


class Numbers:
    """
    Numbers as people write them; those without a country code are of the *line*'s country.

    :raises ConfigurationError: without the extra that brings the data.
    """

    def __init__(self, line: str) -> None:
        self._library: Any = _library()
        self._region = self._region_of(line)

    def read(self, text: str) -> str | None:
        """
        Return a number in the form of E.164; None when it is none.
        """
        number = self._parsed(text, self._region)
        if number is None or not self._library.is_possible_number(number) or number.extension:
            return None
        return str(self._library.format_number(number, self._library.PhoneNumberFormat.E164))

    def zones(self, number: str) -> tuple[tzinfo, ...]:
        """
        Return all zones a number may be in; none when they are unknown.
        """
        with importing():
            from phonenumbers.timezone import time_zones_for_number

        names = time_zones_for_number(self._parsed(number, None))
        found = [_zone(name) for name in names if name != _UNKNOWN]
        # A zone this system lacks may be the one that is quiet.
        return tuple(zone for zone in found if zone is not None) if None not in found else ()

    def _region_of(self, line: str) -> str | None:
        number = self._parsed(line, None)
        region = None if number is None else self._library.region_code_for_number(number)
        return None if region is None else str(region)

    def _parsed(self, text: str, region: str | None) -> Any:
        try:
            return self._library.parse(text, region)
        except self._library.NumberParseException:
            return None


def _library() -> Any:
    try:
        with importing():
            import phonenumbers
    except ModuleNotFoundError:
        raise ConfigurationError('many texts need an extra: python -m pip install "alive5[phone]"') from None
    return phonenumbers


@cache
def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        return None
