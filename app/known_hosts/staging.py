"""Compares an operator's list with what its source said before, and takes the difference in. Never commits; reads no file."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from psycopg import Connection, sql

from app.known_hosts.imported import Line
from moderation import addresses, policy

SHOWN = 10

_STAGED = """
    CREATE TEMPORARY TABLE staged_line (number bigint, host text COLLATE "C", class text, protected_as text, rank bigint, page_of text)
    ON COMMIT DROP"""

# What is said of a page on a platform holds for that page's author, and not for everyone who writes there.
_OF_OTHERS = """
    CREATE TEMPORARY TABLE staged_of_others ON COMMIT DROP AS
    SELECT line.number, line.host FROM staged_line AS line
    WHERE line.page_of IS NOT NULL AND NOT line.class = ANY(%(platforms)s) AND (
        EXISTS (SELECT FROM known_host AS known WHERE known.host IN (line.host, line.page_of) AND known.class = ANY(%(platforms)s))
        OR EXISTS (SELECT FROM staged_line AS other WHERE other.host IN (line.host, line.page_of) AND other.class = ANY(%(platforms)s))
    )"""

# A file may speak of a host many times: a line about the site counts before one about a page of it, and then the first.
_STAGED_HOST = """
    CREATE TEMPORARY TABLE staged_host ON COMMIT DROP AS
    SELECT DISTINCT ON (host, class) host, class, protected_as, rank FROM staged_line AS line
    WHERE NOT EXISTS (SELECT FROM staged_of_others AS other WHERE other.number = line.number)
    ORDER BY host, class, page_of IS NOT NULL, rank NULLS LAST, number"""

_DIFFERENCE = """
    CREATE TEMPORARY TABLE host_difference ON COMMIT DROP AS
    WITH line AS (
            SELECT false AS is_new, host, class, protected_as, rank FROM known_host WHERE source = %(source)s
            UNION ALL SELECT true, host, class, protected_as, rank FROM staged_host
        ), word AS (
            SELECT is_new, host, class || coalesce(' as ' || protected_as, '') || coalesce(' #' || rank, '') COLLATE "C" AS said FROM line
        ), told AS (
            SELECT host, string_agg(said, ', ' ORDER BY said) FILTER (WHERE NOT is_new) AS was,
                string_agg(said, ', ' ORDER BY said) FILTER (WHERE is_new) AS is_now
            FROM word GROUP BY host
        )
    SELECT * FROM told WHERE was IS DISTINCT FROM is_now AND (is_now IS NOT NULL OR %(replace)s)"""

_COUNTED = """
    SELECT count(*) FILTER (WHERE was IS NULL), count(*) FILTER (WHERE was IS NOT NULL AND is_now IS NOT NULL),
        count(*) FILTER (WHERE is_now IS NULL), (SELECT count(DISTINCT host) FROM staged_host)
    FROM host_difference"""

_FIRST = """
    SELECT host, was, is_now FROM (
        SELECT *, row_number() OVER (PARTITION BY was IS NULL, is_now IS NULL ORDER BY host) AS place FROM host_difference
    ) AS placed
    WHERE place <= %(shown)s ORDER BY is_now IS NULL, was IS NOT NULL, host"""

_TAKEN_OUT = "DELETE FROM known_host WHERE source = %(source)s AND host IN (SELECT host FROM host_difference)"

_TAKEN_IN = """
    INSERT INTO known_host (host, class, source, rank, protected_as)
    SELECT host, class, %(source)s, rank, protected_as FROM staged_host JOIN host_difference USING (host) ORDER BY host"""


@dataclass(frozen=True, slots=True)
class Change:
    """What a source says of a host, before and after; nothing where it does not name it."""

    host: str
    was: str | None
    is_now: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """How many hosts a source names newly, otherwise, no more, and after all; `first` are the first of each kind."""

    added: int
    changed: int
    removed: int
    hosts: int
    first: tuple[Change, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.removed)


class Staging:
    """Lines on their way into the table, within the caller's transaction."""

    def __init__(self, connection: Connection[Any], source: str) -> None:
        self._cursor = connection.cursor()
        self._source = source

    def take(self, lines: Iterable[Line]) -> None:
        """Hold the lines beside the table; memory stays flat."""
        for name in ("staged_line", "staged_of_others", "staged_host", "host_difference"):
            self._cursor.execute(sql.SQL("DROP TABLE IF EXISTS pg_temp.{}").format(sql.Identifier(name)))
        self._cursor.execute(_STAGED)
        with self._cursor.copy("COPY staged_line FROM STDIN") as copy:
            for line in lines:
                page_of = (addresses.registrable_domain(line.host) or line.host) if line.is_page else None
                copy.write_row((line.number, line.host, line.host_class.value, line.protected_as, line.rank, page_of))
        self._cursor.execute("ANALYZE staged_line")
        self._cursor.execute(_OF_OTHERS, {"platforms": sorted(policy.PLATFORM_CLASSES)})
        self._cursor.execute(_STAGED_HOST)
        self._cursor.execute("ANALYZE staged_host")

    def of_others(self) -> list[tuple[int, str]]:
        """Lines about a page of a platform: number and host."""
        return self._cursor.execute("SELECT number, host FROM staged_of_others ORDER BY number").fetchall()

    def classes(self) -> list[tuple[str, int]]:
        """How many hosts there are of each class, protected ones by what they are protected as."""
        return self._cursor.execute(
            "SELECT class || coalesce(' as ' || protected_as, ''), count(*) FROM staged_host GROUP BY 1 ORDER BY 1"
        ).fetchall()

    def compare(self, *, replace: bool) -> Difference:
        """Find what would change. With `replace`, a host that the file does not name is removed."""
        self._cursor.execute("DROP TABLE IF EXISTS pg_temp.host_difference")
        self._cursor.execute(_DIFFERENCE, {"source": self._source, "replace": replace})
        added, changed, removed, hosts = self._cursor.execute(_COUNTED).fetchone() or (0, 0, 0, 0)
        first = tuple(Change(*row) for row in self._cursor.execute(_FIRST, {"shown": SHOWN}))
        return Difference(added, changed, removed, hosts, first)

    def write(self, *, replace: bool) -> Difference:
        """Take the difference in, as it is once nobody else can write."""
        self._cursor.execute("LOCK TABLE known_host IN SHARE ROW EXCLUSIVE MODE")
        found = self.compare(replace=replace)
        self._cursor.execute(_TAKEN_OUT, {"source": self._source})
        self._cursor.execute(_TAKEN_IN, {"source": self._source})
        return found
