"""Fills a throwaway database as `flask seed --cases N --entries N` does, and with more of what that leaves out."""

import contextlib
import io

from sqlalchemy import text

from app import clock, demo
from app.database import Database
from app.demo.filling import fill
from bench.place import Place

_RECORD = """
INSERT INTO audit_record (at, actor, action, subject, detail)
SELECT now(), 'public', 'report received', 'report:' || gen_random_uuid(), '{"lane": "standard", "category": "labour", "resources": 1}'
FROM generate_series(1, :rows)
"""
_REPORTS = """
WITH made AS (
    INSERT INTO report (reference, received_at, category, danger_now, language, lane, sealed, receipt_digest)
    SELECT gen_random_uuid(), date_trunc('hour', now(), 'UTC'), 'labour', false, 'en', 'standard', sealed,
        sha256(gen_random_uuid()::text::bytea)
    FROM generate_series(1, :rows), (SELECT sealed FROM report LIMIT 1) AS one
    RETURNING id
), kept AS (
    INSERT INTO sealed_keys.report_key (report_id, wrapped)
    SELECT id, wrapped FROM made, (SELECT wrapped FROM sealed_keys.report_key LIMIT 1) AS one
)
INSERT INTO case_report (case_id, report_id) SELECT :case_id, id FROM made
"""

_MARKS = """
INSERT INTO report_mark (mark, report_id)
SELECT substr(sha256((CASE WHEN number % 100 = 0 THEN 0 ELSE number END)::text::bytea), 1, 12), first + number % (last - first + 1)
FROM generate_series(1, :rows) AS number, (SELECT min(id) AS first, max(id) AS last FROM report) AS reports
ON CONFLICT DO NOTHING
"""


def filled(place: Place, name: str, *, cases: int, entries: int = 0) -> Database:
    """A new database with so many waiting cases, each with a report and its record, and so many listings."""
    database = place.database(name)
    with database.transaction() as session:
        demo.add_people(session, place.keys, at=clock.now())
    with contextlib.redirect_stdout(io.StringIO()):
        fill(database, place.keys, cases=cases, entries=entries, at=clock.now())
    write_record(database, cases)
    settle(database)
    return database


def write_record(database: Database, rows: int) -> None:
    """So many rows of the audit record, not sealed yet."""
    with database.engine.begin() as connection:
        connection.execute(text(_RECORD), {"rows": rows})


def report_often(database: Database, case_id: int, rows: int) -> None:
    """So many more reports of one case."""
    with database.engine.begin() as connection:
        connection.execute(text(_REPORTS), {"case_id": case_id, "rows": rows})
    settle(database)


def mark(database: Database, rows: int) -> None:
    """Marks of things that texts name: so many, spread over the reports, and one of them in every hundredth."""
    with database.engine.begin() as connection:
        connection.execute(text(_MARKS), {"rows": rows})
    settle(database, "report_mark")


def settle(database: Database, table: str = "") -> None:
    """Let PostgreSQL do now, for one table or all, what it would otherwise do in the middle of a measurement."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"VACUUM (ANALYZE) {table}"))
        connection.execute(text("CHECKPOINT"))
