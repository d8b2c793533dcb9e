"""What is checked before the first of many texts leaves."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Collection, Iterable, Iterator, Mapping
from datetime import tzinfo
from typing import Any, Final

import attrs

from .._sansio.segments import segments
from .._sansio.validate import identifier, phone, refuse
from .._zones import read_zone
from ..errors import Alive5Error
from ..models import SmsConversation
from .ledger import Ledger
from .numbers import Numbers
from .plan.quiet import QuietHours
from .plan.results import SendingProgress
from .plan.rows import Draft, Problems, Template, drafts
from .plan.schedule import Recipient, Schedule
from .plan.stops import Word, has_stopped

OnSending = Callable[[SendingProgress], object]

# Parts a minute of a line that pass: more is no pace.
_FASTEST: Final = 6_000.0
# Above this many nothing leaves unless it is asked for.
DRY_ABOVE: Final = 100


@attrs.frozen(kw_only=True, repr=False)
class Job:
    """The arguments of ``send_many``, checked."""

    rows: Iterable[Any]
    template: Template | None
    line: Mapping[str, str]
    ledger: Ledger
    pace: float
    quiet: QuietHours | None
    zone: tzinfo | None
    dry_run: bool | None
    progress: OnSending | None
    stopped: Collection[str] | None

    @classmethod
    def read(cls, *, sender: Any, quiet_hours: Any, template: Any, zone: Any, **given: Any) -> Job:
        """
        Return the job of the arguments as they were given.

        :raises InvalidArgumentError: for the first that is wrong.
        """
        if not isinstance(given["ledger"], Ledger):
            raise refuse("ledger", "must be an alive5.Ledger", "sms.send_many")
        pace = given["pace"]
        if isinstance(pace, bool) or not isinstance(pace, (int, float)) or not 0 < pace <= _FASTEST:
            raise refuse("pace", f"must be parts a minute, above 0 and at most {_FASTEST:,.0f}", "sms.send_many")
        return cls(
            line=_line_of(sender),
            quiet=QuietHours.read(quiet_hours),
            template=None if template is None else Template(template),
            zone=_zone_of(zone),
            **given,
        )

    def recipients(self, schedule: Schedule, now: float) -> list[Recipient]:
        """
        Return all texts, by their rows.

        :raises InvalidArgumentError: naming the lines that cannot be sent.
        """
        problems, numbers = Problems(), Numbers(self.line["phone_number_from"])
        found = drafts(
            ((getattr(row, "line", at), row) for at, row in enumerate(self.rows, 1)), self.template, problems
        )
        texts = [one for draft in found if (one := self._recipient(draft, numbers, problems)) is not None]
        _refuse_doubles(texts, problems)
        for one in texts:
            if schedule.allowed_from(one.zones, now) is None:
                problems.add(one.line, "at no time it is outside of quiet hours in all zones the number may be in")
        problems.check()
        return texts

    def _recipient(self, draft: Draft, numbers: Numbers, problems: Problems) -> Recipient | None:
        number = numbers.read(draft.number)
        if number is None:
            problems.add(draft.line, "phone_number is no phone number")
            return None
        zones: tuple[tzinfo, ...] = ()
        if self.quiet is not None:
            zones = numbers.zones(number) or ((self.zone,) if self.zone is not None else ())
            if not zones:
                problems.add(draft.line, "the zone of the number is unknown: pass zone, or no quiet_hours")
                return None
        parts = segments(draft.message).parts
        return Recipient(draft.line, number, draft.message, draft.key and identifier("key", draft.key), parts, zones)


async def stopped_numbers(listing: AsyncIterable[SmsConversation], line: str) -> set[str]:
    """
    Return the numbers whose last word to a line was STOP, by all conversations of a listing.
    """
    numbers, said = Numbers(line), dict[str, list[Word]]()
    async for conversation in listing:
        ours = conversation.alive_sms_phone_number
        person = numbers.read(conversation.contact.phone or "")
        # A conversation of an unknown line counts: better one text too few.
        if person is not None and (not ours or numbers.read(ours) in (None, line)):
            said.setdefault(person, []).extend(_words(conversation, person, numbers))
    return {person for person, words in said.items() if has_stopped(words)}


def _words(conversation: SmsConversation, person: str, numbers: Numbers) -> Iterator[Word]:
    names = {conversation.contact.name, conversation.contact.first_name} - {None}
    for message in conversation.messages:
        author = message.author or ""
        yield Word(message.sent_at, author in names or numbers.read(author) == person, message.text)


def _zone_of(zone: Any) -> tzinfo | None:
    try:
        return read_zone(zone)
    except Alive5Error:
        raise refuse("zone", 'must be a zone, or the name of one like "America/New_York"', "sms.send_many") from None


def _line_of(sender: Any) -> dict[str, str]:
    try:
        number, channel, user = sender.phone_number_from, sender.channel_id, sender.user_id
    except AttributeError:
        raise refuse("sender", "must be a sender, as of sms.sender()", "sms.send_many") from None
    return {
        "phone_number_from": phone("phone_number_from", number, short_code=True),
        "channel_id": identifier("channel_id", channel),
        "user_id": identifier("user_id", user),
    }


def _refuse_doubles(texts: Iterable[Recipient], problems: Problems) -> None:
    numbers: dict[str, int] = {}
    keys: dict[str, int] = {}
    for one in texts:
        for seen, value, what in ((numbers, one.phone_number_to, "phone_number"), (keys, one.key, "key")):
            first = seen.setdefault(value, one.line)
            if value and first != one.line:
                problems.add(one.line, f"{what} is that of line {first}")
