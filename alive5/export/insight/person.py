"""What an export holds of one person, to be read by people and by programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import tzinfo
from typing import Any

import attrs

from ..._json.codec import loads
from ..._sansio.person import contact_keys
from ...errors import ExportError
from ...models._base import plain
from .transcript import ExportedConversation

Row = Mapping[str, Any]


@attrs.frozen(repr=False)
class PersonRecord:
    """
    Everything about one person: the conversations whose contact they are, with all messages.

    ``named_in`` are kind and session id of other people's conversations in
    which the number or address stands.
    """

    conversations: tuple[ExportedConversation, ...]
    named_in: tuple[tuple[str, str], ...] = ()

    @property
    def messages(self) -> int:
        """The number of messages."""
        return sum(len(found.messages) for found in self.conversations)

    def to_dict(self) -> dict[str, Any]:
        """
        Return it as JSON-ready values.
        """
        rows = [plain({**found.row, "messages": list(found.messages)}) for found in self.conversations]
        named = [{"kind": kind, "session_id": name} for kind, name in self.named_in]
        return {"conversations": rows, "named_in": named}

    def text(self, *, tz: str | tzinfo | None = None) -> str:
        """
        Return it as Markdown, one conversation after the other; times are in *tz*, else UTC.
        """
        parts = [found.transcript(tz=tz) for found in self.conversations]
        named = [f"- {kind} {name}" for kind, name in self.named_in]
        return "\n".join([*parts, *(["# Named in other people's conversations", "", *named, ""] if named else [])])

    def __repr__(self) -> str:
        return f"<PersonRecord conversations={len(self.conversations)} messages={self.messages}>"


def refuse_pseudonyms(job: Mapping[str, Any]) -> None:
    """
    Refuse to look for a person among pseudonyms.
    """
    if job.get("pseudonyms"):
        raise ExportError("the export holds pseudonyms: who a number or an address is of cannot be seen in it")


def keys_of_rows(row: Row, messages: Iterable[Row]) -> frozenset[str]:
    """
    Return what the contact of a conversation in the tables is known by: what no column holds is in ``extra_json``.
    """
    extra = loads((row["extra_json"] or "{}").encode())
    return contact_keys({**extra, **row}, (message["created_by"] for message in messages))
