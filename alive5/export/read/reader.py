"""
Readers of an export: as rows, Arrow tables, data frames or by SQL.

Only what the manifest names is read. The tables are the same whichever format
they come from, except that CSV cannot tell an empty text from null.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterable, Iterator
from datetime import tzinfo
from pathlib import Path
from typing import Any, Final

from ..._sansio.person import read_person
from ..._zones import read_zone
from ..dataset.extras import need
from ..dataset.formats.arrow import record_batches
from ..dataset.formats.parquet import arrow_dataset, arrow_table
from ..dataset.manifest import FileEntry
from ..dataset.schema import TABLES, Table, arrow_schema
from ..insight.figures import ConversationMetrics
from ..insight.found import SearchHit
from ..insight.measure import Account
from ..insight.person import PersonRecord, refuse_pseudonyms
from ..insight.transcript import ExportedConversation
from ..report_page.page import ReportPage
from .file_check import readable
from .measured import find_conversation, find_person, metrics_of
from .reported import report_of
from .rows import ExportRows, table_of
from .searched import searched

Row = dict[str, Any]

_FOR_ROWS: Final = ("jsonl", "sqlite", "parquet", "duckdb", "csv")
# Parquet comes first, and is read as it is.
_FOR_TABLES: Final = ("jsonl", "sqlite", "duckdb", "csv")


def open_export(path: str | os.PathLike[str]) -> ExportReader:
    """
    Return a reader of an export's directory.

    :raises ExportError: when it has no manifest or a damaged one.
    """
    return ExportReader(path)


class ExportReader(ExportRows):
    """
    A finished export.

    ``manifest`` says what it holds and how far it is proven. Each method reads
    the format best for it; all formats hold the same rows. A file is held
    against its digest in the manifest before it is read.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        super().__init__(path)
        self._databases: dict[bool, Any] = {}

    def metrics(
        self,
        *,
        tz: str | tzinfo | None = None,
        hours: str | None = None,
        agents: Iterable[str] = (),
        bots: Iterable[str] = (),
    ) -> Iterator[ConversationMetrics]:
        """
        Yield the figures of each conversation.

        Days and hours are of *tz*, else UTC; *hours* are the business hours,
        such as "mon-fri 9-17". *agents* and *bots* are names, addresses or ids
        of authors that the export alone does not tell. docs/insight.md says
        how each figure is counted.
        """
        account = Account(agents=set(agents), bots=frozenset(bots))
        return metrics_of(self.conversations, self.messages, account, tz=tz, hours=hours)

    def report(
        self,
        *,
        tz: str | tzinfo | None = None,
        hours: str | None = None,
        agents: Iterable[str] = (),
        bots: Iterable[str] = (),
        transcripts: int = 0,
    ) -> ReportPage:
        """
        Return a page to look at: a notebook shows it, ``write`` makes a file of it; needs the extra ``report``.

        The first four arguments are those of ``metrics``. With *transcripts*
        the newest conversations are on it: names and texts of people.
        """
        account = Account(agents=set(agents), bots=frozenset(bots))
        return report_of(self, account, tz=tz, hours=hours, transcripts=transcripts)

    def conversation(self, session_id: str, *, kind: str | None = None) -> ExportedConversation:
        """
        Return one conversation with its messages; without *kind* the first of its id.

        :raises InvalidArgumentError: when there is none.
        """
        return find_conversation(self.conversations(), self.messages(), session_id, kind)

    def find(self, *, phone: str | None = None, email: str | None = None) -> PersonRecord:
        """
        Return everything about the person of a number with its country code, or of an address, in any spelling.
        """
        refuse_pseudonyms(self.manifest.job)
        return find_person(self.conversations(), self.messages(), read_person(phone, email))

    def search(self, text: str, *, limit: int | None = None) -> Iterator[SearchHit]:
        """
        Yield the messages that hold a text, the latest first, at most *limit* of them.

        The text is taken as it is, whatever the case of its letters. The first
        search makes an index beside the export; docs/searching.md.
        """
        return searched(self, text, limit)

    def to_arrow(self, table: str) -> Any:
        """
        Return a table as ``pyarrow.Table``; needs the extra ``parquet``.
        """
        wanted = table_of(table)
        pa = need("pyarrow", "parquet")
        if parts := self._of(wanted.name, "parquet"):
            return pa.concat_tables([self._arrow_part(entry, wanted) for entry in parts])
        return pa.Table.from_batches(record_batches(wanted, self._values(wanted, _FOR_TABLES)), arrow_schema(wanted))

    def to_pandas(self, table: str, *, tz: str | tzinfo | None = None) -> Any:
        """
        Return a table as ``pandas.DataFrame``; times are in *tz*, else UTC.
        """
        zone = read_zone(tz)
        need("pandas", "pandas")
        frame = self.to_arrow(table).to_pandas()
        for column in TABLES[table].columns if zone is not None else ():
            if column.type == "time":
                frame[column.name] = frame[column.name].dt.tz_convert(zone)
        return frame

    def to_polars(self, table: str) -> Any:
        """
        Return a table as ``polars.DataFrame``.
        """
        return need("polars", "polars").from_arrow(self.to_arrow(table))

    def scan_polars(self, table: str) -> Any:
        """
        Return a table as ``polars.LazyFrame``, which reads Parquet files as far as a query needs them.

        From any other format the table is read whole at once.
        """
        polars = need("polars", "polars")
        if paths := self._parquet(table_of(table)):
            return polars.scan_parquet(paths, hive_partitioning=False, glob=False)
        return self.to_polars(table).lazy()

    def sql(self, query: str, *, external: bool = False) -> Any:
        """
        Return the DuckDB relation of a query on the tables ``conversations`` and ``messages``, in UTC.

        Parquet files are read as a query needs them. It reaches nothing else. With *external* it may also do what
        DuckDB can on this machine: read and write any file, attach databases,
        load extensions. Never run a query that somebody else wrote that way.
        """
        database = self._databases.get(external) or self._database(external=external)
        answer = database.sql(query)
        if answer is not None:
            weakref.finalize(answer, id, database)  # before DuckDB 2 a relation does not keep its connection
        return answer

    def _database(self, *, external: bool) -> Any:
        database = need("duckdb", "duckdb").connect(config={"autoinstall_known_extensions": "false"})
        database.execute("SET TimeZone = 'UTC'")
        for name, table in TABLES.items():
            paths = self._parquet(table)
            # Not as DuckDB's own views of the files: the paths it may read it may write, too.
            database.register(name, arrow_dataset(paths, table) if paths else self.to_arrow(name))
        if not external:
            database.execute("SET enable_external_access = false")
            database.execute("SET lock_configuration = true")
        self._databases[external] = database
        return database

    def _parquet(self, table: Table) -> list[Path]:
        return [self._present(entry) for entry in self._of(table.name, "parquet")]

    def _arrow_part(self, entry: FileEntry, table: Table) -> Any:
        with readable(entry.path):
            return arrow_table(self._present(entry), table)
