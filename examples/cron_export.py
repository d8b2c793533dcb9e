"""
An export each night to Parquet, and a question asked of it with DuckDB.

``15 3 * * *  python cron_export.py /srv/alive5/out 2026-01-01``. The exit code is that of ``alive5 export``: 0 done and
proven, 3 not finished, so that the same command goes on, 4 not provably complete, 5 a wrong key.
"""

from __future__ import annotations

import sys

import alive5

WEEKS = """
    SELECT date_trunc('week', c.start_time) AS week, c.kind, count(DISTINCT c.session_id) AS conversations,
           count(*) AS messages
    FROM conversations c JOIN messages m USING (kind, session_id)
    GROUP BY ALL ORDER BY ALL
"""


def main(directory: str, start: str) -> int:
    """Go on with the export, print the weeks, and return the exit code."""
    try:
        with alive5.Alive5(timeout=120) as client:
            report = client.export(directory, start=start, formats=("parquet",), max_age=7, sweep=200)
    except alive5.ExportError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except alive5.AuthenticationError as error:
        print(error, file=sys.stderr)
        return 5
    print(f"grade {report.grade}, true as of {report.as_of}", *report.anomalies, sep="\n", file=sys.stderr)
    for week, kind, conversations, messages in alive5.open_export(directory).sql(WEEKS).fetchall():
        print(f"{week:%Y-%m-%d}\t{kind}\t{conversations}\t{messages}")
    return report.exit_code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
