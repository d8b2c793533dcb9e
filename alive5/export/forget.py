"""Forgetting one person: out of an export's directory, and not to come back into it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from pathlib import Path

import attrs

from .._sansio.person import Person, read_person, texts_in
from .._sansio.validate import refuse
from .adopt import is_orphaned
from .disk.files import Disk
from .forgetting import finish, forms_of, manifest_of, next_number, others_in
from .insight.person import PersonRecord, refuse_pseudonyms
from .opening import opened, orphan_of
from .read.reader import open_export
from .report import ForgetReport
from .rows.json_lines import read_line
from .rows.suppression import keys_of
from .state.directory import is_begun, peek
from .state.forgotten import Name, Pending
from .state.read_only_store import ReadOnlyStore
from .state.store import Store


def forget(
    directory: str | os.PathLike[str], *, phone: str | None = None, email: str | None = None, dry_run: bool = False
) -> ForgetReport:
    """
    Remove a person's conversations from an export's directory, so that nothing of them is in any of its files.

    They are those :meth:`ExportReader.find` lists. Later runs do not bring them
    back, nor what the person writes later. Interrupted, the next call or run
    finishes it. Copies, backups and the service itself are not reached.

    :raises InvalidArgumentError: for a number that may be several people's.
    :raises DirectoryInUseError: while an export runs there.
    """
    return Forgetting(read_person(phone, email), Path(directory)).run(dry_run=dry_run)


@attrs.frozen
class Forgetting:
    """
    One person to be forgotten in one directory.
    """

    person: Person
    directory: Path
    disk: Disk = attrs.field(factory=Disk)
    clock: Callable[[], float] = time.time

    def run(self, *, dry_run: bool = False) -> ForgetReport:
        """
        Forget the person, or only count what is about them.
        """
        if not (is_begun(self.directory) or is_orphaned(self.directory)):
            raise refuse("directory", "holds no export")
        if dry_run:
            found = self._counted()
            return attrs.evolve(found, dry_run=True, others=others_in(self.directory, self.disk))
        output, resumed = opened(self.directory, self.disk, orphan_of(self.directory))
        try:
            found = self._forget(output.store)
            receipt = finish(output.store, self.disk)
        finally:
            output.leave()
        others = others_in(self.directory, self.disk)
        return attrs.evolve(found, receipt=str(receipt), resumed=resumed, others=others)

    def _counted(self) -> ForgetReport:
        with peek(self.directory) as held:
            if held is not None:
                return _report(*self._names(held[0]))
        record: PersonRecord = open_export(self.directory).find(phone=self.person.phone, email=self.person.email)
        return ForgetReport(
            conversations=len(record.conversations), messages=record.messages, named_in=len(record.named_in)
        )

    def _forget(self, store: Store) -> ForgetReport:
        # What would prevent the end is found before the beginning.
        forms_of(store, manifest_of(self.directory))
        names, named_in = self._names(store)
        found = _report(names, named_in)
        pending = Pending(
            number=next_number(self.directory),
            begun_at=datetime.fromtimestamp(self.clock(), timezone.utc).isoformat(timespec="seconds"),
            asked_by=tuple(name for name in ("phone", "email") if getattr(self.person, name) is not None),
            conversations=found.conversations,
            messages=found.messages,
            named_in=found.named_in,
        )
        store.forget(self.person.keys, names, pending)
        return found

    def _names(self, store: ReadOnlyStore) -> tuple[list[Name], int]:
        """Return the rows that are about the person, and how many others name them."""
        refuse_pseudonyms(store.job() or {})
        names, named_in, keys, mention = list[Name](), 0, self.person.keys, self.person.mention
        for name, line in store.all_rows():
            raw = read_line(line)[2]
            if not keys.isdisjoint(keys_of(raw)):
                names.append(name)
            else:
                named_in += any(mention.search(text) for text in texts_in(raw))
        return names, named_in


def _report(names: Iterable[Name], named_in: int) -> ForgetReport:
    messages = [messages for *_, messages in names]
    return ForgetReport(conversations=len(messages), messages=sum(messages), named_in=named_in)
