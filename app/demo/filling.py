"""Fills tables in bulk with synthetic cases and listings, for load alone. Goes past the verbs, never past the constraints."""

import random
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, cast

import click
from psycopg import Connection, Cursor, sql

from app import clock, sealing
from app.database import Database
from app.demo.people import reviewers
from app.keys import Keys
from moderation import policy
from moderation.states import State
from moderation.vocabulary import Category, Lane, Outcome, Scope

BATCH = 20_000
LIFETIME = timedelta(days=60)
REVIEW = timedelta(days=50)


def fill(database: Database, keys: Keys, *, cases: int, entries: int, at: datetime) -> None:
    """Add waiting cases with a report each, and listings with all that stands behind them: half whole domains, half pages."""
    draw = random.Random(20261124)  # noqa: S311 - load, not secrets
    sealed = sealing.seal({"what": "synthetic", "more": "Made for load."}, keys)
    with database.reading() as session:
        people = tuple(person.person_id for person in reviewers(session))
    hour = clock.to_the_hour(at)
    with click.progressbar(length=cases + entries, label="Filling") as bar:
        for start in range(0, cases, BATCH):
            size = min(BATCH, cases - start)
            with database.transaction() as session:
                cursor = cast("Connection[Any]", session.connection().connection.driver_connection).cursor()
                _add_cases(cursor, size, draw, sealed=sealed, hour=hour, state=State.WAITING)
            bar.update(size)
        for start in range(0, entries, BATCH):
            size = min(BATCH, entries - start)
            with database.transaction() as session:
                cursor = cast("Connection[Any]", session.connection().connection.driver_connection).cursor()
                added = _add_cases(cursor, size, draw, sealed=sealed, hour=hour, state=State.LISTED)
                _add_listings(cursor, added, people, at=at)
            bar.update(size)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _add_cases(
    cursor: Cursor[Any], size: int, draw: random.Random, *, sealed: sealing.Sealed, hour: datetime, state: State
) -> list[tuple[int, str, str]]:
    """Returns key, host and page address of each new case."""
    hosts = [f"s{draw.getrandbits(64):016x}.test" for _ in range(size)]
    addresses = [f"https://{host}/offer/{number}" for number, host in enumerate(hosts)]
    resources = _keys(cursor, "resource", size)
    _copy(
        cursor,
        "resource",
        ("id", "kind", "canonical", "host", "domain", "first_reported_at"),
        ((key, "web_page", address, host, host, hour) for key, address, host in zip(resources, addresses, hosts, strict=True)),
    )
    keys = _keys(cursor, "case", size)
    columns = ("id", "reference", "resource_id", "state", "lane", "category", "priority", "opened_at")
    categories = draw.choices(tuple(Category), k=size)
    _copy(
        cursor,
        "case",
        columns,
        (
            (
                key,
                uuid.uuid4(),
                resource,
                state,
                Lane.STANDARD,
                category,
                policy.PRIORITY_BY_CATEGORY[category],
                hour - timedelta(hours=draw.randrange(500)),
            )
            for key, resource, category in zip(keys, resources, categories, strict=True)
        ),
    )
    _add_reports(cursor, keys, draw, sealed=sealed, hour=hour)
    return list(zip(keys, hosts, addresses, strict=True))


def _add_reports(cursor: Cursor[Any], cases: list[int], draw: random.Random, *, sealed: sealing.Sealed, hour: datetime) -> None:
    reports = _keys(cursor, "report", len(cases))
    columns = ("id", "reference", "received_at", "category", "danger_now", "language", "lane", "sealed", "receipt_digest")
    _copy(
        cursor,
        "report",
        columns,
        ((key, uuid.uuid4(), hour, Category.LABOUR, False, "en", Lane.STANDARD, sealed.text, draw.randbytes(32)) for key in reports),
    )
    _copy(cursor, "report_key", ("report_id", "wrapped"), ((key, sealed.wrapped_identity) for key in reports))
    _copy(cursor, "case_report", ("case_id", "report_id"), zip(cases, reports, strict=True))


def _add_listings(cursor: Cursor[Any], cases: list[tuple[int, str, str]], people: tuple[int | None, ...], *, at: datetime) -> None:
    targets = [
        (Scope.DOMAIN, host, people[2]) if number % 2 else (Scope.PAGE, address, None) for number, (_, host, address) in enumerate(cases)
    ]
    rounds = _keys(cursor, "round", len(cases))
    _copy(
        cursor,
        "round",
        ("id", "case_id", "number", "opened_at", "closed_at", "outcome"),
        ((key, case[0], 1, at, at, Outcome.LIST) for key, case in zip(rounds, cases, strict=True)),
    )
    decisions = _keys(cursor, "decision", len(cases))
    columns = (
        "id",
        "reference",
        "round_id",
        "case_id",
        "outcome",
        "scope",
        "target",
        "territories",
        "statement",
        "first_id",
        "second_id",
        "third_id",
        "decided_at",
    )
    statement = '{"facts": "Synthetic.", "legal_ground": "None.", "explanation": "Made for load."}'
    _copy(
        cursor,
        "decision",
        columns,
        (
            (key, uuid.uuid4(), round_id, case[0], Outcome.LIST, scope, target, ["FR"], statement, people[0], people[1], third, at)
            for key, round_id, case, (scope, target, third) in zip(decisions, rounds, cases, targets, strict=True)
        ),
    )
    listing_columns = (
        "reference",
        "decision_id",
        "case_id",
        "kind",
        "scope",
        "target",
        "host",
        "domain",
        "category",
        "territories",
        "starts_at",
        "review_at",
        "expires_at",
        "first_id",
        "second_id",
        "third_id",
    )
    _copy(
        cursor,
        "listing",
        listing_columns,
        (
            (
                uuid.uuid4(),
                decision,
                case[0],
                "web_page",
                scope,
                target,
                case[1],
                case[1],
                Category.LABOUR,
                ["FR"],
                at,
                at + REVIEW,
                at + LIFETIME,
                people[0],
                people[1],
                third,
            )
            for decision, case, (scope, target, third) in zip(decisions, cases, targets, strict=True)
        ),
    )


def _keys(cursor: Cursor[Any], table: str, size: int) -> list[int]:
    """So many keys from the table's own sequence, so that COPY can name the rows that others point to."""
    name = sql.Literal(f'"{table}"')
    query = sql.SQL("SELECT nextval(pg_get_serial_sequence({}, 'id')) FROM generate_series(1, {})").format(name, sql.Literal(size))
    return [key for (key,) in cursor.execute(query).fetchall()]


def _copy(cursor: Cursor[Any], table: str, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> None:
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns)))
    with cursor.copy(into) as copy:
        for row in rows:
            copy.write_row(tuple(str(value) if isinstance(value, str) else value for value in row))
