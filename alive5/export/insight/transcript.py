"""One conversation, to be read: as Markdown, as a page, or piece by piece."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timezone, tzinfo
from typing import Any, Final, NamedTuple

import attrs

from ..._zones import read_zone, show_at
from ...models import Conversation, Message
from ...models._sides import UNKNOWN_ACCOUNT, Directory, Side, parties_of, side_of
from .transcript_page import page_of

Row = dict[str, Any]

# What Markdown or HTML would take for a sign; and at the start of a line what makes a list, a heading or a rule.
_SIGNS: Final = re.compile(r"([\\`*_\[\]<>~|&#!])")
_LEADING: Final = re.compile(r"^(\s*)([-+=]|[0-9]+[.)])")
_HEADER: Final = (
    ("Kind", "kind"),
    ("Channel", "channel_name"),
    ("Assigned to", "assigned_to"),
    ("E-mail", "contacts_email"),
    ("Phone", "contacts_phone"),
)


class Spoken(NamedTuple):
    """
    One message as it is shown; ``lines`` are those of its text.
    """

    at: str
    author: str
    side: Side
    lines: list[str]


@attrs.frozen(repr=False)
class ExportedConversation:
    """
    A conversation of an export: its row, and its messages in the delivered order.

    ``directory`` is what is known of the account's names beyond the row.
    """

    row: Row
    messages: tuple[Row, ...]
    directory: Directory = UNKNOWN_ACCOUNT

    def header(self, *, tz: str | tzinfo | None = None) -> dict[str, str]:
        """
        Return what is known of it, by titles; times are in *tz*, else UTC.
        """
        row, zone = self.row, read_zone(tz) or timezone.utc
        contact = " ".join(filter(None, (row["contacts_first_name"], row["contacts_last_name"])))
        known = {
            **{title: row[name] for title, name in _HEADER},
            "Contact": contact,
            "Tags": ", ".join(row["tags"] or ()),
            "Started": show_at(row["start_time"], zone),
            "Ended": show_at(row["end_time"], zone),
            "Times": str(zone),
        }
        return {title: value for title, value in known.items() if value}

    def spoken(self, *, tz: str | tzinfo | None = None) -> Iterator[Spoken]:
        """
        Yield the messages as they are shown; times are in *tz*, else UTC.
        """
        zone, parties = read_zone(tz) or timezone.utc, parties_of(self.row.get)
        for message in self.messages:
            author: str | None = message["created_by"]
            text: str = message["message_content"] or ""
            side = side_of(author, parties, self.directory)
            yield Spoken(show_at(message["created_at"], zone) or "no time", author or "-", side, text.splitlines())

    def transcript(self, *, tz: str | tzinfo | None = None) -> str:
        """
        Return it as Markdown, whose signs in names and texts are escaped; times are in *tz*, else UTC.
        """
        lines = [f"# Conversation {_plain(self.row['session_id'])}", ""]
        lines += [f"- {title}: {_plain(value)}" for title, value in self.header(tz=tz).items()]
        for one in self.spoken(tz=tz):
            lines += ["", f"**{_plain(one.author)}** ({one.side}), {one.at}", ""]
            lines.append("\\\n".join(f"> {_plain(line)}" for line in one.lines or [""]))
        return "\n".join(lines) + "\n"

    def html(self, *, tz: str | tzinfo | None = None) -> str:
        """
        Return it as a page of HTML to be printed, which loads and runs nothing; times are in *tz*, else UTC.
        """
        return page_of(self.row["session_id"], self.header(tz=tz), self.spoken(tz=tz))

    def __repr__(self) -> str:
        return f"<ExportedConversation {self.row['session_id']!r} messages={len(self.messages)}>"


def of_service(found: Conversation) -> ExportedConversation:
    """
    Return a conversation of a listing as one of an export is.
    """
    row = {field.name: getattr(found, field.name) for field in attrs.fields(type(found)) if field.metadata}
    said, name = row.pop("chat_conversation"), row.pop("alive5_session_id")
    names = [field.name for field in attrs.fields(Message) if field.metadata]
    messages = [{"seq": at, **{name: getattr(one, name) for name in names}} for at, one in enumerate(said)]
    own = {"kind": found.kind, "session_id": name or "", "contacts_phone": found.contact.phone}
    return ExportedConversation({"tags": None, **row, **own}, tuple(messages))


def _plain(text: str) -> str:
    """Return a text on one line that Markdown shows as it is; blanks at its start would make it code."""
    line = _SIGNS.sub(r"\\\1", " ".join(text.splitlines())).strip()
    return _LEADING.sub(lambda found: f"{found[1]}{found[2][:-1]}\\{found[2][-1]}", line)
