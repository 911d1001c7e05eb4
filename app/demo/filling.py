"""Fills tables in bulk with made-up cases and listings, for load alone. Goes past the verbs, never past the constraints."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import click
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import clock, sealing
from app.database import Database
from app.demo.people import reviewers
from app.keys import Keys
from moderation import audit, growth, policy
from moderation.states import State
from moderation.urgency import Urgency
from moderation.vocabulary import SYSTEM, Category, Lane, Outcome, Scope

BATCH = 25_000
CHOICES = 200
"""Different mixes of category, lane, danger and language, which the rows draw from."""

# Everything drawn comes from a digest of the row's key: the same in each run on a fresh database, and never the same name twice.
_MADE = """
CREATE TEMPORARY TABLE made ON COMMIT DROP AS
WITH keyed AS MATERIALIZED (
    SELECT number, nextval(pg_get_serial_sequence('resource', 'id')) AS resource_id,
        nextval(pg_get_serial_sequence('"case"', 'id')) AS case_id, nextval(pg_get_serial_sequence('report', 'id')) AS report_id,
        nextval(pg_get_serial_sequence('round', 'id')) AS round_id, nextval(pg_get_serial_sequence('decision', 'id')) AS decision_id
    FROM generate_series(1, :size) AS number
), drawn AS (
    SELECT *, 's' || left(digest, 16) || '.test' AS domain, ('x' || right(digest, 8))::bit(32)::bigint AS draw
    FROM keyed CROSS JOIN LATERAL md5('made up ' || resource_id) AS digest
), chosen AS (
    SELECT *, 1 + draw % :choices AS choice, :hour - make_interval(hours => (1 + :aside + draw % 500)::int) AS seen_at,
        number % 4 < 2 AS wide, CASE number % 4 WHEN 0 THEN domain ELSE 'www.' || domain END AS host
    FROM drawn
)
SELECT *, CASE WHEN wide THEN 'domain' ELSE 'web_page' END AS kind,
    CASE number % 4 WHEN 0 THEN 'domain' WHEN 1 THEN 'host' ELSE 'page' END AS scope,
    CASE WHEN wide THEN host ELSE 'https://' || host || '/offer/' || resource_id END AS target,
    (CAST(:categories AS text[]))[choice] AS category, (CAST(:lanes AS text[]))[choice] AS lane,
    (CAST(:dangers AS boolean[]))[choice] AS danger_now, (CAST(:priorities AS int[]))[choice] AS priority,
    (CAST(:languages AS text[]))[choice] AS language
