"""Warnings of listings that are not complete."""

from __future__ import annotations


class Alive5Warning(UserWarning):
    """Base of the warnings of this package."""


class WindowIgnoredWarning(Alive5Warning):
    """The server ignored the dates: the listing is not complete."""


class PageRepeatedWarning(Alive5Warning):
    """The server repeated a page instead of going on: the listing is not complete."""
