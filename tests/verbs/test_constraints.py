"""What the rules forbid the database refuses too, so that no later code path can get around them."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import CheckConstraint, insert, select
from sqlalchemy.exc import IntegrityError

from moderation.models import (
    Assessment,
    Base,
    Listing,
    Person,
)
from moderation.vocabulary import Role, Scope
from tests import builders
from tests.builders import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WIDE = {"scope": "domain", "target": "jobs.test", "expires_at": NOON + 90 * DAY, "review_at": NOON + 60 * DAY}
PLACE = {"scope": None, "target": None}

BROKEN = [
    ("person_email_lower_case", {"email": "Ada@desk.example"}),
    ("person_role_known", {"role": "king"}),
    ("case_state_known", {"state": "lost", "closed_at": NOON}),
    ("case_lane_known", {"lane": "fast"}),
    ("case_closed_has_its_time", {"closed_at": NOON}),
    ("case_closed_has_its_time", {"state": "rejected", "closed_at": None}),
    ("case_a_holder_has_a_lease", {"lease_until": NOON}),
    ("case_only_reviewable_is_held", {"state": "listed", "holder_id": 1, "lease_until": NOON}),
    ("report_category_known", {"category": "boring"}),
    ("report_lane_known", {"lane": "fast"}),
    ("report_received_to_the_hour", {"received_at": NOON + timedelta(minutes=1)}),
    ("report_receipt_is_a_digest", {"receipt_digest": b"the code itself"}),
    ("report_key_shredded_or_wrapped", {"wrapped": None}),
    ("report_key_shredded_or_wrapped", {"shredded_at": NOON}),
    ("notice_sent_before_recorded", {"sent_at": NOON + HOUR}),
    ("known_host_rank_positive", {"rank": 0}),
    ("round_closed_has_its_outcome", {"outcome": None}),
    ("round_outcome_known", {"outcome": "perhaps"}),
    ("assessment_seat_known", {"seat": 4, "role": "senior"}),
    ("assessment_seat_known", {"seat": 0}),
    ("assessment_third_seat_is_senior", {"seat": 3}),
    ("assessment_role_reviews", {"role": "auditor"}),
    ("assessment_outcome_known", {"outcome": "perhaps", **PLACE}),
    ("assessment_scope_known", {"scope": "planet"}),
    ("assessment_listing_has_a_scope", PLACE),
    ("assessment_listing_has_a_scope", {"outcome": "reject_lawful"}),
    ("assessment_scope_has_a_target", {"target": None}),
    ("assessment_declares_independence", {"sent_none_of_the_reports": False}),
    ("decision_outcome_known", {"outcome": "perhaps", **PLACE}),
    ("decision_scope_known", {"scope": "planet"}),
    ("decision_listing_has_a_scope", {"scope": None}),
    ("decision_listing_has_two_people", {"second_id": None}),
    ("decision_wide_listing_has_three_people", {"scope": "host"}),
    ("decision_people_are_different", {"second_id": 1}),
    ("decision_people_are_different", {"third_id": 1}),
    ("decision_people_are_different", {"third_id": 2}),
    ("listing_scope_known", {"scope": "planet"}),
    ("listing_has_territories", {"territories": []}),
    ("listing_people_are_different", {"second_id": 1}),
    ("listing_people_are_different", {"third_id": 1}),
    ("listing_people_are_different", {"third_id": 2}),
    ("listing_wide_needs_a_third", WIDE),
    ("listing_wide_needs_a_third", {**WIDE, "scope": "host", "target": "www.jobs.test"}),
    ("listing_domain_is_registrable", {**WIDE, "third_id": 3, "target": "www.jobs.test"}),
    ("listing_domain_is_registrable", {**WIDE, "third_id": 3, "domain": None}),
    ("listing_registrable_host_is_a_domain", {**WIDE, "third_id": 3, "scope": "host"}),
    ("listing_wide_target_is_a_name", {**WIDE, "third_id": 3, "scope": "host", "target": "*.jobs.test"}),
    ("listing_wide_target_is_a_name", {**WIDE, "third_id": 3, "target": "test", "domain": "test"}),
    ("listing_wide_target_is_a_name", {**WIDE, "third_id": 3, "scope": "host", "target": "www.jobs.test."}),
    ("listing_no_bare_address", {**WIDE, "third_id": 3, "scope": "host", "target": "192.0.2.1"}),
    ("listing_path_ends_in_a_slash", {"scope": "path", "target": "https://jobs.test/offer"}),
    ("listing_times_in_order", {"review_at": NOON}),
    ("listing_times_in_order", {"review_at": NOON + 181 * DAY}),
    ("listing_expiry_within_policy", {"expires_at": NOON + 180 * DAY + HOUR}),
    ("listing_expiry_within_policy", {**WIDE, "third_id": 3, "expires_at": NOON + 90 * DAY + HOUR}),
    ("listing_ended_has_its_cause", {"ended_at": NOON}),
    ("listing_ended_has_its_cause", {"ended_because": "delisted"}),
    ("listing_withdrawn_after_release", {"withdrawn_in": 2, "ended_at": NOON, "ended_because": "delisted"}),
    ("listing_withdrawn_after_release", {"released_in": 1, "withdrawn_in": 2}),
    ("release_number_positive", {"number": 0}),
    ("release_valid_a_day_at_most", {"valid_until": NOON + timedelta(hours=24, seconds=1)}),
    ("release_valid_a_day_at_most", {"valid_until": NOON}),
    ("change_log_action_known", {"action": "replace"}),
    ("consumer_token_is_a_digest", {"digest": b"the token itself"}),
    ("audit_seal_digests", {"digest": b"short"}),
    ("audit_seal_digests", {"previous": b"short"}),
    ("audit_seal_seals_something", {"rows": []}),
]

NAMES = {model.__tablename__: model for model in (mapper.class_ for mapper in Base.registry.mappers)}


def row(table: str) -> dict:
    """A row that the database takes, but for the keys it points to: CHECKs come before those."""
    seat = {"round_id": 1, "seat": 1, "moderator_id": 1, "role": "moderator", "outcome": "list", "answers": {}, "findings": []}
    covers = {"kind": "web_page", "scope": "page", "target": "https://jobs.test/offer/7", "host": "jobs.test", "category": "labour"}
    digest = bytes(32)
    return {
        "person": {"reference": uuid.uuid4(), "email": "a@desk.example", "name": "A", "role": "admin", "password_hash": ""}
        | {"sealed_code_secret": b"", "created_at": NOON},
        "case": {"reference": uuid.uuid4(), "resource_id": 1, "state": "waiting", "lane": "standard", "category": "labour"}
        | {"priority": 1, "opened_at": NOON},
        "report": {"reference": uuid.uuid4(), "received_at": NOON, "category": "labour", "danger_now": False, "language": "en"}
        | {"lane": "standard", "receipt_digest": digest},
        "report_key": {"report_id": 1, "wrapped": b"wrapped"},
        "notice": {"case_id": 1, "recipient": "host", "proof": "ticket", "sent_at": NOON, "recorded_at": NOON, "recorded_by": 1},
        "known_host": {"host": "jobs.test", "host_class": "bank", "source": "a list", "rank": 1},
        "round": {"case_id": 1, "number": 1, "opened_at": NOON, "closed_at": NOON, "outcome": "list"},
        "assessment": seat | {"scope": "page", "target": covers["target"], "sent_none_of_the_reports": True, "made_at": NOON},
        "decision": {"reference": uuid.uuid4(), "round_id": 1, "case_id": 1, "outcome": "list", "scope": "page"}
        | {"target": covers["target"], "territories": [], "statement": {}, "first_id": 1, "second_id": 2, "decided_at": NOON},
        "listing": {"reference": uuid.uuid4(), "decision_id": 1, "case_id": 1, "domain": "jobs.test", "territories": ["FR"]}
        | {"starts_at": NOON, "review_at": NOON + 90 * DAY, "expires_at": NOON + 180 * DAY, "first_id": 1, "second_id": 2, **covers},
        "release": {"number": 1, "published_at": NOON, "valid_until": NOON + DAY, "entries": 0, "added": 0, "removed": 0},
        "change_log": {"release_number": 1, "action": "add", "listing_reference": "x", "territories": ["FR"], **covers}
        | {"listed_at": NOON, "expires_at": NOON + DAY},
        "consumer_token": {"consumer_id": 1, "digest": digest, "created_at": NOON},
        "audit_seal": {"rows": [1], "last_row": 1, "digest": digest, "previous": digest, "sealed_at": NOON},
    }[table]


def table_of(name: str) -> str:
    return max((table for table in NAMES if name.startswith(f"{table}_")), key=len)


def refusal_of(session, table: str, values: dict) -> str:
    """The name of the constraint that refuses this row, "" where none does."""
    try:
        with session.begin_nested():
            session.execute(insert(NAMES[table]).values(**values))
    except IntegrityError as refused:
        return refused.orig.diag.constraint_name
    return ""


@pytest.mark.parametrize(("name", "changes"), BROKEN, ids=[f"{name}-{number}" for number, (name, _) in enumerate(BROKEN)])
def test_the_database_refuses_a_row_that_breaks_the_rule(session, name, changes):
    table = table_of(name)
    assert refusal_of(session, table, row(table) | changes) == f"ck_{name}"


@pytest.mark.parametrize("table", sorted({table_of(name) for name, _ in BROKEN}))
def test_the_same_row_unbroken_breaks_no_check(session, table):
    assert not refusal_of(session, table, row(table)).startswith("ck_")


def test_every_check_in_the_schema_is_broken_here_once():
    checks = {str(one.name) for table in Base.metadata.tables.values() for one in table.constraints if isinstance(one, CheckConstraint)}
    assert checks == {f"ck_{name}" for name, _ in BROKEN}


def copied(session, found, **changes) -> dict:
    """The row's values, to insert again."""
    columns = {attribute.key for attribute in type(found).__mapper__.column_attrs} - {"id"}
    return {name: getattr(found, name) for name in columns} | {"reference": uuid.uuid4()} | changes