FROM chosen
"""

_REPORTED = (
    """
    INSERT INTO resource (id, kind, canonical, host, domain, first_reported_at) OVERRIDING SYSTEM VALUE
    SELECT resource_id, kind, target, host, domain, seen_at FROM made""",
    """
    INSERT INTO "case" (id, reference, resource_id, state, lane, category, danger_now, priority, opened_at,
        queued_at, channels) OVERRIDING SYSTEM VALUE
    SELECT case_id, gen_random_uuid(), resource_id, :state, lane, category, danger_now, priority, seen_at, seen_at, 1
    FROM made""",
    """
    INSERT INTO report (id, reference, received_at, category, danger_now, language, lane, sealed, receipt_digest) OVERRIDING SYSTEM VALUE
    SELECT report_id, gen_random_uuid(), seen_at, category, danger_now, language, lane, :sealed, sha256(digest::bytea) FROM made""",
    "INSERT INTO sealed_keys.report_key (report_id, wrapped) SELECT report_id, :wrapped FROM made",
    "INSERT INTO case_report (case_id, report_id) SELECT case_id, report_id FROM made",
)

_LISTED = (
    """
    INSERT INTO round (id, case_id, number, opened_at, closed_at, outcome) OVERRIDING SYSTEM VALUE
    SELECT round_id, case_id, 1, seen_at, seen_at + interval '1 hour', :outcome FROM made""",
    """
    INSERT INTO decision (id, reference, round_id, case_id, outcome, scope, target, provision, territories, statement,
        first_id, second_id, third_id, decided_at) OVERRIDING SYSTEM VALUE
    SELECT decision_id, gen_random_uuid(), round_id, case_id, :outcome, scope, target, 'Made up for load', ARRAY['FR', 'DE'],
        '{"facts": "Made up for load.", "legal_ground": "None.", "explanation": "Made up for load."}',
        :first, :second, CASE WHEN wide THEN CAST(:third AS bigint) END, seen_at + interval '1 hour'
    FROM made""",
    """
    INSERT INTO listing (reference, decision_id, case_id, kind, scope, target, host, domain, category, territories,
        starts_at, review_at, expires_at, first_id, second_id, third_id)
    SELECT gen_random_uuid(), decision_id, case_id, kind, scope, target, host, domain, category, ARRAY['FR', 'DE'], starts_at,
        starts_at + CASE WHEN wide THEN CAST(:wide_review AS interval) ELSE :page_review END,
        starts_at + CASE WHEN wide THEN CAST(:wide_lifetime AS interval) ELSE :page_lifetime END,
        :first, :second, CASE WHEN wide THEN CAST(:third AS bigint) END
    FROM made CROSS JOIN LATERAL (SELECT seen_at + interval '1 hour' AS starts_at) AS time""",
    # No release would carry so many additions at once; nobody needs to turn keys for what was made up.
    """
    INSERT INTO held_entry (listing_id, because, reason, held_at, first_id, first_at, why, second_id, let_go_at)
    SELECT listing.id, 'growth', 'Made up for load', starts_at, :first, starts_at, 'Made up for load', :second, starts_at
    FROM made JOIN listing USING (case_id)""",
)


def fill(database: Database, keys: Keys, *, cases: int, entries: int, at: datetime) -> None:
    """Add waiting cases with a report each, and living listings with all that stands behind them: half names, half pages.

    Each batch is a transaction of its own; one that is cut short leaves the batches before it.
    """
    given = _given(database, keys, at=at)
    with click.progressbar(length=cases + entries, label="Filling") as bar:
        for size, state in _batches(cases, entries):
            with database.transaction() as session:
                _add(session, {**given, "size": size, "state": state}, listed=state is State.LISTED)
            bar.update(size)
    with database.transaction() as session:
        detail = {"cases": cases, "listings": entries}
        audit.record(session, actor=SYSTEM, action="made-up load added", subject="seed", at=at, detail=detail)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # Estimates from before would send the next queries the wrong way.
        connection.exec_driver_sql('ANALYZE resource, "case", report, sealed_keys.report_key, case_report, round, decision, listing')


def _batches(cases: int, entries: int) -> Iterator[tuple[int, State]]:
    for total, state in ((cases, State.WAITING), (entries, State.LISTED)):
        for start in range(0, total, BATCH):
            yield min(BATCH, total - start), state


def _add(session: Session, given: dict[str, Any], *, listed: bool) -> None:
    # A list that grew so fast today would let nobody list anything more (RS12).
    given = {**given, "aside": int(growth.DAY / timedelta(hours=1)) if listed else 0}
    for statement in (_MADE, *_REPORTED, *(_LISTED if listed else ())):
        session.execute(text(statement), given)


def _given(database: Database, keys: Keys, *, at: datetime) -> dict[str, Any]:
    """What the statements need: who decided, one sealed text for all, policy's times, and the mixes to draw from."""
    sealed = sealing.seal({"what": "made up", "more": "Made up for load."}, keys)
    with database.reading() as session:
        first, second, third = (person.person_id for person in reviewers(session))
    return {
        "first": first,
        "second": second,
        "third": third,
        "sealed": sealed.text,
        "wrapped": sealed.wrapped_identity,
        "hour": clock.to_the_hour(at),
        "outcome": Outcome.LIST,
        "page_review": policy.REVIEW_AFTER[Scope.PAGE],
        "wide_review": policy.REVIEW_AFTER[Scope.DOMAIN],
        "page_lifetime": policy.LISTING_LIFETIME[Scope.PAGE],
        "wide_lifetime": policy.LISTING_LIFETIME[Scope.DOMAIN],
        **_mixes(),
    }


def _mixes() -> dict[str, Any]:
    """Few in danger, few in the slower lane, all categories and languages; the same in each run."""
    draw = random.Random(20261124)  # noqa: S311 - load, not secrets
    urgencies = [
        Urgency(
            category=draw.choices(tuple(Category), weights=(30, 40, 5, 15, 10))[0],
            danger_now=draw.random() < 0.03,
            lane=draw.choices((Lane.STANDARD, Lane.SLOW), weights=(9, 1))[0],
        )
        for _ in range(CHOICES)
    ]
    return {
        "choices": CHOICES,
        "categories": [str(one.category) for one in urgencies],
        "lanes": [str(one.lane) for one in urgencies],
        "dangers": [one.danger_now for one in urgencies],
        "priorities": [one.priority for one in urgencies],
        "languages": draw.choices(("ar", "en", "es", "fr", "ru", "zh"), k=CHOICES),
    }
