"""What the rules say, the tables say too: for each constraint a copy of a good row that breaks it, and it alone."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import CheckConstraint, func, select, text
from sqlalchemy.exc import IntegrityError

from moderation import audit, growth, partners, publishing, queue, reviewing
from moderation.models import (
    AddressKey,
    Base,
    Consumer,
    ConsumerApplication,
    ConsumerKey,
    ConsumerPull,
    ConsumerSignIn,
    ConsumerToken,
    EmergencyDelisting,
    FalsePositive,
    HeldEntry,
    KnownHostRow,
    Listing,
    ReferralRow,
    Webhook,
    WebhookDelivery,
)
from moderation.vocabulary import (
    SYSTEM,
    ChildMaterial,
    EmergencyReason,
    HeldBecause,
    KeyKind,
    MessageKind,
    ReferralKind,
    Role,
    Scope,
    TakeoverReason,
    TransferAlgorithm,
)
from tests import builders
from tests.builders import NOON

PAGE, PATH, HOST, DOMAIN = (f"scope = '{scope}'" for scope in Scope)
WAITING, LISTED, OPEN, CLOSED = "state = 'waiting'", "state = 'listed'", "closed_at IS NULL", "closed_at IS NOT NULL"
FRESH = {"id": "-1", "reference": "gen_random_uuid()"}
ANY = "true"
GROWTH, UNFIT = (f"because = '{because}'" for because in (HeldBecause.GROWTH, HeldBecause.UNFIT))
INVITATION, KEY = (f"kind = '{kind}'" for kind in KeyKind)
DECLINED, UNDECIDED = "outcome = 'declined'", "outcome IS NULL"
QUESTION, ANSWER, ADDITION = (f"kind = '{kind}'" for kind in MessageKind)
EMPTY = dict.fromkeys(("sealed", "contact", "recipient", "receipt_recipient"), "NULL")

SECOND, NO_TARGET, SAID = "seat = 2", {"scope": "NULL", "target": "NULL"}, """good.answers || '{"child_material": "suspected"}'"""
SOON, LATER = "good.starts_at + interval '72 hours'", "good.starts_at + interval '72 hours 1 second'"
LIFTED = {"hold_until": "good.recorded_at + interval '1 day'", "hold_lifted_at": "now()", "hold_lifted_by": "good.recorded_by"}
RECEIPT = {"receipt_at": "good.recorded_at", "receipt_recorded_at": "good.recorded_at", "receipt_recorded_by": "good.recorded_by"}
NO_NAME = "'sealed:' || gen_random_uuid()::text"
LOOKED = {"reviewed_at": "now()", "was_right": "true"}

# Constraint, which good row, and what is changed in its copy, as SQL in which `good` is that row.
LISTINGS = [
    ("scope_known", PAGE, {"scope": "'country'"}),
    ("has_territories", PAGE, {"territories": "'[]'::jsonb"}),
    ("people_are_different", PAGE, {"second_id": "good.first_id"}),
    ("people_are_different", DOMAIN, {"third_id": "good.first_id"}),
    ("people_are_different", DOMAIN, {"third_id": "good.second_id"}),
    ("wide_needs_a_third", HOST, {"third_id": "NULL"}),
    ("wide_needs_a_third", DOMAIN, {"third_id": "NULL"}),
    ("domain_is_registrable", DOMAIN, {"target": "'www.' || good.domain"}),
    ("domain_is_registrable", DOMAIN, {"domain": "NULL"}),
    ("registrable_host_is_a_domain", HOST, {"target": "good.domain"}),
    ("wide_target_is_a_name", HOST, {"target": "'Jobs.test'"}),
    ("wide_target_is_a_name", HOST, {"target": "'jobs'"}),
    ("wide_target_is_a_name", HOST, {"target": "'*.jobs.test'"}),
    ("wide_target_is_a_name", HOST, {"target": "'https://www.jobs.test/'"}),
    ("wide_target_is_a_name", HOST, {"target": "'www..test'"}),
    ("wide_target_is_a_name", HOST, {"target": "'www.jobs.test' || chr(10) || 'other.test'"}),
    ("wide_target_is_a_name", HOST, {"target": "'[2001:db8::7]'"}),
    ("no_bare_address", HOST, {"target": "'192.0.2.7'"}),
    ("no_bare_address", HOST, {"target": "'0x7f.1'"}),
    ("no_bare_address", HOST, {"target": "'192.0.2.0x7'"}),
    ("no_bare_address", DOMAIN, {"target": "'0300.0.01007'", "domain": "'0300.0.01007'"}),
    ("no_root_of_an_address", PAGE, {"target": "'https://192.0.2.7/'"}),
    ("no_root_of_an_address", PAGE, {"target": "'http://192.0.2.7:443/?id=4'"}),
    ("no_root_of_an_address", PAGE, {"target": "'https://[2001:db8::7]/'"}),
    ("path_is_no_root", PATH, {"target": "'https://www.jobs.test/'"}),
    ("path_is_no_root", PATH, {"target": "'https://www.jobs.test:8443/'"}),
    ("path_ends_in_a_slash", PATH, {"target": "rtrim(good.target, '/')"}),
    ("path_ends_in_a_slash", PATH, {"target": "'www.jobs.test/offer/'"}),
    ("times_in_order", PAGE, {"expires_at": "good.starts_at", "review_at": "good.starts_at"}),
    ("times_in_order", PAGE, {"review_at": "good.starts_at"}),
    ("times_in_order", PAGE, {"review_at": "good.expires_at + interval '1 second'"}),
    ("expiry_within_policy", PAGE, {"expires_at": "good.starts_at + interval '4320 hours 1 second'"}),
    ("expiry_within_policy", PATH, {"expires_at": "good.starts_at + interval '4320 hours 1 second'"}),
    ("expiry_within_policy", HOST, {"expires_at": "good.starts_at + interval '2160 hours 1 second'"}),
    ("expiry_within_policy", DOMAIN, {"expires_at": "good.starts_at + interval '2160 hours 1 second'"}),
    ("temporary_is_short", PATH, {"temporary": "true", "review_at": SOON, "expires_at": SOON}),
    ("temporary_is_short", PAGE, {"temporary": "true", "review_at": SOON}),
    ("temporary_is_short", PAGE, {"temporary": "true", "review_at": LATER, "expires_at": LATER}),
    ("ended_has_its_cause", PAGE, {"ended_at": "now()"}),
    ("ended_has_its_cause", PAGE, {"ended_because": "'delisted'"}),
    ("withdrawn_after_release", PAGE, {"released_in": "NULL", "withdrawn_in": "2", "ended_at": "now()", "ended_because": "'delisted'"}),
    ("withdrawn_after_release", PAGE, {"withdrawn_in": "2"}),
]

SEATS = [
    ("seat_known", ANY, {"seat": "0"}),
    ("seat_known", ANY, {"seat": "4", "role": "'senior'"}),
    ("third_seat_is_senior", ANY, {"seat": "3", "role": "'moderator'"}),
    *(("role_reviews", ANY, {"seat": "1", "role": f"'{role}'"}) for role in ("volunteer", "auditor", "admin")),
    ("outcome_known", ANY, {"outcome": "'burnt'", "scope": "NULL", "target": "NULL"}),
    ("scope_known", ANY, {"scope": "'country'"}),
    ("listing_has_a_scope", ANY, {"scope": "NULL", "target": "NULL"}),
    ("listing_has_a_scope", ANY, {"outcome": "'not_listed'"}),
    ("temporary_is_a_page", HOST, {"outcome": "'list_temporary'"}),
    ("scope_has_a_target", ANY, {"target": "NULL"}),
    ("declares_independence", ANY, {"sent_none_of_the_reports": "false"}),
    ("later_seats_judge_a_proposal", SECOND, {"outcome": "'monitor'", **NO_TARGET}),
    ("later_seats_refer_what_they_suspect", SECOND, {"outcome": "'refer_hotline'", **NO_TARGET}),
    ("what_is_suspected_is_referred", ANY, {"outcome": "'reject_lawful'", "answers": SAID, **NO_TARGET}),
]

DECISIONS = [
    ("outcome_known", PAGE, {"outcome": "'burnt'", "scope": "NULL"}),
    ("scope_known", PAGE, {"scope": "'country'"}),
    ("listing_has_a_scope", PAGE, {"scope": "NULL"}),
    ("listing_has_a_scope", PAGE, {"outcome": "'not_listed'"}),
    ("temporary_is_a_page", PATH, {"outcome": "'list_temporary'"}),
    ("listing_has_two_people", PAGE, {"second_id": "NULL"}),
    ("listing_has_two_people", PAGE, {"outcome": "'list_temporary'", "second_id": "NULL"}),
    ("wide_listing_has_three_people", HOST, {"third_id": "NULL"}),
    ("wide_listing_has_three_people", DOMAIN, {"third_id": "NULL"}),
    ("people_are_different", PAGE, {"second_id": "good.first_id"}),
    ("people_are_different", DOMAIN, {"third_id": "good.first_id"}),
    ("people_are_different", DOMAIN, {"third_id": "good.second_id"}),
]

CASES = [
    ("state_known", WAITING, {"state": "'lost'", "closed_at": "now()", "holder_id": "NULL", "lease_until": "NULL"}),
    ("lane_known", WAITING, {"lane": "'fast'"}),
    ("closed_has_its_time", LISTED, {"closed_at": "now()"}),
    ("closed_has_its_time", WAITING, {"state": "'rejected'"}),
    ("a_holder_has_a_lease", WAITING, {"holder_id": "(SELECT min(id) FROM person)", "held_since": "now()"}),
    ("a_holder_has_a_beginning", WAITING, {"holder_id": "(SELECT min(id) FROM person)", "lease_until": "now()"}),
    ("a_holder_has_a_lease", WAITING, {"lease_until": "now()"}),
    ("only_reviewable_is_held", LISTED, {"holder_id": "(SELECT min(id) FROM person)", "lease_until": "now()", "held_since": "now()"}),
    ("parked_has_its_reason", WAITING, {"parked_until": "now()"}),
    ("parked_has_its_reason", WAITING, {"parked_because": "'until the hotline answers'"}),
    ("parked_waits_and_is_free", LISTED, {"parked_until": "now()", "parked_because": "'no'"}),
    ("a_date_has_its_reason", WAITING, {"due_at": "now()"}),
    ("a_date_has_its_reason", WAITING, {"due_for": "'monitor'"}),
    ("due_for_known", WAITING, {"due_for": "'fun'", "due_at": "now()"}),
    ("parked_has_its_date", WAITING, {"state": "'monitored'"}),
    ("a_duplicate_names_its_case", WAITING, {"state": "'duplicate'", "closed_at": "now()"}),
    ("a_duplicate_names_its_case", WAITING, {"duplicate_of_id": '(SELECT min(id) FROM "case")'}),
    ("a_duplicate_is_of_another", WAITING, {"state": "'duplicate'", "closed_at": "now()", "duplicate_of_id": "good.id"}),
]

BROKEN = {
    "listing": LISTINGS,
    "assessment": SEATS,
    "decision": DECISIONS,
    "case": CASES,
    "round": [
        ("closed_has_its_outcome", CLOSED, {"outcome": "NULL"}),
        ("closed_has_its_outcome", OPEN, {"outcome": "'list'"}),
        ("outcome_known", CLOSED, {"outcome": "'burnt'"}),
    ],
    "report": [
        ("category_known", ANY, {"category": "'other'"}),
        ("lane_known", ANY, {"lane": "'fast'"}),
        ("received_to_the_hour", ANY, {"received_at": "good.received_at + interval '1 second'"}),
        ("received_to_the_hour", ANY, {"received_at": "good.received_at + interval '30 minutes'"}),
        ("receipt_is_a_digest", ANY, {"receipt_digest": "'the code itself'"}),
        ("both_recipients_or_none", ANY, {"receipt_recipient": "NULL"}),
        ("both_recipients_or_none", ANY, {"recipient": "NULL"}),
        ("withdrawn_is_empty", ANY, {"withdrawn_at": "good.received_at"}),
        ("withdrawn_is_empty", ANY, {"withdrawn_at": "good.received_at", "sealed": "NULL", "contact": "NULL"}),
        ("withdrawn_to_the_hour", ANY, {"withdrawn_at": "good.received_at + interval '1 second'", **EMPTY}),
    ],
    "report_key": [
        ("shredded_or_wrapped", ANY, {"wrapped": "NULL"}),
        ("shredded_or_wrapped", ANY, {"shredded_at": "now()"}),
    ],
    "contact_key": [
        ("shredded_or_wrapped", ANY, {"wrapped": "NULL"}),
        ("shredded_or_wrapped", ANY, {"shredded_at": "now()"}),
    ],
    "address_key": [
        ("shredded_or_wrapped", ANY, {"wrapped": "NULL"}),
        ("shredded_or_wrapped", ANY, {"shredded_at": "now()"}),
    ],
    "resource": [
        ("no_address_is_left", ANY, {"sealed_at": "now()"}),
        ("no_address_is_left", ANY, {"erased_at": "now()"}),
        ("no_address_is_left", ANY, {"sealed_at": "now()", "canonical": NO_NAME}),
        ("no_address_is_left", ANY, {"sealed_at": "now()", "canonical": NO_NAME, "host": "NULL"}),
        ("no_address_is_left", ANY, {"sealed_at": "now()", "host": "NULL", "domain": "NULL"}),
        ("no_address_is_left", ANY, {"sealed_at": "now()", "host": "NULL", "domain": "NULL", "canonical": NO_NAME + " || good.canonical"}),
    ],
    "message": [
        ("kind_known", QUESTION, {"kind": "'greeting'"}),
        ("an_answer_has_its_question", ANSWER, {"answers_id": "NULL"}),
        ("an_answer_has_its_question", QUESTION, {"answers_id": "good.id"}),
        ("questions_have_a_case", QUESTION, {"case_id": "NULL"}),
        ("questions_have_a_case", ADDITION, {"case_id": '(SELECT max(id) FROM "case")'}),
        ("at_to_the_hour", QUESTION, {"at": "good.at + interval '1 minute'"}),
    ],
    "referral": [
        ("kind_known", ANY, {"kind": "'friends'"}),
        ("child_material_known", ANY, {"child_material": "'perhaps'"}),
        ("referred_before_recorded", ANY, {"referred_at": "good.recorded_at + interval '1 second'"}),
        ("only_police_hold", ANY, {"kind": "'support'", "hold_until": LIFTED["hold_until"]}),
        ("a_hold_has_an_end", ANY, {"hold_until": "good.recorded_at"}),
        ("lifted_by_somebody", ANY, {**LIFTED, "hold_lifted_by": "NULL"}),
        ("lifted_by_somebody", ANY, {**LIFTED, "hold_lifted_at": "NULL"}),
        ("only_a_hold_is_lifted", ANY, {**LIFTED, "hold_until": "NULL"}),
        ("only_hotlines_give_receipts", ANY, RECEIPT),
        ("receipt_whole", ANY, {"kind": "'hotline'", **RECEIPT, "receipt_recorded_by": "NULL"}),
        ("receipt_whole", ANY, {"kind": "'hotline'", **RECEIPT, "receipt_recorded_at": "NULL"}),
        ("receipt_after_referral", ANY, {"kind": "'hotline'", **RECEIPT, "receipt_at": "good.referred_at - interval '1 second'"}),
        ("receipt_before_recorded", ANY, {"kind": "'hotline'", **RECEIPT, "receipt_at": "good.recorded_at + interval '1 second'"}),
    ],
    "emergency_delisting": [
        ("reason_known", ANY, {"reason": "'a whim'"}),
        ("reviewed_after", ANY, {"review_due_at": "good.delisted_at"}),
        ("reviewed_by_another", ANY, {**LOOKED, "reviewed_by": "good.delisted_by"}),
        ("reviewed_whole", ANY, LOOKED),
        ("reviewed_whole", ANY, {"was_right": "true"}),
    ],
    "child_material_said": [("answer_known", ANY, {"answer": "'perhaps'"})],
    "takeover": [("two_people", ANY, {"from_id": "good.by_id"}), ("reason_known", ANY, {"because": "'ill'"})],
    "case_note": [("text_within_limit", ANY, {"text": "''"}), ("text_within_limit", ANY, {"text": "repeat('x', 2001)"})],
    "notice": [("sent_before_recorded", ANY, {"sent_at": "good.recorded_at + interval '1 second'"})],
    "known_host": [("rank_positive", ANY, {"rank": "0"}), ("protected_as_something", ANY, {"protected_as": "'health'"})],
    "person": [("email_lower_case", ANY, {"email": "'A@desk.example'"}), ("role_known", ANY, {"role": "'owner'"})],
    "release": [
        ("number_positive", ANY, {"number": "0"}),
        ("valid_a_day_at_most", ANY, {"valid_until": "good.published_at + interval '24 hours 1 second'"}),
        ("valid_a_day_at_most", ANY, {"valid_until": "good.published_at"}),
    ],
    "change_log": [("action_known", ANY, {"action": "'change'"})],
    "consumer_transfer_key": [
        ("name_is_a_label", ANY, {"name": "'a]b'"}),
        ("algorithm_known", ANY, {"algorithm": "'hmac-md5'"}),
        ("few_are_notified", ANY, {"notify": "to_jsonb(array_fill('192.0.2.53@53'::text, ARRAY[9]))"}),
        ("notify_are_addresses", ANY, {"notify": "jsonb_build_array('192.0.2.53; }')"}),
        ("times_in_order", ANY, {"revoked_at": "good.created_at - interval '1 second'"}),
    ],
    "transfer_secret": [
        ("shredded_or_wrapped", ANY, {"wrapped": "NULL"}),
        ("shredded_or_wrapped", ANY, {"shredded_at": "now()"}),
    ],
    "consumer": [("few_networks", ANY, {"allowed_networks": "(SELECT jsonb_agg(n::text) FROM generate_series(1, 101) AS n)"})],
    "consumer_token": [("is_a_digest", ANY, {"digest": "'the token itself'"}), ("has_scopes", ANY, {"scopes": "'[]'::jsonb"})],
    "consumer_application": [
        ("outcome_known", DECLINED, {"outcome": "'maybe'"}),
        ("decided_whole", DECLINED, {"decided_at": "NULL"}),
        ("decided_whole", DECLINED, {"decided_by_id": "NULL"}),
        ("decided_whole", UNDECIDED, {"decided_at": "now()"}),
        ("approved_has_its_consumer", DECLINED, {"outcome": "'approved'"}),
        ("approved_has_its_consumer", UNDECIDED, {"consumer_id": "(SELECT min(id) FROM consumer)"}),
        ("declined_has_its_reason", DECLINED, {"reason": "''"}),
        ("times_in_order", DECLINED, {"decided_at": "good.created_at - interval '1 second'"}),
    ],
    "consumer_key": [
        ("is_a_digest", INVITATION, {"digest": "'the key itself'"}),
        ("kind_known", KEY, {"kind": "'password'"}),
        ("an_invitation_expires", INVITATION, {"expires_at": "NULL"}),
        ("an_invitation_expires", KEY, {"expires_at": "now()"}),
        ("times_in_order", INVITATION, {"expires_at": "good.created_at"}),
        ("times_in_order", KEY, {"ended_at": "good.created_at - interval '1 second'"}),
    ],
    "consumer_sign_in": [
        ("is_a_digest", ANY, {"token_digest": "'the cookie itself'"}),
        ("times_in_order", ANY, {"ends_at": "good.created_at"}),
        ("times_in_order", ANY, {"seen_at": "good.created_at - interval '1 second'"}),
    ],
    "consumer_pull": [("serial_positive", ANY, {"serial": "0"})],
    "false_positive": [
        ("why_within_limit", ANY, {"why": "repeat('x', 2001)"}),
        ("contact_within_limit", ANY, {"contact": "repeat('x', 201)"}),
        ("times_in_order", ANY, {"review_due_at": "good.asked_at"}),
    ],
    "webhook": [
        ("url_within_limit", ANY, {"url": "'https://a.test/' || repeat('x', 500)"}),
        ("url_is_plain", ANY, {"url": "'https://a.test/' || chr(13)"}),
        ("url_is_plain", ANY, {"url": "'ftp://a.test/'"}),
        ("told_up_to_a_serial", ANY, {"told_up_to": "-1"}),
        ("disabled_has_its_cause", ANY, {"disabled_at": "now()"}),
        ("cause_known", ANY, {"disabled_at": "now()", "disabled_because": "'slow'"}),
        ("times_in_order", ANY, {"ended_at": "good.created_at - interval '1 second'"}),
    ],
    "webhook_delivery": [
        ("range_whole", ANY, {"since": "NULL"}),
        ("range_in_order", ANY, {"since": "good.serial"}),
        ("range_in_order", ANY, {"since": "-1"}),
        ("attempts_counted", ANY, {"attempts": "-1"}),
        ("waits_or_ended", ANY, {"next_at": "NULL"}),
        ("waits_or_ended", ANY, {"delivered_at": "now()"}),
        ("status_known", ANY, {"status": "99"}),
        ("one_outcome", ANY, {"status": "200", "fault": "'time'"}),
    ],
    "partner_token": [
        ("is_a_digest", ANY, {"digest": "'the token itself'"}),
        ("has_scopes", ANY, {"scopes": "'[]'::jsonb"}),
        ("times_in_order", ANY, {"expires_at": "good.created_at"}),
    ],
    "request_key": [
        ("are_digests", ANY, {"body_digest": "'the body itself'"}),
        ("are_digests", ANY, {"digest": "'the key itself'"}),
        ("kept_to_the_hour", ANY, {"kept_until": "good.kept_until + interval '1 second'"}),
    ],
    "upload": [
        ("ticket_is_a_digest", ANY, {"ticket_digest": "'the ticket itself'"}),
        ("counts_in_order", ANY, {"done": "good.rows + 1"}),
        ("counts_in_order", ANY, {"refused": "good.done + 1"}),
        ("nothing_lies_about_when_finished", ANY, {"finished_at": "now()", "results": "'sealed'"}),
        ("finished_has_its_results", ANY, {"finished_at": "now()", "sealed": "NULL"}),
    ],
    "growth_permission": [
        ("two_people", ANY, {"second_id": "good.first_id"}),
        ("second_key_is_whole", ANY, {"agreed_at": "NULL"}),
        ("keys_in_order", ANY, {"asked_at": "good.agreed_at + interval '1 second'"}),
        ("delay_is_kept", ANY, {"starts_at": "good.starts_at - interval '1 second'", "ends_at": "good.starts_at + interval '1 hour'"}),
        ("ends_by_itself", ANY, {"ends_at": "good.ends_at + interval '1 second'"}),
        ("entries_within_policy", ANY, {"entries": "5001"}),
        ("taken_back_by_somebody", ANY, {"taken_back_at": "now()"}),
    ],
    "held_entry": [
        ("because_known", GROWTH, {"because": "'too fast'"}),
        ("first_key_is_whole", UNFIT, {"because": "'growth'", "first_id": "(SELECT min(id) FROM person)"}),
        ("first_key_is_whole", GROWTH, {"why": "''"}),
        ("second_key_is_whole", GROWTH, {"let_go_at": "NULL"}),
        ("two_people", GROWTH, {"second_id": "good.first_id"}),
        ("two_people", GROWTH, {"first_id": "NULL", "first_at": "NULL", "why": "''"}),
        ("keys_in_order", GROWTH, {"first_at": "good.let_go_at + interval '1 second'"}),
        ("only_unfit_becomes_fit", GROWTH, {"fit_at": "now()"}),
        ("only_growth_is_let_go", GROWTH, {"because": "'unfit'"}),
    ],
    "audit_seal": [
        ("digests", ANY, {"digest": "'short'"}),
        ("digests", ANY, {"previous": "'short'"}),
        ("seals_something", ANY, {"rows": "'[]'::jsonb"}),
    ],
}

SOMEBODY_ELSE = "SELECT min(id) FROM person WHERE id NOT IN (SELECT moderator_id FROM assessment WHERE round_id = good.round_id)"
ONCE = [
    ("uq_case_open_resource", "case", WAITING, FRESH),
    ("uq_listing_living_target", "listing", PAGE, FRESH),
    ("uq_held_entry_listing_id", "held_entry", UNFIT, {"id": "-1"}),
    ("uq_round_open", "round", OPEN, {"id": "-1", "number": "9"}),
    ("uq_assessment_round_id_seat", "assessment", ANY, {"id": "-1", "moderator_id": f"({SOMEBODY_ELSE})"}),
    ("uq_assessment_round_id_moderator_id", "assessment", "seat = 1", {"id": "-1", "seat": "3", "role": "'senior'"}),
    ("uq_decision_round_id", "decision", ANY, FRESH),
    ("uq_audit_seal_previous", "audit_seal", ANY, {"id": "-1"}),
    ("uq_report_receipt_digest", "report", ANY, FRESH),
    ("uq_resource_kind_canonical", "resource", ANY, {"id": "-1"}),
    ("uq_person_email", "person", ANY, FRESH),
    ("uq_false_positive_consumer_id_listing_id", "false_positive", ANY, FRESH),
    ("uq_consumer_key_living", "consumer_key", KEY, {"id": "-1", "digest": "sha256(good.digest)"}),
]


@pytest.fixture(scope="module")
def story(shared_database):
    """A good row in each table that has a constraint, and a listing of each scope; built once, for no test leaves anything in it."""
    with shared_database.sessions() as session:
        tell(session)
        yield session
        session.rollback()


def tell(session):
    for number, scope in enumerate(Scope):
        builders.listed(session, f"https://www.jobs{number}.test/offer/7", scope)
    waiting, moderator = builders.case(session, "https://waiting.test/"), builders.person(session)
    reviewing.record_notice(session, waiting.reference, "the host", "ticket 7", NOON, by=moderator, at=NOON)
    reviewing.write_note(session, waiting.reference, "The host answers by telephone.", by=moderator, at=NOON)
    builders.propose(session, builders.case(session), moderator)
    builders.conversation(session)
    taken = builders.claimed(session, builders.case(session, "https://taken.test/"), moderator)
    queue.take_over(session, taken.reference, TakeoverReason.AWAY, by=builders.person(session, Role.SENIOR), at=NOON)
    reviewing.say_child_material(session, waiting.reference, ChildMaterial.NO, by=moderator, at=NOON)
    session.add(
        ReferralRow(
            reference=uuid.uuid4(),
            case_id=waiting.id,
            kind=ReferralKind.POLICE,
            recipient="the police",
            country="FR",
            passed_on="the address",
            referred_at=NOON,
            recorded_at=NOON,
            recorded_by=moderator.person_id,
        )
    )
    session.add(
        EmergencyDelisting(
            listing_id=session.scalars(select(Listing.id).limit(1)).one(),
            reason=EmergencyReason.WRONG_TARGET,
            delisted_by=moderator.person_id,
            delisted_at=NOON,
            review_due_at=NOON + timedelta(days=2),
        )
    )
    session.add(AddressKey(resource_id=1, wrapped=b"wrapped"))
    session.add(KnownHostRow(host="known.test", host_class="bank", source="a list", rank=1))
    isp = publishing.add_consumer(session, "ISP", token_digest=b"d" * 32, reference=uuid.uuid4(), address_formats=(), by=SYSTEM, at=NOON)
    key = {"name": "flagstone-1", "algorithm": TransferAlgorithm.HMAC_SHA256, "wrapped": b"wrapped", "desk_key": "desk"}
    publishing.add_transfer_key(session, isp.reference, **key, by=SYSTEM, at=NOON)
    networks(session, moderator)
    partner = builders.partner(session)
    partners.is_first(session, b"k" * 32, b"b" * 32, kept_until=NOON)
    partners.keep(session, partner, ticket_digest=b"t" * 32, sealed=b"rows", rows=7, reference=uuid.uuid4(), at=NOON)
    permission = uuid.uuid4()
    growth.ask(session, "Forty pages are ready.", 40, reference=permission, by=builders.person(session, Role.SENIOR), at=NOON)
    growth.agree(session, permission, by=builders.person(session, Role.ADMIN), at=NOON)
    publishing.release(session, at=NOON)
    held_back(session)
    audit.seal(session, at=NOON)
    session.flush()


def networks(session, admin):
    """What hangs on a consumer: two applications, an invitation and a key, a sign-in, and what it pulled."""
    consumer, token = session.scalars(select(Consumer.id)).one(), session.scalars(select(ConsumerToken.id)).one()
    texts = ("organisation", "contact_name", "contact_email", "territory", "software", "purpose")
    asked = {**dict.fromkeys(texts, "typed"), "formats": [], "created_at": NOON}
    decided = {"outcome": "declined", "reason": "Nobody knows them.", "decided_at": NOON, "decided_by_id": admin.person_id}
    session.add_all(ConsumerApplication(reference=uuid.uuid4(), **asked, **more) for more in ({}, decided))
    until = NOON + timedelta(days=7)
    session.add(ConsumerKey(consumer_id=consumer, digest=b"i" * 32, kind=KeyKind.INVITATION, created_at=NOON, expires_at=until))
    session.add(ConsumerKey(consumer_id=consumer, digest=b"k" * 32, kind=KeyKind.KEY, created_at=NOON))
    session.add(ConsumerSignIn(consumer_id=consumer, token_digest=b"s" * 32, created_at=NOON, seen_at=NOON, ends_at=until))
    session.add(ConsumerPull(token_id=token, file="hosts.txt", serial=1, pulled_at=NOON))
    listing = session.scalars(select(func.min(Listing.id))).one()
    told = {"consumer_id": consumer, "listing_id": listing, "why": "It is a hospital.", "asked_at": NOON, "review_due_at": until}
    session.add(FalsePositive(reference=uuid.uuid4(), **told))
    hook = Webhook(reference=uuid.uuid4(), consumer_id=consumer, url="https://a.test/", sealed_secret=b"s", told_up_to=0, created_at=NOON)
    session.add(hook)
    session.flush()
    session.add(WebhookDelivery(reference=uuid.uuid4(), webhook_id=hook.id, since=0, serial=1, made_at=NOON, next_at=NOON))
    session.flush()


def held_back(session):
    """One entry that two people let go, and one that may never go out."""
    one, other = (builders.person(session, Role.SENIOR) for _ in range(2))
    first, second = session.scalars(select(Listing.id).order_by(Listing.id).limit(2))
    keys = {"first_id": one.person_id, "first_at": NOON, "why": "Looked at.", "second_id": other.person_id, "let_go_at": NOON}
    session.add(HeldEntry(listing_id=first, because=HeldBecause.GROWTH, reason="Too fast", held_at=NOON, **keys))
    session.add(HeldEntry(listing_id=second, because=HeldBecause.UNFIT, reason="No name", held_at=NOON))
    session.flush()


def broken_by(session, table, which, changes):
    """The constraint that refuses a copy of a good row with these changes, "" where it is taken."""
    schema = next(known for known in Base.metadata.tables.values() if known.name == table)
    place, written = schema.fullname.replace(".", '"."'), [column.name for column in schema.columns if column.computed is None]
    pairs = ", ".join(f"'{column}', {value}" for column, value in changes.items())
    copy = f'SELECT jsonb_populate_record(good, jsonb_build_object({pairs})) AS made FROM "{place}" AS good WHERE {which} LIMIT 1'
    copied = f"({', '.join(written)}) OVERRIDING SYSTEM VALUE SELECT {', '.join(f'(made).{name}' for name in written)} FROM ({copy}) AS one"
    attempt = session.begin_nested()
    try:
        stored = session.execute(text(f'INSERT INTO "{place}" {copied}'))
        assert stored.rowcount == 1, "there was no such row to copy"
    except IntegrityError as refused:
        return refused.orig.diag.constraint_name
    finally:
        attempt.rollback()
    return ""


@pytest.mark.parametrize(
    ("table", "name", "which", "changes"),
    [
        pytest.param(table, name, which, changes, id=f"{table} {name} {' '.join(changes)} {which}")
        for table, cases in BROKEN.items()
        for name, which, changes in cases
    ],
)
def test_a_row_that_breaks_a_rule_is_refused(story, table, name, which, changes):
    assert broken_by(story, table, which, changes) == f"ck_{table}_{name}"


@pytest.mark.parametrize(("constraint", "table", "which", "changes"), ONCE, ids=[constraint for constraint, *_ in ONCE])
def test_what_can_be_there_once_is_there_once(story, constraint, table, which, changes):
    assert broken_by(story, table, which, changes) == constraint


def test_every_check_of_the_schema_is_broken_here_once():
    checks = {
        (table.name, str(check.name).removeprefix(f"ck_{table.name}_"))
        for table in Base.metadata.tables.values()
        for check in table.constraints
        if isinstance(check, CheckConstraint)
    }
    assert checks == {(table, name) for table, cases in BROKEN.items() for name, _, _ in cases}


def test_an_ended_listing_makes_room_for_another_of_the_same_target(story):
    ended = {**FRESH, "ended_at": "now()", "ended_because": "'expired'"}
    assert broken_by(story, "listing", PAGE, ended) == ""