def test_the_same_target_is_listed_once_at_a_time(session):
    builders.listed(session)
    listing = session.scalars(select(Listing)).one()
    assert refusal_of(session, "listing", copied(session, listing)) == "uq_listing_living_target"
    assert refusal_of(session, "listing", copied(session, listing, ended_at=NOON, ended_because="delisted")) == ""


def test_a_resource_has_one_open_case_at_most(session):
    case = builders.case(session)
    assert refusal_of(session, "case", copied(session, case)) == "uq_case_open_resource"
    assert refusal_of(session, "case", copied(session, case, state="rejected", closed_at=NOON)) == ""


def test_a_case_has_one_open_round_at_most(session):
    case = builders.case(session)
    builders.propose(session, case, builders.person(session))
    second = {"case_id": case.id, "number": 2, "opened_at": NOON}
    assert refusal_of(session, "round", second) == "uq_round_open"


def test_a_round_has_each_seat_and_each_person_once(session):
    case = builders.case(session)
    builders.propose(session, case, builders.person(session))
    taken = copied(session, session.scalars(select(Assessment)).one())
    del taken["reference"]
    other = builders.person(session).person_id
    assert refusal_of(session, "assessment", taken | {"moderator_id": other}) == "uq_assessment_round_id_seat"
    assert refusal_of(session, "assessment", taken | {"seat": 2}) == "uq_assessment_round_id_moderator_id"


def test_what_the_verbs_write_for_a_whole_domain_satisfies_every_rule(session):
    builders.listed(session, "https://jobs.test/offer/7", Scope.DOMAIN)
    listing = session.scalars(select(Listing)).one()
    assert (listing.target, listing.domain, listing.third_id is None) == ("jobs.test", "jobs.test", False)
    assert session.scalars(select(Person.role).where(Person.id == listing.third_id)).one() == Role.SENIOR
